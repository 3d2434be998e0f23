"""The days that the first dose of a drug may have been on."""

import pytest
from support.fact_case import CLAIMS_HELD, ordinal, patient, said, worded

from service.facts.case import Case
from service.facts.supply.first_dose import (
    exposed,
    first_dose,
    first_dose_of,
    no_list_came,
    why_undated,
)
from service.fhir.values.days import FIRST, LAST, DayRange
from service.policy.operators import Exposed
from service.policy.truth import Reason

DRUG = "dupilumab 300 mg syringe"
LISTS = ["claims", "dispenses", "medications", "medicationStatements"]


def day(days_ago: int) -> DayRange:
    return DayRange(ordinal(days_ago), ordinal(days_ago))


def claim(on: str, drug: str = DRUG) -> dict[str, object]:
    return {"drug": drug, "days": 28, "on": on}


def of_drug(case: Case) -> DayRange | None:
    return first_dose_of(case, ("dupilumab",))


def test_first_dose_is_on_the_day_of_the_earliest_fill() -> None:
    case = patient(claims=[claim("60 days ago"), claim("100 days ago")])
    assert first_dose(case) == of_drug(case) == day(100)


def test_patient_without_a_trace_of_the_drug_had_no_first_dose() -> None:
    case = patient(claims=[claim("60 days ago", "methotrexate")])
    assert first_dose(case) is None
    assert of_drug(case) is None


def test_first_dose_of_a_month_is_on_one_of_its_days() -> None:
    case = patient(claims=[claim("2026-05")])
    assert first_dose(case) == DayRange(ordinal(203), ordinal(173))


def test_list_entry_and_sample_count_as_a_dose() -> None:
    listed = {"drug": DRUG, "from": "90 days ago"}
    case = patient(chart=[listed])
    found = first_dose(case)
    assert found is not None
    assert found.first == ordinal(90)
    sample = {"drug": DRUG, "on": "80 days ago", "sample": "yes"}
    assert first_dose(patient(dispenses=[sample])) == day(80)


@pytest.mark.parametrize("state", ["paged", "failed"])
def test_list_that_did_not_come_whole_may_hold_an_earlier_dose(state: str) -> None:
    case = patient(claims=[claim("60 days ago")], **{state: "dispenses"})
    assert first_dose(case) == DayRange(FIRST, ordinal(60))
    assert of_drug(case) == DayRange(FIRST, ordinal(60))


def test_without_any_list_the_first_dose_may_be_any_day() -> None:
    case = patient(not_sent=LISTS)
    assert no_list_came(case)
    assert of_drug(case) == DayRange(FIRST, LAST)
    assert first_dose(case) is None


def test_one_list_is_enough_to_know_of_a_treatment() -> None:
    assert not no_list_came(patient(not_sent=LISTS[1:]))


def test_undated_value_is_open_for_the_list_that_is_missing_else_for_the_dates() -> None:
    assert why_undated(patient()) is Reason.IMPRECISE
    assert why_undated(patient(paged="dispenses")) is Reason.INCOMPLETE


FILL = {"drug": "dupilumab 300 mg syringe", "days": 28, "on": "900 days ago"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"claims": [FILL]}, "met"),
        ({"chart": [{"drug": "dupilumab 300 mg syringe"}]}, "met"),
        ({"dispenses": [{**FILL, "sample": "yes"}]}, "not_met"),
        ({"claims": [{**FILL, "denied": "yes"}]}, "not_met"),
        ({}, "not_met"),
        (
            {"not_sent": ["claims", "dispenses", "medications", "medicationStatements"]},
            "unknown not_supplied",
        ),
    ],
)
def test_trace_of_the_drug_other_than_a_sample_is_exposure(
    given: dict[str, object], expected: str
) -> None:
    assert said(exposed(patient(**given), Exposed(of=("dupilumab",)))) == expected


def test_order_is_a_dose_only_where_it_may_have_been_filled() -> None:
    order = {"drug": DRUG, "on": "90 days ago"}
    assert first_dose(patient(orders=[order])) == DayRange(ordinal(90), LAST)
    assert first_dose(patient(orders=[order], **CLAIMS_HELD)) is None
    assert of_drug(patient(orders=[order], **CLAIMS_HELD)) is None


@pytest.mark.parametrize(("filled", "last"), [("60 days ago", 60), ("59 days ago", 59)])
def test_first_dose_is_between_an_order_and_the_first_fill(filled: str, last: int) -> None:
    case = patient(orders=[{"drug": DRUG, "on": "90 days ago"}], claims=[claim(filled)])
    assert first_dose(case) == DayRange(ordinal(90), ordinal(last))


@pytest.mark.parametrize(("order", "last"), [("30 days ago", 0), ("31 days ago", -1)])
def test_list_soon_after_an_order_says_until_when_it_was_begun(order: str, last: int) -> None:
    listed = {"drug": DRUG, "from": "today"}
    case = patient(orders=[{"drug": DRUG, "on": order}], chart=[listed])
    found = first_dose(case)
    assert found is not None
    assert found.last == (LAST if last < 0 else ordinal(last))


def test_list_that_began_before_the_first_fill_may_have_been_the_first_dose() -> None:
    listed = {"drug": DRUG, "from": "300 days ago"}
    case = patient(chart=[listed], claims=[claim("60 days ago")])
    assert first_dose(case) == DayRange(ordinal(300), ordinal(60))
    later = {"drug": DRUG, "from": "50 days ago"}
    assert first_dose(patient(chart=[later], claims=[claim("60 days ago")])) == day(60)


def test_list_against_complete_claims_is_not_certain() -> None:
    listed = {"drug": DRUG, "from": "90 days ago", "to": "80 days ago"}
    case = patient(chart=[listed], claims=[claim("60 days ago")], **CLAIMS_HELD)
    assert first_dose(case) == DayRange(ordinal(90), ordinal(60))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"orders": [{"drug": DRUG, "on": "90 days ago"}]}, "unknown weak_evidence"),
        ({"orders": [{"drug": DRUG, "on": "90 days ago"}], **CLAIMS_HELD}, "not_met"),
        ({"chart": [{"drug": DRUG, "from": "90 days ago"}]}, "met"),
    ],
    ids=["perhaps filled", "not filled", "stated"],
)
def test_order_alone_shows_no_exposure(given: dict[str, object], expected: str) -> None:
    assert said(worded(exposed(patient(**given), Exposed(of=("dupilumab",))))) == expected
