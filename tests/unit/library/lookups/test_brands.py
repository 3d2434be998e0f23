"""Brand names of a full list: those of our drugs, those of others, and those that stay open."""

from functools import cache

from support.cases.run import library
from support.changed_documents import shipped, shipped_names

from service.errors import Mistake
from service.fhir.terminology.full_lists import FullLists
from service.library.documents.folders import read_one
from service.library.lookups.brands import Brands, brands
from service.library.lookups.full_list_documents import full_lists, read_tables
from service.library.shapes import CodeSystemsShape

NAMES = {
    "NEWBRAND": "DUPILUMAB@SUBCUTANEOUS",
    "OTHERBRAND": "ASPIRIN@ORAL",
    "BIOBRAND": "NOVELUMAB@SUBCUTANEOUS",
}


@cache
def lists() -> FullLists | None:
    mistakes: list[Mistake] = []
    systems = read_one(shipped(), "code_systems.yaml", CodeSystemsShape, mistakes)
    assert systems is not None
    held = (entry for entries in library().terminology.by_code.values() for entry in entries)
    return full_lists(read_tables(shipped(), mistakes), shipped_names().value_sets, systems, held)


def sorted_names(texts: tuple[str, ...] = (), no_names: tuple[str, ...] = ()) -> Brands:
    return brands(NAMES, lists(), texts, no_names)


def test_name_is_of_our_drug_of_another_or_open() -> None:
    named = sorted_names()
    assert [name for name, _ in named.ours] == ["NEWBRAND"]
    assert all(entry.question for _, entries in named.ours for entry in entries)
    assert named.others == ("OTHERBRAND",)


def test_name_that_is_known_already_or_is_no_name_is_left_out() -> None:
    assert sorted_names(texts=("newbrand",)).ours == ()
    assert sorted_names(no_names=("OTHERBRAND",)).others == ()


def test_without_full_lists_no_name_is_known() -> None:
    assert brands(NAMES, None, (), ()) == Brands()
