"""FHIR elements because of which a resource cannot be understood."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import orjson
import pytest
from support.paths import ROOT

from service.fhir.sources.entries_not_understood import (
    ABOUT,
    ABSENT,
    DATES,
    ENDED,
    LATER,
    MODIFIER,
    RULES,
    SET_ASIDE,
    Doubts,
)
from service.fhir.supplied.bundle import DELETED, UNCLEAR
from service.fhir.values.days import Calendar

Json = dict[str, Any]
TODAY = Calendar(today=date(2026, 11, 20).toordinal())
KNOWN = "https://ehr.example/known"
DOUBTS = Doubts(
    modified=(("modifierExtension",),),
    modified_part=(("modifierExtension",),),
    known=frozenset({KNOWN}),
    subject=(("subject",),),
    about=(("focus",),),
    absent=(("dataAbsentReason",),),
    ended=(("abatementDateTime",), ("abatementBoolean",)),
    begun=(("onsetDateTime",),),
    dates=(("effectiveDateTime",), ("effectivePeriod",)),
)
PATIENT = {"reference": "Patient/p1"}


def doubt(resource: Json) -> str | None:
    return DOUBTS.of(resource, resource, TODAY)


@pytest.mark.parametrize(
    "resource",
    [
        {},
        {"valueInteger": 3},
        {"modifierExtension": [{"url": KNOWN}]},
        {"implicitRules": ""},
        {"subject": PATIENT, "focus": [PATIENT]},
        {"dataAbsentReason": {"text": "unknown"}},
        {"effectiveDateTime": "2026-01-01"},
        {"abatementBoolean": False},
        {"abatementDateTime": "2027-01-01"},
        {"onsetDateTime": "2026-01-01", "abatementDateTime": "2027-01-01"},
    ],
)
def test_resource_whose_meaning_nothing_changes_raises_no_doubt(resource: Json) -> None:
    assert doubt(resource) is None


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"modifierExtension": [{"url": "https://ehr.example/not"}]}, MODIFIER),
        ({"modifierExtension": ["odd"]}, MODIFIER),
        ({"implicitRules": "https://ehr.example/rules"}, RULES),
        ({"subject": PATIENT, "focus": [{"reference": "Patient/mother"}]}, ABOUT),
        ({"dataAbsentReason": {"text": "unknown"}, "valueInteger": 3}, ABSENT),
        ({"effectivePeriod": {"start": "2026-02-01", "end": "2026-01-01"}}, DATES),
        ({"onsetDateTime": "2026-03-01", "abatementDateTime": "2026-02-01"}, DATES),
        ({"abatementDateTime": "2026-02-01"}, ENDED),
        ({"onsetDateTime": "2026-02-01", "abatementDateTime": "2026-02-01"}, ENDED),
        ({"abatementDateTime": "some day"}, ENDED),
        ({"abatementBoolean": True}, ENDED),
    ],
)
def test_element_that_changes_the_meaning_is_named(resource: Json, expected: str) -> None:
    assert doubt(resource) == expected


def test_resource_that_begins_after_the_day_asked_about_is_later() -> None:
    resource = {"onsetDateTime": "2026-11-21"}
    assert DOUBTS.of(resource, resource, TODAY) == LATER
    tomorrow = Calendar(today=TODAY.today + 1)
    assert DOUBTS.of(resource, resource, tomorrow) is None


def test_modifier_extension_of_another_part_leaves_this_part_alone() -> None:
    odd: Json = {"modifierExtension": [{"url": "https://ehr.example/not"}]}
    plain: Json = {"value": 3}
    resource = {"component": [odd, plain]}
    assert DOUBTS.of(resource, odd, TODAY) == MODIFIER
    assert DOUBTS.of(resource, plain, TODAY) is None


def test_schema_of_answers_knows_each_doubt() -> None:
    schema = orjson.loads((ROOT / "service/web/assessment.schema.json").read_bytes())
    (known,) = (part["enum"] for part in _parts(schema) if "implicitRules" in part.get("enum", ()))
    assert {*SET_ASIDE, DELETED, UNCLEAR} == {*known}


def _parts(schema: object) -> Iterator[dict[str, Any]]:
    """Every object inside a JSON Schema."""
    match schema:
        case dict():
            yield schema
            inside: list[object] = [*schema.values()]
        case list():
            inside = schema
        case _:
            return
    for part in inside:
        yield from _parts(part)
