"""Values of one result that contradict each other, ranges, and words that say that a value is none."""

from typing import Any

import pytest
from support.claims import Json, answer, fixture, node

ITCH = ("pn-fully-met", "pn.initial.findings.itch.wi_nrs7", "WI_NRS")
NODULES = ("pn-fully-met", "pn.initial.findings.nodules20", "LESION_COUNT")
WEEKS = ("pn-fully-met", "pn.initial.findings.itch.6weeks", "PRURITUS_DURATION")
ABSENT = {
    "extension": [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
            "valueCode": "error",
        }
    ]
}
RENDERED = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/rendering-style"}]}


def judged(asked: tuple[str, str, str], **said: Any) -> str | None:
    """The criterion where the result says this alone."""
    story, criterion, code = asked
    body = fixture(story)
    results = [one["resource"] for one in body["prefetch"]["observations"]["entry"]]
    changed: list[Json] = []
    for one in results:
        if f"'{code}'" in str(one):
            kept = {key: sent for key, sent in one.items() if not key.startswith("value")}
            changed.append({**kept, **said})
        else:
            changed.append(one)
    found = node(answer(body, "claims_held", observations=changed), criterion)
    return str(found["truth"])


def score(value: float) -> Json:
    """A score as a quantity."""
    return {"value": value, "unit": "{score}", "code": "{score}"}


@pytest.mark.parametrize(
    ("said", "truth"),
    [
        ({"valueInteger": 9, "valueQuantity": score(3)}, "unknown"),
        ({"valueInteger": 9, "valueQuantity": {"value": 9, "unit": "mg"}}, "unknown"),
        ({"valueInteger": 9, "valueString": "3"}, "unknown"),
        ({"valueInteger": 9, "valueQuantity": score(9)}, "met"),
        ({"valueInteger": 9, "valueString": "unbearable"}, "met"),
        ({"valueInteger": 3, "valueString": "3"}, "not_met"),
    ],
)
def test_several_values_of_one_result_must_agree(said: Json, truth: str) -> None:
    assert judged(ITCH, **said) == truth


@pytest.mark.parametrize(
    ("said", "truth"),
    [
        ({"valueInteger": 9, "_valueInteger": ABSENT}, "unknown"),
        ({"valueQuantity": {**score(9), "_value": ABSENT}}, "unknown"),
        ({"valueInteger": 9, "_valueInteger": RENDERED}, "met"),
        ({"valueInteger": 9, "_valueInteger": ["error"]}, "met"),
    ],
)
def test_a_value_that_is_said_to_be_absent_is_none(said: Json, truth: str) -> None:
    assert judged(ITCH, **said) == truth


@pytest.mark.parametrize(
    ("range_", "truth"),
    [
        ({"low": {"value": 20}, "high": {"value": 100}}, "met"),
        ({"low": {"value": 25}}, "met"),
        ({"low": {"value": 10}, "high": {"value": 30}}, "unknown"),
        ({"low": {"value": 2}, "high": {"value": 19}}, "not_met"),
        ({"high": {"value": 5}}, "not_met"),
        ({"low": {"value": 100}, "high": {"value": 20}}, "unknown"),
        ({"low": {"value": 20}, "high": {"value": "many"}}, "unknown"),
        ({"low": {"value": 20, "unit": "mg"}, "high": {"value": 100}}, "unknown"),
        ({}, "unknown"),
        ([], "unknown"),
    ],
)
def test_a_range_decides_where_it_lies_on_one_side(range_: Json, truth: str) -> None:
    assert judged(NODULES, valueRange=range_) == truth


@pytest.mark.parametrize(
    ("value", "unit", "truth"),
    [
        (45, "Day(s)", "met"),
        (6, "week(s)", "met"),
        (2, "Month(s)", "met"),
        (45, "dose(s)", "unknown"),
    ],
)
def test_unit_with_a_plural_in_brackets_is_read(value: float, unit: str, truth: str) -> None:
    assert judged(WEEKS, valueQuantity={"value": value, "unit": unit}) == truth


@pytest.mark.parametrize(
    ("more", "truth"),
    [
        ({"interpretation": [{"text": "Invalid result"}]}, "unknown"),
        ({"interpretation": [{"coding": [{"code": "QCF"}]}]}, "unknown"),
        ({"note": [{"text": "Specimen grossly hemolyzed, interpret with care"}]}, "unknown"),
        ({"interpretation": [{"coding": [{"code": "H", "display": "High"}]}]}, "met"),
        ({"note": [{"text": "No hemolysis seen"}, {"text": "Valid from May"}]}, "met"),
        ({"note": "invalid", "interpretation": "H"}, "met"),
    ],
)
def test_value_that_the_laboratory_marks_as_invalid_is_not_used(more: Json, truth: str) -> None:
    assert judged(ITCH, valueInteger=9, **more) == truth
