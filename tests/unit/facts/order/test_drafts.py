"""Which draft orders are for the drug."""

from typing import Any

import pytest
from support.cases.run import library
from support.fact_case import patient

from service.facts.indications import (
    OrderIndications,
)
from service.facts.order.drafts import Draft, as_order, drafts_of

DOCUMENTS = library()
ORDERS = DOCUMENTS.source_of("MedicationRequest")
NAMES = DOCUMENTS.drug_names["dupilumab"]
RXNORM, NDC = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://hl7.org/fhir/sid/ndc"
SYRINGE = {"coding": [{"system": RXNORM, "code": "1876401", "display": "a syringe"}]}
METFORMIN = {"coding": [{"system": NDC, "code": "68382002801"}], "text": "metformin"}
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


def test_order_has_the_diseases_it_is_judged_for() -> None:
    (draft,) = drafts(order(SYRINGE))
    found = as_order(draft, OrderIndications(("ad",), from_order=True, outside=False))
    assert (found.reference, found.indications, found.reason_given, found.label) == (
        draft.reference,
        ("ad",),
        True,
        "a syringe",
    )


def syringe(text: str | None = None, *codes: str) -> Json:
    each = [{"system": RXNORM, "code": code} for code in ("1876401", *codes)]
    return {"coding": each} | ({"text": text} if text else {})


@pytest.mark.parametrize(
    "text",
    ["Dupixent 300 mg/2 mL syringe", "2 ML dupilumab 150 MG/ML Prefilled Syringe", "Dupixent"],
)
def test_strength_of_the_name_is_that_of_the_code(text: str) -> None:
    (found,) = drafts(order(syringe(text)))
    assert found.product["dose_mg"] == 300


@pytest.mark.parametrize(
    "concept",
    [syringe("Dupixent 200 mg pen"), syringe(None, "2099300")],
    ids=["a name with another strength", "a code of another strength"],
)
def test_product_with_two_strengths_has_none(concept: Json) -> None:
    (found,) = drafts(order(concept))
    assert found.clear
    assert found.product == {"strengths_differ": True}


def test_code_of_the_ingredient_beside_the_product_changes_nothing() -> None:
    (found,) = drafts(order(syringe(None, "1876376")))
    assert found.product["dose_mg"] == 300
