"""The order against the labelled doses for the disease, the age and the weight."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from support.cases.run import library
from support.fact_case import Answer, patient, said, worded
from support.fact_case import in_words as said_of
from support.regimens import ASKED, RENEWAL

from service.facts.order.doses import Doses
from service.facts.order.regimen import in_words, regimen
from service.policy.operators import Regimen

ADULT = {"loading": "600 mg", "dose": "300 mg", "every": "14 days"}
Json = dict[str, object]


def found(order: Mapping[str, object], asked: Regimen = ASKED, **given: object) -> Answer:
    case = patient(order={"quantity": None, "lasts": None, **order}, **given)
    order_ = replace(case.order, product={"dose_mg": 300, "volume_ml": 2})
    return worded(regimen(replace(case, order=order_), asked))


def test_labelled_dose_of_an_adult_is_met() -> None:
    assert said(found(ADULT)) == "met"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"dose": "301 mg"}, "not_met"),
        ({"every": "13 days"}, "not_met"),
        ({"loading": "601 mg"}, "not_met"),
        ({"every": "15 days"}, "met"),
        ({"dose": "600 mg", "every": "28 days", "loading": None}, "unknown review"),
    ],
)
def test_order_above_the_label_is_not_met(change: Json, expected: str) -> None:
    assert said(found({**ADULT, **change})) == expected


def test_order_above_the_label_says_what_is_ordered_and_what_is_labelled() -> None:
    miss = found({**ADULT, "every": "7 days"}).miss
    assert miss is not None
    assert miss.startswith("ordered 600 mg once, then 300 mg every 7 days, label ")


def test_order_below_the_label_is_met_with_a_note() -> None:
    (note,) = found({**ADULT, "every": "28 days"}).notes
    assert note.startswith("Less than the labelled regimen (")


def test_dose_that_the_ordered_product_cannot_give_is_a_question() -> None:
    case = patient(order={"dose": "300 mg", "quantity": None, "lasts": None})
    order = replace(case.order, product={"dose_mg": 200, "volume_ml": 1.14, "device": "pen"})
    finding = worded(regimen(replace(case, order=order), ASKED))
    assert said(finding) == "unknown imprecise"
    assert finding.miss == "300 mg is no whole number of 200 mg pens"


def test_loading_dose_at_renewal_is_for_the_reviewer() -> None:
    assert said(found(ADULT, RENEWAL)) == "unknown review"
    assert said(found({**ADULT, "loading": None}, RENEWAL)) == "met"


CHILD = {
    "drug": "dupilumab 300 mg syringe",
    "loading": "600 mg",
    "dose": "300 mg",
    "every": "28 days",
}


@pytest.mark.parametrize(
    ("weight", "expected"),
    [
        ({"is": "20 kg", "on": "90 days ago"}, "met"),
        ({"is": "20 kg", "on": "91 days ago"}, "unknown stale"),
        (None, "unknown not_found"),
    ],
)
def test_weight_of_a_child_must_be_recent(weight: Json | None, expected: str) -> None:
    assert said(found(CHILD, age="8 years", weight=weight)) == expected


def test_patient_below_the_youngest_labelled_age_is_for_the_reviewer() -> None:
    young = found(CHILD, age="5 months", weight="7 kg")
    assert said(young) == "unknown review"
    assert young.miss == "5 months old; the labelled doses begin at 6 months"


def test_order_without_a_dose_in_figures_is_asked_for() -> None:
    unread = found({"text": "as directed"})
    assert said(unread) == "unknown not_found"
    assert unread.way == "order"


def test_patient_without_a_birth_date_has_no_labelled_dose() -> None:
    assert said(found(ADULT, born=None)) == "unknown not_found"


@pytest.mark.parametrize(
    ("doses", "words"),
    [
        (Doses(300, 14), "300 mg every 14 days"),
        (Doses(300, 14, 600), "600 mg once, then 300 mg every 14 days"),
        (Doses(loading_mg=600), "600 mg once"),
    ],
)
def test_doses_are_said_in_words(doses: Doses, words: str) -> None:
    assert said_of(in_words(doses)) == words


def beside(*drafts: Mapping[str, object]) -> Answer:
    """The answer for the labelled order where these drafts are signed with it."""
    case = patient(order={**ADULT, "quantity": None, "lasts": None})
    own = case.order.resource
    order = replace(case.order, product={"dose_mg": 300, "volume_ml": 2})
    drafts_of_patient = [
        {**own, "id": f"other{n}", "dosageInstruction": [], **draft}
        for n, draft in enumerate(drafts)
    ]
    case.record.propose(drafts_of_patient, library().source_of("MedicationRequest"))
    return worded(regimen(replace(case, order=order), ASKED))


SERVICE = {"resourceType": "ServiceRequest"}
SYRINGE = {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "1876401"}]}


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ({}, "unknown not_found"),
        ({"dosageInstruction": [{"text": "300 mg every week"}]}, "unknown not_found"),
        ({"medicationCodeableConcept": {"text": "Dupixent, every week"}}, "unknown not_found"),
        ({**SERVICE, "code": SYRINGE}, "unknown not_found"),
        ({**SERVICE, "code": {"text": "Dupixent 600 mg, in clinic"}}, "unknown not_found"),
        ({**SERVICE, "code": {"text": "Dupixent loading dose"}}, "unknown not_found"),
        ({**SERVICE, "code": {"text": "Dupixent: teaching of injection"}}, "met"),
        ({"status": "cancelled"}, "met"),
        ({"doNotPerform": True}, "met"),
        ({"medicationCodeableConcept": {"text": "metformin"}}, "met"),
    ],
    ids=str,
)
def test_a_draft_of_the_drug_that_cannot_be_read_leaves_the_dose_open(
    draft: Json, expected: str
) -> None:
    assert said(beside(draft)) == expected


def test_drafts_that_are_too_much_together_say_so_though_a_third_one_cannot_be_read() -> None:
    own = patient(order=ADULT).order.resource["dosageInstruction"]
    miss = beside({"dosageInstruction": own}, {}).miss
    assert miss is not None
    assert miss.startswith("another draft orders 600 mg once, then 300 mg every 14 days; together")
