"""Our objects as plain data: the same objects come back, and nothing else is built."""

from array import array
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
import pytest
from markupsafe import Markup
from support.cases.run import library

from service.errors import Mistake
from service.facts.order.drafts import Draft
from service.fhir.terminology.product_sets import ProductSets
from service.library.plain_data import NotPlainError, from_plain, to_plain
from service.policy.model import Criterion, Op
from service.policy.operators import ApprovedBefore, Compare, one_of

pytestmark = pytest.mark.slow


def again(value: Any) -> Any:
    return from_plain(to_plain(value))


def product_sets() -> ProductSets:
    """Objects with cached properties."""
    lists = library().terminology.lists
    assert lists is not None
    return lists.deciding


def counted(value: object) -> list[Any]:
    """How many objects of each kind there are, and all texts and numbers, in no order."""
    groups = orjson.loads(to_plain(value))["groups"]
    return [(kind, width, count, sorted(map(str, values))) for kind, width, count, values in groups]


@pytest.mark.parametrize(
    "value",
    [
        "ä “text”",
        True,
        1,
        1.0,
        -0.5,
        float("inf"),
        None,
        date(2026, 2, 28),
        b"\x00\xff",
        array("I", [1, 2**31]),
        (),
        ("a", ("b", ())),
        [1, [2.0, None], True],
        {"a": {}, ("b", 1): frozenset({"c"})},
        Markup("<b>"),
        Op.CHOOSE,
        Mistake("mappings/units.yaml", 3, "wrong"),
    ],
    ids=str,
)
def test_value_comes_back_as_it_was(value: object) -> None:
    found = again(value)
    assert found == value
    assert type(found) is type(value)


def test_numbers_and_truths_that_are_equal_stay_apart() -> None:
    assert [type(one) for one in again((1, 1.0, True))] == [int, float, bool]


def test_object_in_two_places_is_one_object_again() -> None:
    shared = ["x"]
    first, second = again((shared, {"b": shared}))
    assert first is second["b"]


def test_operator_is_the_object_that_the_process_has_already() -> None:
    operator = one_of(Compare(fact="x", is_=True))
    leaf = Criterion("a", "A", "", Op.LEAF, operator=operator)
    found = again((leaf, frozenset({operator}), ApprovedBefore()))
    assert found[0].operator is operator
    assert next(iter(found[1])) is operator
    assert found[0].single
    assert found[2] is one_of(ApprovedBefore())


def test_model_comes_back_with_what_was_written_in_it() -> None:
    head = library().reviews[0].policy
    assert again(head) == head
    assert again(head).model_fields_set == head.model_fields_set


def test_what_a_cached_property_computed_comes_back() -> None:
    sets = product_sets()
    computed = [drug_set.routes for drug_set in sets.sets]
    assert [vars(drug_set)["routes"] for drug_set in again(sets).sets] == computed


@pytest.mark.parametrize("part", ["policies", "knowledge", "sources", "clinical", "wording"])
def test_part_of_the_library_comes_back_whole(part: str) -> None:
    once = again(getattr(library(), part))
    assert counted(again(once)) == counted(once)


def test_terminology_comes_back_whole() -> None:
    known, found = library().terminology, again(library().terminology)
    for table in ("by_code", "by_prefix", "by_name", "words"):
        assert getattr(found, table).keys() == getattr(known, table).keys()
    assert known.lists is not None
    assert found.lists.directory.text == getattr(known.lists.directory, "text", None)
    assert found.lists.descriptors == known.lists.descriptors


@dataclass(frozen=True)
class Foreign:
    """A data class of another package."""

    name: str


@pytest.mark.parametrize("value", [Foreign("x"), object(), {1, 2}, lambda: None, Draft, 1j])
def test_object_without_a_form_is_refused(value: object) -> None:
    with pytest.raises(NotPlainError):
        to_plain(value)


@pytest.mark.parametrize(
    "kind",
    [
        "os:system",
        "service.errors:Path",
        "service.errors:",
        "service.nowhere:Thing",
        "service.memo:BoundedDict",
        "service.library.load:load_library",
        "builtins:eval",
    ],
)
def test_nothing_but_a_data_class_of_this_package_is_built(kind: str) -> None:
    written = orjson.loads(to_plain(Mistake("f", 1, "w")))
    written["groups"] = [
        [kind if one[0] == "service.errors:Mistake" else one[0], *one[1:]]
        for one in written["groups"]
    ]
    with pytest.raises(NotPlainError):
        from_plain(orjson.dumps(written))


def test_only_a_cached_property_is_set() -> None:
    sets = product_sets()
    assert sets.sets[0].routes
    written = to_plain(sets)
    assert b'"routes"' in written
    with pytest.raises(NotPlainError):
        from_plain(written.replace(b'"routes"', b'"members"'))
