"""Which draft orders are for the drug, and for which disease."""

from typing import Any

import pytest
from support.cases.run import library
from support.fact_case import patient
from support.policies import indication, policy

from service.facts.order.drafts import (
    Asked,
    Draft,
    active_diagnoses,
    as_order,
    drafts_of,
    indications_asked,
    policy_order,
)

DOCUMENTS = library()
ORDERS, DIAGNOSES = (DOCUMENTS.source_of(name) for name in ("MedicationRequest", "Condition"))
NAMES = DOCUMENTS.drug_names["dupilumab"]
RXNORM, NDC = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://hl7.org/fhir/sid/ndc"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
SYRINGE = {"coding": [{"system": RXNORM, "code": "1876401", "display": "a syringe"}]}
METFORMIN = {"coding": [{"system": NDC, "code": "68382002801"}], "text": "metformin"}
POLICY = policy(indication("ad"), indication("asthma"))
POINTING = DOCUMENTS.knowledge.pointing
Json = dict[str, Any]


def order(concept: Json | None = None, **more: Any) -> Json:
    found: Json = {
        "resourceType": "MedicationRequest",
        "id": "rx1",
        "status": "draft",
        "subject": {"reference": "Patient/p1"},
        **more,
    }
    return found | ({"medicationCodeableConcept": concept} if concept else {})


def drafts(*orders: Json) -> list[Draft]:
    return [*drafts_of(patient().record, orders, ORDERS, "dupilumab", NAMES)]


def test_order_with_a_code_of_the_drug_is_a_clear_draft_with_its_product() -> None:
    (found,) = drafts(order(SYRINGE))
    assert (found.reference, found.clear, found.label) == (
        "MedicationRequest/rx1",
        True,
        "a syringe",
    )
    assert found.product["device"] == "syringe"


@pytest.mark.parametrize(
    "given",
    [
        order({"text": "Dupilumab 300 mg"}),
        order({"text": "dupi-lumab"}),
        order({"coding": [{"system": "urn:local", "code": "7", "display": "Dupixent pen"}]}),
        order(medicationReference={"display": "dupilumab"}),
        order(medication={"concept": {"text": "dupilumab"}}),
        order({"coding": [{"code": "1876401"}]}),
    ],
    ids=["text", "broken text", "display", "reference", "R5", "no system"],
)
def test_order_that_names_the_drug_otherwise_is_a_draft_that_is_not_clear(given: Json) -> None:
    (found,) = drafts(given)
    assert (found.clear, found.product) == (False, {})


@pytest.mark.parametrize(
    "given",
    [
        order(METFORMIN),
        order({"text": "not this one"}),
        order(),
        order(SYRINGE, status="cancelled"),
        order(SYRINGE, status="entered-in-error"),
        order(SYRINGE, doNotPerform=True),
        order(SYRINGE, subject={"reference": "Patient/p2"}),
        {**order(SYRINGE), "resourceType": "MedicationStatement"},
    ],
    ids=[
        *("another drug", "no drug", "nothing", "cancelled", "in error", "prohibited"),
        *("another patient", "no order"),
    ],
)
def test_order_for_something_else_or_not_to_be_judged_is_no_draft(given: Json) -> None:
    assert drafts(given) == []


def asked(*reasons: Json, diagnoses: list[Json] | None = None) -> Asked:
    record = patient(diagnoses=diagnoses or []).record
    return indications_asked(
        record, order(SYRINGE, reasonCode=[*reasons]), POLICY, DIAGNOSES, POINTING
    )


def coded(code: str, **more: str) -> Json:
    return {"coding": [{"system": ICD, "code": code}], **more}


ECZEMA: Json = {"is": "atopic dermatitis"}
ASTHMA: Json = {"is": "asthma"}


@pytest.mark.parametrize(
    ("reasons", "diagnoses", "expected"),
    [
        ([coded("L20.9")], [], Asked(("ad",), True, False)),
        ([coded("L20.9")], [ASTHMA], Asked(("ad",), True, False)),
        ([coded("J45.50"), coded("L20.9")], [], Asked(("ad", "asthma"), True, False)),
        ([], [ASTHMA, ECZEMA], Asked(("ad", "asthma"), False, False)),
        ([coded("L50.8")], [ECZEMA], Asked((), True, True)),
        ([{"text": "rash"}], [ECZEMA], Asked((), False, False, unread=True)),
        ([], [], Asked((), False, False)),
    ],
    ids=[
        *("the reason", "the reason before diagnoses", "two reasons", "diagnoses"),
        *("another disease", "words", "nothing"),
    ],
)
def test_reason_tells_the_disease_else_the_active_diagnoses(
    reasons: list[Json], diagnoses: list[Json], expected: Asked
) -> None:
    assert asked(*reasons, diagnoses=diagnoses) == expected


def test_reason_that_may_mean_a_disease_is_settled_by_the_problem_list() -> None:
    eczema = {"text": "eczema"}
    open_ = asked(eczema)
    assert (open_.live, open_.perhaps, open_.unread) == ((), ("ad",), True)
    settled = asked(eczema, diagnoses=[ECZEMA, ASTHMA])
    assert (settled.live, settled.perhaps) == (("ad",), ("ad",))


def test_code_of_another_disease_whose_words_name_one_of_ours_is_open() -> None:
    assert asked(coded("L50.8", text="Atopic dermatitis")).perhaps == ("ad",)
    assert asked(coded("L50.8", text="Chronic urticaria")).outside


@pytest.mark.parametrize(
    ("diagnosis", "active"),
    [
        (ECZEMA, True),
        ({**ECZEMA, "status": "resolved"}, False),
        ({**ECZEMA, "verified": "refuted"}, False),
        ({**ECZEMA, "verified": "provisional"}, False),
        ({**ECZEMA, "patient": "p2"}, False),
    ],
)
def test_diagnosis_is_active_if_it_counts_today(diagnosis: Json, active: bool) -> None:
    found = active_diagnoses(patient(diagnoses=[diagnosis]).record, POLICY, DIAGNOSES)
    assert list(found) == (["ad"] if active else [])


def test_indications_are_in_the_order_of_the_policy() -> None:
    assert policy_order(POLICY, {"asthma"}, {"ad", "unheard"}) == ("ad", "asthma")
    assert policy_order(POLICY) == ()


def test_order_has_the_diseases_it_is_judged_for() -> None:
    (draft,) = drafts(order(SYRINGE))
    found = as_order(draft, Asked(("ad",), from_order=True, outside=False))
    assert (found.reference, found.indications, found.reason_given, found.label) == (
        draft.reference,
        ("ad",),
        True,
        "a syringe",
    )
