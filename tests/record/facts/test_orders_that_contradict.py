"""A draft that says its dose twice: what agrees changes nothing, what differs is a question."""

from typing import Any

import pytest
from record.facts.test_orders_as_written import (
    BIWEEKLY,
    MET,
    NOT_MET,
    UNKNOWN,
    Json,
    judged,
    mg,
    sig,
)

SNOMED = "http://snomed.info/sct"
ROUTES = "http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration"


def ratio(value: float, unit: str, per: float, time: str) -> Json:
    return {
        "rateRatio": {
            "numerator": {"value": value, "unit": unit},
            "denominator": {"value": per, "unit": time},
        }
    }


RATES: dict[str, tuple[Json, str]] = {
    "the same by two weeks": (ratio(300, "mg", 2, "wk"), MET),
    "the same by fourteen days": (ratio(300, "mg", 14, "d"), MET),
    "the same in millilitres": (ratio(2, "mL", 2, "weeks"), MET),
    "as a quantity": ({"rateQuantity": {"value": 300, "unit": "mg/(14.d)"}}, MET),
    "twice as much": (ratio(600, "mg", 2, "wk"), UNKNOWN),
    "half as much": (ratio(150, "mg", 2, "wk"), UNKNOWN),
    "each week, as a quantity": ({"rateQuantity": {"value": 2, "code": "mL/wk"}}, UNKNOWN),
    "a range": (
        {"rateRange": {"low": {"value": 1, "unit": "mg/d"}, "high": {"value": 50, "unit": "mg/d"}}},
        UNKNOWN,
    ),
    "in words": ({"rateQuantity": {"value": 1, "unit": "slowly"}}, UNKNOWN),
    "nothing": ({"rateRatio": {}}, UNKNOWN),
    "how quickly it is injected": (ratio(2, "mL", 15, "s"), MET),
    "how quickly, by hours": ({"rateQuantity": {"value": 60, "unit": "mL/h"}}, MET),
}


@pytest.mark.parametrize(("rate", "truth"), RATES.values(), ids=RATES)
def test_rate_must_agree_with_dose_and_interval(rate: Json, truth: str) -> None:
    found = judged("ad", [sig(BIWEEKLY, [{"doseQuantity": mg(300), **rate}])])
    assert found["truth"] == truth, found


@pytest.mark.parametrize("key", ["rateRatio", "rateQuantity", "rateRange"])
def test_malformed_rate_is_no_error(key: str) -> None:
    shapes: list[object] = [None, 0, "x", [], [{}], {"value": []}, {"numerator": 3}, [None], True]
    for value in shapes:
        judged("ad", [sig(BIWEEKLY, [{"doseQuantity": mg(300), key: value}])])


EVENTS: dict[str, tuple[Any, str]] = {
    "the days of it": (["2026-12-01", "2026-12-15", "2026-12-29"], MET),
    "its first day": (["2026-12-01"], MET),
    "its first day, not exact": (["2026-12"], MET),
    "each week": (["2026-12-01", "2026-12-08", "2026-12-15"], UNKNOWN),
    "two days of which one is none": (["2026-12-01", "soon"], UNKNOWN),
}


@pytest.mark.parametrize(("events", "truth"), EVENTS.values(), ids=EVENTS)
def test_event_days_must_agree_with_the_figures(events: Any, truth: str) -> None:
    found = judged("ad", [sig(timing={"repeat": BIWEEKLY, "event": events})])
    assert found["truth"] == truth, found


def test_event_days_beside_a_single_dose_must_agree() -> None:
    days = {"repeat": {"count": 1}, "event": ["2026-12-01", "2026-12-08"]}
    assert judged("ad", [sig(timing=days)])["truth"] == UNKNOWN


INSTRUCTED: dict[str, tuple[Any, str]] = {
    "another rhythm": ([{"text": "Use one pen every 7 days"}], UNKNOWN),
    "another rhythm, as a display": ({"coding": [{"display": "once daily"}]}, UNKNOWN),
    "another dose": ([{"text": "inject 600 mg"}], UNKNOWN),
    "the same": ([{"text": "300 mg every other week"}], MET),
    "something else": ([{"text": "Rotate the site of injection"}, {"text": "Keep cold"}], MET),
    "no words": ([{"coding": [{"system": SNOMED, "code": "311504000"}]}, 3], MET),
}


@pytest.mark.parametrize(("said", "truth"), INSTRUCTED.values(), ids=INSTRUCTED)
def test_additional_instructions_are_read_as_the_sig_is(said: Any, truth: str) -> None:
    found = judged("ad", [sig(BIWEEKLY, additionalInstruction=said)])
    assert found["truth"] == truth, found


def coded(code: str, system: str = SNOMED, **more: str) -> Json:
    return {"coding": [{"system": system, "code": code, **more}]}


BY: dict[str, tuple[Any, str]] = {
    "under the skin": (coded("34206005", display="Subcutaneous route"), MET),
    "in words": ({"text": "Subcutaneous"}, MET),
    "a code of the house": (coded("17", "https://ehr.example.org/routes"), MET),
    "injection": ({"text": "Injection"}, MET),
    "into the muscle": (coded("78421000"), UNKNOWN),
    "into the muscle, by HL7": (coded("IM", ROUTES), UNKNOWN),
    "through the nose, in words": ({"text": "Intranasal"}, UNKNOWN),
    "two of which one is wrong": (
        {"coding": [*coded("34206005")["coding"], *coded("26643006")["coding"]]},
        UNKNOWN,
    ),
    "a shape that is none": (["x", 3], MET),
}


@pytest.mark.parametrize(("route", "truth"), BY.values(), ids=BY)
def test_a_route_by_which_the_drug_is_not_given(route: Any, truth: str) -> None:
    found = judged("ad", [sig(BIWEEKLY, route=route)])
    assert found["truth"] == truth, found
    if truth == UNKNOWN:
        assert "route" in found["miss"]


def test_dose_above_the_label_stays_not_met() -> None:
    weekly = {"frequency": 1, "period": 1, "periodUnit": "wk"}
    assert judged("ad", [sig(weekly, route={"text": "Subcutaneous"})])["truth"] == NOT_MET
