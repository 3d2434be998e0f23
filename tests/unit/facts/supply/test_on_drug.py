"""Whether the drug was ever given, is given, and was given long enough."""

from typing import NamedTuple

import pytest
from support.fact_case import CLAIMS_HELD, ordinal, patient, said, worded

from service.facts.case import Case
from service.facts.supply.on_drug import (
    Exposure,
    exposed_for,
    exposure,
    had_samples_alone,
    present_run,
    spans_perhaps_on_drug,
    surely_off,
    taken_now,
)
from service.policy.amount import Span
from service.policy.operators import ExposedFor
from service.policy.truth import Truth

DRUG = "dupilumab 300 mg syringe"
FOUR_MONTHS = ExposedFor(of=("dupilumab",), at_least=Span(days=120))
Json = dict[str, object]


class Course(NamedTuple):
    """A drug that is judged after 112 days and whose course bridges gaps of 56 days."""

    judged_after: Span = Span(days=112)
    longest_break: Span = Span(days=56)


def fill(on: str, days: int = 28) -> Json:
    return {"drug": DRUG, "days": days, "on": on}


def on_claims(*claims: Json, **given: object) -> Case:
    return patient(claims=list(claims), **{**CLAIMS_HELD, **given})


@pytest.mark.parametrize(("on", "expected"), [("120 days ago", "met"), ("119 days ago", "not_met")])
def test_first_dose_must_lie_so_far_back(on: str, expected: str) -> None:
    assert said(exposed_for(on_claims(fill(on), fill("10 days ago")), FOUR_MONTHS)) == expected


def test_first_dose_that_is_too_recent_says_when_it_is_long_enough_ago() -> None:
    finding = worded(exposed_for(on_claims(fill("119 days ago")), FOUR_MONTHS))
    assert finding.miss == "first dose on 2026-07-24; earliest on 2026-11-21"


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (patient(chart=[{"drug": DRUG, "from": "200 days ago"}]), "unknown weak_evidence"),
        (
            patient(dispenses=[{"drug": DRUG, "on": "200 days ago", "sample": "yes"}]),
            "unknown not_held",
        ),
        (patient(orders=[{"drug": DRUG, "on": "200 days ago"}]), "unknown weak_evidence"),
        (patient(claims=[fill("2026-07")]), "unknown imprecise"),
        (patient(claims=[fill("10 days ago")]), "unknown not_held"),
    ],
    ids=["a list alone", "a sample", "an order alone", "a month", "claims not held"],
)
def test_first_dose_is_open_without_a_dated_hand_over(case: Case, expected: str) -> None:
    assert said(exposed_for(case, FOUR_MONTHS)) == expected


def test_order_that_complete_claims_show_as_not_filled_is_no_first_dose() -> None:
    ordered: Json = {"orders": [{"drug": DRUG, "on": "200 days ago"}]}
    assert said(exposed_for(on_claims(fill("60 days ago"), **ordered), FOUR_MONTHS)) == "not_met"
    assert said(exposed_for(on_claims(**ordered), FOUR_MONTHS)) == "not_met"


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (on_claims(), Exposure(Truth.NOT_MET, Truth.UNKNOWN, Truth.UNKNOWN)),
        (on_claims(fill("200 days ago", 190)), Exposure(Truth.MET, Truth.MET, Truth.MET)),
        (on_claims(fill("50 days ago", 56)), Exposure(Truth.MET, Truth.MET, Truth.NOT_MET)),
        (on_claims(fill("300 days ago", 56)), Exposure(Truth.MET, Truth.NOT_MET, Truth.NOT_MET)),
        (
            patient(not_sent=["claims", "dispenses", "medications", "medicationStatements"]),
            Exposure(Truth.UNKNOWN, Truth.UNKNOWN, Truth.UNKNOWN),
        ),
    ],
    ids=["never", "long and now", "not long yet", "not now", "nothing came"],
)
def test_exposure_says_whether_the_drug_was_begun_is_in_use_and_long_enough(
    case: Case, expected: Exposure
) -> None:
    found = exposure(case, Course())
    assert found.begun is expected.begun
    if expected.begun is Truth.MET:
        assert found == expected


def test_samples_alone_are_known_as_such() -> None:
    sample = {"drug": DRUG, "on": "30 days ago", "sample": "yes"}
    assert had_samples_alone(patient(dispenses=[sample]))
    assert not had_samples_alone(patient(dispenses=[sample], claims=[fill("10 days ago")]))
    assert not had_samples_alone(patient())


def test_present_run_begins_with_the_first_fill_that_the_gaps_reach_from() -> None:
    case = on_claims(fill("400 days ago"), fill("100 days ago"), fill("20 days ago"))
    assert present_run(case, Course()) == ordinal(100)
    assert present_run(on_claims(), Course()) is None


@pytest.mark.parametrize(("gap", "off"), [(29, True), (30, False)])
def test_patient_is_surely_off_the_drug_more_than_the_gap_after_the_last_supply(
    gap: int, off: bool
) -> None:
    # 28 days from day -57 end on day -30
    assert surely_off(on_claims(fill("57 days ago")), ordinal(0), gap) is off


def test_patient_is_not_surely_off_where_claims_are_not_held() -> None:
    assert not surely_off(patient(claims=[fill("300 days ago")]), ordinal(0), 30)
    assert not surely_off(on_claims(), ordinal(0), 30)


def test_spells_on_the_drug_end_with_the_gap_after_their_last_supply() -> None:
    case = on_claims(fill("200 days ago"), fill("20 days ago"))
    assert spans_perhaps_on_drug(case, ordinal(200), 10) == [
        (ordinal(200), ordinal(163)),
        (ordinal(20), ordinal(0)),
    ]
    assert spans_perhaps_on_drug(patient(claims=[fill("200 days ago")]), ordinal(200), 10) == [
        (ordinal(200), ordinal(0))
    ]


ORDER: Json = {"orders": [{"drug": DRUG, "on": "200 days ago"}]}


@pytest.mark.parametrize(
    ("given", "begun"),
    [
        (ORDER, Truth.UNKNOWN),
        ({**ORDER, **CLAIMS_HELD}, Truth.NOT_MET),
        ({**ORDER, "chart": [{"drug": DRUG, "from": "90 days ago"}]}, Truth.MET),
    ],
    ids=["perhaps filled", "not filled", "stated too"],
)
def test_order_alone_does_not_show_that_the_drug_was_begun(given: Json, begun: Truth) -> None:
    assert exposure(patient(**given), Course()).begun is begun


def test_order_does_not_make_a_short_treatment_long_enough() -> None:
    case = patient(claims=[fill("10 days ago")], **ORDER)
    assert exposure(case, Course()) == Exposure(Truth.MET, Truth.MET, Truth.UNKNOWN)


def test_drug_is_not_taken_now_where_an_order_outlives_its_supply() -> None:
    assert taken_now(on_claims(fill("300 days ago"), **ORDER), 30) is Truth.NOT_MET
    assert taken_now(on_claims(fill("20 days ago")), 30) is Truth.MET
    assert taken_now(on_claims(), 30) is Truth.UNKNOWN
    assert surely_off(on_claims(fill("300 days ago"), **ORDER), ordinal(0), 30)
