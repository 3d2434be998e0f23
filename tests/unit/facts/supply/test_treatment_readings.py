"""The ways to read a treatment, and a finding in which they agree or not."""

from datetime import date

import pytest
from support.fact_case import CLAIMS_HELD, Answer, ordinal, patient, worded

from service.facts.case import Case, PatientCase, Treatment
from service.facts.measurements.compare import compare
from service.facts.supply.treatment_readings import in_each_treatment, treatments
from service.fhir.values.days import LAST, DayRange
from service.policy.amount import Amount, Span
from service.policy.operators import Compare
from service.policy.truth import Truth

DRUG = "dupilumab 300 mg syringe"
UNTREATED, OFF = Treatment(None), Treatment(None, off=True)
TEN = Compare(
    fact="ad.bsa",
    at_least=Amount(value=10, unit="% BSA"),
    pick="baseline_if_treated",
    within=Span(days=90),
    baseline_within=Span(months=12),
)
Json = dict[str, object]


def fill(on: str, days: int = 28) -> Json:
    return {"drug": DRUG, "days": days, "on": on}


def order(on: str) -> Json:
    return {"drug": DRUG, "on": on}


def bsa(value: str, on: str) -> Json:
    return {"what": "affected body surface", "value": f"{value} %", "on": on}


def held(*claims: Json, **given: object) -> Case:
    return patient(claims=list(claims), **{**CLAIMS_HELD, **given})


def since(days_ago: int, last: int | None = None) -> Treatment:
    return Treatment(DayRange(ordinal(days_ago), ordinal(days_ago) if last is None else last))


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (held(), (UNTREATED,)),
        (held(fill("40 days ago"), fill("10 days ago")), (since(40),)),
        (held(orders=[order("40 days ago")]), (UNTREATED,)),
        (patient(orders=[order("40 days ago")]), (UNTREATED, since(40, LAST))),
        (
            held(chart=[{"drug": DRUG, "from": "40 days ago"}]),
            (UNTREATED, since(40, LAST)),
        ),
        (held(fill("400 days ago"), fill("10 days ago")), (since(400), since(10))),
        (held(fill("400 days ago")), (since(400), OFF)),
    ],
    ids=["never", "one course", "order", "order, not held", "list", "again", "off"],
)
def test_treatment_is_read_in_each_possible_way(
    case: Case, expected: tuple[Treatment, ...]
) -> None:
    assert treatments(case) == expected


@pytest.mark.parametrize(("again", "courses"), [(30, 1), (29, 2)])
def test_break_longer_than_the_longest_parts_two_courses(again: int, courses: int) -> None:
    # 28 days from day -88 end on day -61: 30 days are free before day -30, 31 before day -29
    case = held(fill("88 days ago"), fill(f"{again} days ago"))
    assert len(treatments(case)) == courses


def test_sample_of_the_last_weeks_is_a_treatment_and_one_of_long_ago_may_be_over() -> None:
    sample = {"drug": DRUG, "sample": "yes"}
    assert treatments(held(dispenses=[{**sample, "on": "20 days ago"}])) == (since(20),)
    assert treatments(held(dispenses=[{**sample, "on": "300 days ago"}])) == (since(300), OFF)


def found(case: PatientCase, asked: Compare = TEN, *, of_response: bool = False) -> Answer:
    return worded(in_each_treatment(case, asked, compare, of_response=of_response))


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [
        ("14", "4", Truth.UNKNOWN),
        ("4", "14", Truth.UNKNOWN),
        ("14", "12", Truth.MET),
        ("4", "5", Truth.NOT_MET),
    ],
)
def test_order_that_may_have_been_filled_decides_where_both_values_agree(
    then: str, now: str, expected: Truth
) -> None:
    values = [bsa(then, "60 days ago"), bsa(now, "10 days ago")]
    answer = found(patient(findings=values, orders=[order("40 days ago")]))
    assert answer.truth is expected
    if expected is Truth.UNKNOWN:
        assert answer.miss == (
            "ordered or listed since 2026-10-11, with no supply on record: "
            "whether it was taken is not known"
        )
        assert [shown.date for shown in answer.evidence] == ["2026-11-10", "2026-09-21"]


@pytest.mark.parametrize(("now", "expected"), [("14", Truth.MET), ("4", Truth.NOT_MET)])
def test_order_that_was_not_filled_is_no_treatment(now: str, expected: Truth) -> None:
    values = [bsa("4" if now == "14" else "14", "60 days ago"), bsa(now, "10 days ago")]
    assert found(held(findings=values, orders=[order("40 days ago")])).truth is expected


def test_relapse_off_the_drug_is_judged_by_the_value_of_today() -> None:
    values = [bsa("4", "410 days ago"), bsa("14", "10 days ago")]
    answer = found(held(fill("400 days ago"), findings=values))
    assert answer.truth is Truth.MET
    assert [shown.date for shown in answer.evidence] == ["2026-11-10"]


def test_mild_disease_off_the_drug_is_a_question_with_both_values() -> None:
    values = [bsa("14", "410 days ago"), bsa("4", "10 days ago")]
    answer = found(held(fill("400 days ago"), findings=values))
    assert answer.truth is Truth.UNKNOWN
    assert [shown.value for shown in answer.evidence] == ["14 % BSA", "4 % BSA"]
    assert answer.miss == (
        "a break of more than 30 days parts two courses, and the time before each decides otherwise"
    )


@pytest.mark.parametrize(("ended", "expected"), [(376, Truth.MET), (375, Truth.UNKNOWN)])
def test_value_that_must_be_from_before_any_dose_counts_a_year_after_the_supply(
    ended: int, expected: Truth
) -> None:
    asked = Compare(
        fact="ad.bsa",
        at_least=Amount(value=10, unit="% BSA"),
        before_first=("dupilumab",),
        baseline_within=Span(months=12),
    )
    values = [bsa("4", "500 days ago"), bsa("14", "10 days ago")]
    case = held(fill(f"{ended + 27} days ago"), findings=values)
    assert found(case, asked).truth is expected


def test_response_is_not_asked_of_an_untreated_patient() -> None:
    values = [bsa("14", "410 days ago"), bsa("4", "10 days ago")]
    case = held(fill("400 days ago"), findings=values)
    assert found(case, of_response=True).truth is Truth.MET


@pytest.mark.parametrize(("held_for", "expected"), [(100, Truth.MET), (99, Truth.UNKNOWN)])
def test_value_is_one_off_the_drug_only_if_claims_reach_back_a_longest_supply_before_it(
    held_for: int, expected: Truth
) -> None:
    values = [bsa("4", "410 days ago"), bsa("14", "10 days ago")]
    begin = date.fromordinal(ordinal(held_for)).isoformat()
    given = {"drug": DRUG, "days": 28, "on": "400 days ago"}
    case = patient(dispenses=[given], findings=values, claims_held=begin)
    assert found(case).truth is expected
