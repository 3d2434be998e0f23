"""What kind a visit was, in every coding of its class, type, place and department."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.cases.request import client, request
from support.cases.run import library
from support.paths import yaml_of

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request

DAY = date(2026, 11, 20)
CRITERION = "asthma.initial.uncontrolled.serious"
Json = dict[str, Any]
ROWS: Json = yaml_of(Path(__file__).with_name("visits_as_written.yaml"))
INHALED = {"drug": "montelukast", "days": 360, "on": "360 days ago"}
WHEN = {"on": "100 days ago", "for": "asthma exacerbation"}
GIVEN: Json = {"order": {"reason": "asthma"}, "claims_held": "2015-01-01"}


def asked(body: Json, given: Json) -> Json:
    hook = parse_hook_request(body, frozenset(["order-sign"]))
    twin = advise(library(), hook, client(given, DAY), AsOf("day", DAY)).twins[0]
    return next(one for one in nodes(twin["criteria"]) if one["id"] == CRITERION)


def nodes(criteria: list[Json]) -> Iterator[Json]:
    for one in criteria:
        yield one
        yield from nodes(one.get("children", []))


def resources(body: Json, type_: str) -> list[Json]:
    bundles = (one for one in body["prefetch"].values() if isinstance(one, dict))
    entries = (entry["resource"] for one in bundles for entry in one.get("entry", []))
    return [one for one in entries if one["resourceType"] == type_]


def rows(part: str) -> list[Any]:
    return [pytest.param(one, id=one["says"]) for one in ROWS[part]]


def with_visit(change: Json) -> tuple[Json, Json]:
    given = {**GIVEN, "claims": [INHALED], "visits": [WHEN]}
    body = deepcopy(request(given, DAY))
    (visit,) = resources(body, "Encounter")
    del visit["class"]
    visit.update(change)
    return body, given


@pytest.mark.parametrize("row", rows("encounters"))
def test_visit_counts_by_its_class_or_type(row: Json) -> None:
    found = asked(*with_visit(row["visit"]))
    assert found["truth"] == row["is"], found


@pytest.mark.parametrize("row", rows("claims"))
def test_line_of_a_claim_counts_by_its_place_department_or_code(row: Json) -> None:
    given = {**GIVEN, "claims": [INHALED, {"what": "not named", "type": "professional", **WHEN}]}
    body = deepcopy(request(given, DAY))
    resources(body, "ExplanationOfBenefit")[1]["item"][0].update(row["line"])
    found = asked(body, given)
    assert found["truth"] == row["is"], found


SHAPES: list[object] = [
    None,
    1,
    "x",
    [],
    [1],
    {},
    {"coding": 1},
    {"coding": [1]},
    {"code": 1},
    {"code": []},
    [[]],
]


@pytest.mark.parametrize("value", SHAPES)
@pytest.mark.parametrize("key", ["class", "type", "serviceType", "classHistory"])
def test_any_shape_of_a_class_is_a_question(key: str, value: object) -> None:
    assert asked(*with_visit({key: value}))["truth"] == "unknown"


def test_a_stay_that_cannot_be_read_is_part_of_the_sure_visit_beside_it() -> None:
    given = {**GIVEN, "claims": [INHALED], "visits": [{**WHEN, "class": "emergency"}, WHEN]}
    body = deepcopy(request(given, DAY))
    stay = resources(body, "Encounter")[1]
    del stay["class"]
    stay["period"] = {"start": stay["period"]["start"], "end": "2026-08-15"}
    found = asked(body, given)
    assert found["truth"] == "met", found
