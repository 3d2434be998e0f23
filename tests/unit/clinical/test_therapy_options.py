"""Therapies judged for one patient: options with their dose, and what is ruled out."""

from dataclasses import replace
from typing import Any

import pytest
from support.cases.run import library
from support.fact_case import in_words, patient

from service.clinical.suggestions import Offer, Option, RuledOut
from service.clinical.therapies_and_pathways import Check
from service.clinical.therapy_options import MOST_OPTIONS, for_recorded_gender, offer

CLINICAL = library().clinical
ALLERGY = {"to": "dupilumab"}
Json = dict[str, Any]


def offered(situation: str = "ad.contraindicated", **given: Any) -> Offer:
    indication = situation.partition(".")[0]
    pathway = CLINICAL.pathways["dupilumab", indication]
    one = next(one for one in pathway.situations if one.id == situation)
    case = patient(indication, claims_held="2015-01-01", **given)
    return offer(case, one, indication, CLINICAL.therapies)


def option(found: Offer, therapy: str) -> Option:
    return next(one for one in found.options if one.therapy.id == therapy)


def names(found: Offer) -> list[str]:
    return [one.therapy.id for one in found.options]


def ruled_out(**given: Any) -> dict[str, str | None]:
    """Therapy to the reason why it is ruled out."""
    return {one.therapy.id: in_words(one.why) for one in offered(**given).ruled_out}


def test_options_are_in_the_order_of_the_pathway_and_at_most_so_many() -> None:
    found = offered()
    assert names(found)[:3] == ["tralokinumab", "lebrikizumab", "nemolizumab"]
    assert len(found.options) == MOST_OPTIONS
    assert found.ruled_out == ()


def taken(drug: str, on: str) -> Json:
    return {"claims": [{"drug": drug, "days": 30, "on": on}]}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            taken("upadacitinib", "29 days ago"),
            {
                "upadacitinib": "in use already",
                "abrocitinib": "upadacitinib, of the same class, is in use; decide about it first",
            },
        ),
        (taken("upadacitinib", "30 days ago"), {}),
        ({"allergies": [{"to": "upadacitinib"}]}, {"upadacitinib": "allergy recorded"}),
        (
            {"findings": [{"what": "lymphocytes", "value": "499 /uL", "on": "5 days ago"}]},
            {
                "upadacitinib": "lymphocytes below 500 per microliter",
                "abrocitinib": "lymphocytes below 500 per microliter",
            },
        ),
        ({"findings": [{"what": "lymphocytes", "value": "500 /uL", "on": "5 days ago"}]}, {}),
        (
            {"chart": [{"drug": "clopidogrel", "coded": "no"}]},
            {"abrocitinib": "antiplatelet drug on record: contraindicated in the first 3 months"},
        ),
    ],
    ids=["in use", "used before", "allergy", "risk", "no risk", "risk by a list"],
)
def test_therapy_is_ruled_out_by_its_use_an_allergy_or_a_risk(
    given: Json, expected: dict[str, str]
) -> None:
    assert ruled_out(**given) == expected


def test_therapy_below_its_labelled_age_is_ruled_out_with_the_label() -> None:
    assert ruled_out(age="11 years", weight="40 kg")["tralokinumab"] == "label: 12 years or older"
    assert "tralokinumab" not in ruled_out(age="12 years", weight="40 kg")


def test_therapy_that_was_given_before_is_told_behind_the_others() -> None:
    found = offered(**taken("tralokinumab", "300 days ago"))
    assert "tralokinumab" not in names(found)[:3]
    again: list[Option | RuledOut] = [*found.options, *found.further]
    (one,) = [item for item in again if item.therapy.id == "tralokinumab"]
    assert in_words(one.lowered if isinstance(one, Option) else one.why)
    assert names(offered())[0] == "tralokinumab"


def test_option_has_an_order_if_its_dose_is_known() -> None:
    known = option(offered(weight="80 kg"), "lebrikizumab")
    unknown = option(offered(), "lebrikizumab")
    assert known.truth == "met"
    assert known.order is not None
    assert known.dose
    assert unknown.truth == "unknown"
    assert unknown.order is None
    assert in_words(unknown.not_ordered) == "needed first: weight"


def alone(therapy: str, waits_for: str | None = None, **given: Any) -> Option:
    """The only option of a situation with this step alone."""
    pathway = CLINICAL.pathways["dupilumab", "ad"]
    whole = next(one for one in pathway.situations if one.id == "ad.contraindicated")
    step = next(step for step in whole.order if step.therapy == therapy)
    one = replace(whole, order=(replace(step, waits_for=waits_for),))
    case = patient(claims_held="2015-01-01", **given)
    (found,) = offer(case, one, "ad", CLINICAL.therapies).options
    return found


def test_option_with_a_risk_or_a_step_before_it_has_its_dose_and_no_order() -> None:
    free = alone("upadacitinib")
    at_risk = alone("upadacitinib", **taken("methotrexate", "10 days ago"))
    waiting = alone("upadacitinib", waits_for="the answer of the laboratory")
    assert free.order is not None
    assert (free.lowered, free.not_ordered) == (None, None)
    assert free.dose == at_risk.dose == waiting.dose
    assert (at_risk.order, waiting.order) == (None, None)
    assert "immunosuppressant" in (in_words(at_risk.lowered) or "")
    assert "the answer of the laboratory" in (in_words(waiting.not_ordered) or "")


def test_order_of_an_option_is_for_this_patient_and_a_draft() -> None:
    order = option(offered(), "tralokinumab").order
    assert order is not None
    assert order["resourceType"] == "MedicationRequest"
    assert (order["status"], order["subject"]) == ("draft", {"reference": "Patient/p1"})


def test_step_that_closes_a_gap_says_what_is_missing_and_comes_first() -> None:
    found = offered("crswnp.gap")
    first = found.options[0]
    assert first.closes
    assert first.therapy.id == "nasal_steroid"
    assert "0 of 28 days in one run" in (in_words(first.why) or "")
    assert not option(offered(), "tralokinumab").closes


def test_baseline_tests_are_grouped_for_therapies_that_need_the_same() -> None:
    (tests,) = offered().tests
    assert tests.names == ("upadacitinib", "abrocitinib")
    assert len(tests.orders) == len(tests.checks)
    (alone,) = offered(**taken("upadacitinib", "300 days ago")).tests
    assert alone.names == ("abrocitinib",)


@pytest.mark.parametrize(
    ("gender", "asked"),
    [("male", ["all"]), ("female", ["all", "pregnancy"]), (None, ["all", "pregnancy"])],
)
def test_check_is_not_asked_of_a_patient_of_the_gender_it_is_not_for(
    gender: str | None, asked: list[str]
) -> None:
    case = patient(**({"gender": gender} if gender else {}))
    checks = [Check("all", "a", "L1"), Check("pregnancy", "b", "L1", not_for="male")]
    assert [one.id for one in for_recorded_gender(case, checks)] == asked
