"""Fewer courses than before: therapy that does not end is no fewer, and what took its place is no more."""

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from support.changed import Json, answer, entries
from support.paths import ROOT

from service.cds.strict_json import parse_body

FEWER = "asthma.renewal.response.systemic_steroid"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
FIRST_DOSE = date(2025, 11, 24)
STEROID = "redni"


def every(criteria: list[Json]) -> list[Json]:
    return [one for each in criteria for one in (each, *every(each.get("children", [])))]


def claims(asked: Json) -> list[Json]:
    return [one["resource"] for one in entries(asked, "claims")]


def judged(*courses: tuple[date, int], without: bool = False) -> Json:
    """The criterion for an asthma renewal; of three bursts before the first dose, none since."""
    found: Any = parse_body((ROOT / "fixtures/asthma-renewal.json").read_bytes())
    held = entries(found, "claims")
    bursts = [one for one in held if STEROID in str(one)]
    if without:
        found["prefetch"]["claims"]["entry"] = [one for one in held if one not in bursts]
    for number, (day, days) in enumerate(courses):
        claim = deepcopy(bursts[0]["resource"])
        claim["id"] = f"more-{number}"
        _dated(claim, day.isoformat(), days)
        entries(found, "claims").append({"resource": claim})
    (twin,) = answer(found).twins
    return next(one for one in every(twin["criteria"]) if one["id"] == FEWER)


def _dated(claim: Json, day: str, days: int) -> None:
    claim["billablePeriod"] = {"start": day, "end": day}
    claim["created"] = day
    claim.pop("identifier", None)
    for item in claim["item"]:
        item["servicedDate"] = day
    for one in claim["supportingInfo"]:
        if "valueQuantity" in one:
            one["valueQuantity"]["value"] = days


def row(start: date, each: int, times: int) -> list[tuple[date, int]]:
    """Hand-overs that follow each other without a break."""
    return [(start + timedelta(days=each * one), each) for one in range(times)]


SINCE = {
    "daily for ten months": (row(date(2026, 1, 5), 30, 10), "unknown"),
    "daily for ten months, by ninety days": (row(date(2026, 1, 5), 90, 3), "unknown"),
    "daily from before the first dose on": (row(date(2025, 10, 1), 30, 13), "unknown"),
    "one long course": ([(date(2026, 3, 2), 28)], "met"),
    "one course": ([(date(2026, 3, 2), 7)], "met"),
    "one course that began before": ([(FIRST_DOSE - timedelta(days=4), 10)], "met"),
    "four courses": ([(date(2026, month, 2), 5) for month in (1, 4, 7, 10)], "not_met"),
}


@pytest.mark.parametrize(("courses", "truth"), SINCE.values(), ids=SINCE)
def test_daily_therapy_since_the_first_dose_is_not_fewer(
    courses: list[tuple[date, int]], truth: str
) -> None:
    found = judged(*courses)
    assert found["truth"] == truth, found
    if truth == "unknown":
        assert "daily therapy" in found["miss"]


def test_daily_therapy_before_and_one_course_since_may_be_fewer() -> None:
    before = row(date(2025, 1, 1), 30, 10)
    found = judged(*before, (date(2026, 3, 2), 5), without=True)
    assert (found["truth"], found["reason"]) == ("unknown", "review"), found


def test_no_course_before_and_one_since_is_not_fewer() -> None:
    assert judged((date(2026, 3, 2), 5), without=True)["truth"] == "not_met"
