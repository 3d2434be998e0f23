"""What a picture shows of a class: fills, list entries and samples, from day to day."""

from datetime import timedelta

import pytest
from support.clinical.patient import DAY
from support.fact_case import CLAIMS_HELD, patient, patient_with, written

from service.facts.supply.timeline_fills import ShownFill, shown_fills

CREAMS = ("ad.tcs_medium_or_higher",)
CREAM = {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "1014314"}]}


def shown(**given: object) -> list[ShownFill]:
    return shown_fills(patient(**{**CLAIMS_HELD, **given}), CREAMS)


def listed(**given: object) -> list[ShownFill]:
    statement = {
        "resourceType": "MedicationStatement",
        "id": "s1",
        "status": "active",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": CREAM,
        **given,
    }
    return shown_fills(patient_with("medicationStatements", statement), CREAMS)


def test_fill_lasts_as_long_as_its_supply() -> None:
    [fill] = shown(claims=[{"drug": "triamcinolone cream", "on": "30 days ago", "days": 10}])
    assert (fill.kind, fill.days) == ("claim", 10)
    assert fill.first == DAY - timedelta(days=30)
    assert fill.last == DAY - timedelta(days=21)


def test_fill_without_a_supply_has_no_last_day() -> None:
    [fill] = shown(claims=[{"drug": "triamcinolone cream", "on": "30 days ago"}])
    assert (fill.last, fill.days) == (None, None)


@pytest.mark.parametrize(
    ("period", "last"),
    [
        ({"start": written(50), "end": written(20)}, DAY - timedelta(days=20)),
        ({"start": written(50)}, DAY),
    ],
)
def test_list_entry_lasts_to_the_end_of_its_period_or_to_today(
    period: dict[str, str], last: object
) -> None:
    [entry] = listed(effectivePeriod=period)
    assert (entry.kind, entry.first, entry.last) == ("chart", DAY - timedelta(days=50), last)


def test_list_entry_of_a_day_is_a_point_and_one_without_a_day_is_not_drawn() -> None:
    [entry] = listed(effectiveDateTime=written(7))
    assert (entry.first, entry.last) == (DAY - timedelta(days=7), None)
    assert listed() == []
