"""The documents of a content folder: read, found by folder, and missed where they should be."""

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from service.errors import Mistake
from service.library.documents.folders import (
    Documents,
    check_places,
    read_documents,
    read_one,
    read_optional,
    read_shapes,
    unknown,
)
from service.library.documents.yaml import document_at


class Thing(BaseModel):
    """A document with a name."""

    model_config = ConfigDict(extra="forbid")
    thing: str


def laid_out(content: Path, **files: str) -> Documents:
    for place, text in files.items():
        path = content / f"{place.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return read_documents(content)


def test_documents_are_found_by_their_folder_however_deep(tmp_path: Path) -> None:
    documents = laid_out(
        tmp_path, mappings__facts__ad__b="x: 1", mappings__facts__a="x: 2", cards__c="x: 3"
    )
    assert [one.file for one in documents.below("mappings/facts")] == [
        "mappings/facts/a.yaml",
        "mappings/facts/ad/b.yaml",
    ]
    assert documents.files_in("mappings/facts") == ["a.yaml"]
    assert documents.below("mappings/fact") == ()


def test_changed_and_removed_documents_leave_the_others_alone(tmp_path: Path) -> None:
    documents = laid_out(tmp_path, mappings__facts__a="x: 1", mappings__units="x: 2")
    other = document_at(tmp_path / "mappings/units.yaml", "mappings/facts/a.yaml")
    changed = documents.changed({"mappings/facts/a.yaml": other})
    assert changed.read["mappings/facts/a.yaml"].data == {"x": 2}
    assert documents.read["mappings/facts/a.yaml"].data == {"x": 1}
    without = documents.without("mappings/facts")
    assert [*without.read] == ["mappings/units.yaml"]
    assert without.files == ("mappings/units.yaml",)


def test_folder_holds_sound_documents_and_knows_the_names_of_unsound_ones(tmp_path: Path) -> None:
    documents = laid_out(
        tmp_path,
        mappings__facts__a="thing: a",
        mappings__facts__b="{thing: bee, odd: 1}",
        mappings__facts__sub__c="- 1",
    )
    mistakes: list[Mistake] = []
    folder = read_shapes(documents, "facts", Thing, "thing", mistakes)
    assert folder.shapes == {"a": Thing(thing="a")}
    assert folder.unsound == {"bee", "c", "sub.c"}
    assert sorted({one.file for one in mistakes}) == [
        "mappings/facts/b.yaml",
        "mappings/facts/sub/c.yaml",
    ]


def test_name_that_two_documents_give_themselves_is_a_mistake(tmp_path: Path) -> None:
    documents = laid_out(tmp_path, mappings__facts__a="thing: x", mappings__facts__b="thing: x")
    mistakes: list[Mistake] = []
    read_shapes(documents, "facts", Thing, "thing", mistakes)
    assert list(map(str, mistakes)) == [
        "mappings/facts/b.yaml:1: 'x' stands already in mappings/facts/a.yaml"
    ]


@pytest.mark.parametrize(
    ("folder", "says"), [("facts", ["mappings/facts:1: no document here"]), ("notes", [])]
)
def test_empty_folder_is_a_mistake_unless_it_may_be_empty(
    tmp_path: Path, folder: str, says: list[str]
) -> None:
    mistakes: list[Mistake] = []
    read = read_shapes(laid_out(tmp_path), folder, Thing, "thing", mistakes).read
    assert read == {}
    assert list(map(str, mistakes)) == says


def test_single_document_may_be_needed_or_left_out(tmp_path: Path) -> None:
    documents = laid_out(tmp_path, mappings__units="thing: x")
    mistakes: list[Mistake] = []
    assert read_one(documents, "units.yaml", Thing, mistakes) == Thing(thing="x")
    assert read_optional(documents, "gaps.yaml", Thing, mistakes) is None
    assert mistakes == []
    assert read_one(documents, "timings.yaml", Thing, mistakes) is None
    assert list(map(str, mistakes)) == ["mappings/timings.yaml:1: this file is missing"]


def test_files_and_folders_that_nothing_reads_are_mistakes(tmp_path: Path) -> None:
    documents = laid_out(
        tmp_path, mappings__fact__a="x: 1", mappings__unit="x: 1", mappings__units="x: 1"
    )
    (tmp_path / "mappings/facts").mkdir()
    (tmp_path / "mappings/facts/a.yml").write_text("x: 1", encoding="utf-8")
    (tmp_path / "mappings/.hidden").mkdir()
    assert list(map(str, check_places(documents))) == [
        "mappings/fact:1: nothing is read from here; did you mean 'facts'?",
        "mappings/unit.yaml:1: nothing is read from here; did you mean 'units.yaml'?",
    ]
    assert [str(one) for one in check_places(read_documents(tmp_path)) if "a.yml" in one.file] == [
        "mappings/facts/a.yml:1: not read; its name must end in .yaml"
    ]


def test_unknown_name_is_told_with_the_nearest_one() -> None:
    assert unknown("fact", "ad.bas", ["ad.bsa"]) == "no fact 'ad.bas'; did you mean 'ad.bsa'?"
    assert unknown("fact", "zzz", []) == "no fact 'zzz'"
