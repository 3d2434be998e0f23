"""Values inside lists of coded entries, and which part of the resource names which entry."""

from typing import Any

import pytest

from service.fhir.sources.coded_entries import MOST_NAMED, CodedEntries, texts_of

Json = dict[str, Any]
INFO = CodedEntries(
    entries=("supportingInfo",),
    category=("category",),
    codes=frozenset({"dayssupply"}),
    value=("valueQuantity", "value"),
    order=("sequence",),
    named_by=("informationSequence",),
)


def entry(sequence: object, days: int, code: str = "dayssupply") -> Json:
    return {
        "sequence": sequence,
        "category": {"coding": [{"code": code}]},
        "valueQuantity": {"value": days},
    }


def test_only_entries_of_a_listed_category_are_read() -> None:
    claim = {"supportingInfo": [entry(1, 28), entry(2, 99, "refillnum")]}
    assert INFO.read(claim) == [28]
    assert INFO.all(claim) == [28, 99]


@pytest.mark.parametrize(
    "claim",
    [{}, {"supportingInfo": []}, {"supportingInfo": "28"}, {"supportingInfo": [None, 7, {}]}],
)
def test_resource_without_readable_entries_has_no_values(claim: Json) -> None:
    assert INFO.read(claim) == []


def test_part_has_the_values_of_the_entries_that_it_names() -> None:
    parts: list[Json] = [{"informationSequence": [1]}, {"informationSequence": [2, 2]}, {}]
    by_part = INFO.by_part({"supportingInfo": [entry(1, 28), entry(2, 14), entry(3, 7)]}, parts)
    assert [by_part.own(part) for part in parts] == [[28], [14], []]
    assert by_part.rest == (7,)


def test_where_parts_name_all_entries_the_rest_are_all_of_them() -> None:
    parts: list[Json] = [{"informationSequence": [1, 2]}]
    by_part = INFO.by_part({"supportingInfo": [entry(1, 28), entry(2, 14)]}, parts)
    assert by_part.rest == (28, 14)


@pytest.mark.parametrize("number", [True, "1", 1.0, None])
def test_entry_is_named_by_whole_numbers_only(number: object) -> None:
    part: Json = {"informationSequence": [number]}
    by_part = INFO.by_part({"supportingInfo": [entry(1, 28)]}, [part])
    assert by_part.own(part) == []
    assert by_part.rest == (28,)


def test_part_that_names_very_many_entries_gets_the_first_of_them() -> None:
    part: Json = {"informationSequence": [*range(1, MOST_NAMED + 11)]}
    claim = {"supportingInfo": [entry(one, one) for one in range(1, MOST_NAMED + 11)]}
    assert INFO.by_part(claim, [part]).own(part) == [*range(1, MOST_NAMED + 1)]


def test_bare_string_is_its_own_name() -> None:
    assert texts_of("denied") == ["denied"]
    assert texts_of({"text": "denied"}) == ["denied"]
    assert texts_of(7) == []
