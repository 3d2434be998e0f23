"""New orders: for the same patient, by the same prescriber, as drafts, without the chart's words."""

from dataclasses import replace
from typing import Any

import pytest
from support.clinical.patient import case_of

from service.clinical.orders.new_orders import (
    carried_over,
    coded_concept,
    is_id,
    medication_order,
    patient_visit_and_prescriber,
    service_order,
    service_orders,
)
from service.clinical.therapies_and_pathways import Coding, Instruction, Ordered, OrderedAmount
from service.facts.case import Case

SNOMED, ICD = "http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10-cm"
LOINC = Coding("http://loinc.org", "26449-9", "Eosinophils")
TABLET = Coding("http://www.nlm.nih.gov/research/umls/rxnorm", "1", "A tablet")
ECZEMA = {"coding": [{"system": ICD, "code": "L20.9"}]}
ASTHMA = {"coding": [{"system": ICD, "code": "J45.50"}]}
SERVER = "https://ehr.example/r4"
Json = dict[str, Any]


def case(**changes: Any) -> Case:
    return case_of({}, "ad", changes)


def test_subject_of_a_new_order_is_this_patient_whatever_the_draft_says() -> None:
    other = case(subject={"reference": "Patient/another"})
    assert patient_visit_and_prescriber(other)["subject"] == {"reference": "Patient/p1"}


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("Practitioner/doc", "Practitioner/doc"),
        (f"{SERVER}/Practitioner/doc", "Practitioner/doc"),
        ("Organization/clinic", "Organization/clinic"),
        ("https://elsewhere.example/Practitioner/doc", None),
        ("Patient/p1", None),
        ("Practitioner/no id", None),
        ("#inside", None),
    ],
)
def test_prescriber_is_taken_over_by_type_and_id_of_this_server(
    reference: str, expected: str | None
) -> None:
    found = patient_visit_and_prescriber(case(requester={"reference": reference})).get("requester")
    assert found == (None if expected is None else {"reference": expected})


def test_visit_is_taken_over_only_from_an_encounter() -> None:
    visit = case(encounter={"reference": "Encounter/e1", "display": "words of the chart"})
    assert patient_visit_and_prescriber(visit)["encounter"] == {"reference": "Encounter/e1"}
    assert "encounter" not in patient_visit_and_prescriber(
        case(encounter={"reference": "Location/e1"})
    )
    assert "encounter" not in patient_visit_and_prescriber(case(encounter="absent"))


def test_reasons_for_the_disease_are_taken_over_once_with_our_name_and_no_others() -> None:
    found = carried_over(
        case(reasonCode=[{**ECZEMA, "text": "a chart's words"}, ECZEMA, ASTHMA]), "ad"
    )
    (reason,) = found["reasonCode"]
    assert reason["coding"] == ECZEMA["coding"]
    assert "chart" not in str(reason)
    assert (
        carried_over(case(reasonCode=[ASTHMA]), "asthma")["reasonCode"][0]["coding"]
        == ASTHMA["coding"]
    )
    assert "reasonCode" not in carried_over(case(reasonCode=[ASTHMA]), "ad")


def test_coverage_is_taken_over_only_if_the_request_has_it() -> None:
    known = case()
    (coverage,) = known.record.resources["Coverage"]
    named = {"reference": f"Coverage/{coverage['id']}"}
    found = carried_over(case(insurance=[named, {"reference": "Coverage/unknown"}]), "ad")
    assert found["insurance"] == [named]
    assert "insurance" not in carried_over(
        case(insurance=[{"reference": "Coverage/unknown"}]), "ad"
    )


@pytest.mark.parametrize(
    ("concept", "codes"),
    [
        ({"coding": [{"system": SNOMED, "code": "1"}], "text": "words"}, ["1"]),
        ({"coding": [{"system": SNOMED, "code": "1 2"}]}, ["1 2"]),
        ({"coding": [{"system": SNOMED, "code": "1\t2"}]}, None),
        ({"coding": [{"system": "SNOMED", "code": "1"}]}, None),
        ({"coding": [{"system": "a b:c", "code": "1"}]}, None),
        ({"coding": [{"code": "1"}]}, None),
        ({"text": "words"}, None),
    ],
)
def test_concept_keeps_its_sound_codes_and_our_name(concept: Json, codes: list[str] | None) -> None:
    found = coded_concept(concept, "our name")
    if codes is None:
        assert found is None
    else:
        assert found is not None
        assert [one["code"] for one in found["coding"]] == codes
        assert found["text"] == "our name"
    assert "text" not in (coded_concept(concept) or {})


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a-1.B", True), ("x" * 64, True), ("x" * 65, False), ("", False), ("a/b", False), (7, False)],
)
def test_id_is_one_that_a_reference_may_contain(value: object, expected: bool) -> None:
    assert is_id(value) is expected


WHOLE = Ordered(
    TABLET,
    (
        Instruction("two at once", OrderedAmount(2.0, "{tablet}"), once=True),
        Instruction("then one every 2 weeks", OrderedAmount(0.5, "mg"), every=(2, "wk")),
        Instruction("as told"),
    ),
    OrderedAmount(30.0, "{tablet}"),
    28,
)


def test_medication_order_has_product_instructions_and_supply() -> None:
    order = medication_order(case(), WHOLE, "ad")
    assert (order["status"], order["intent"], order["authoredOn"]) == (
        "draft",
        "order",
        "2026-11-20",
    )
    assert order["medicationCodeableConcept"]["coding"][0]["code"] == "1"
    first, second, third = order["dosageInstruction"]
    assert first["timing"] == {"repeat": {"count": 1}}
    assert second["timing"]["repeat"] == {"frequency": 1, "period": 2, "periodUnit": "wk"}
    assert (second["sequence"], second["doseAndRate"][0]["doseQuantity"]["value"]) == (2, 0.5)
    assert third == {"sequence": 3, "text": "as told"}
    assert order["dispenseRequest"]["quantity"]["value"] == 30
    assert isinstance(order["dispenseRequest"]["quantity"]["value"], int)
    assert order["dispenseRequest"]["expectedSupplyDuration"]["value"] == 28


def test_medication_order_without_instructions_and_supply_has_none() -> None:
    order = medication_order(
        case(), replace(WHOLE, instructions=(), quantity=None, days=None), "ad"
    )
    assert "dosageInstruction" not in order
    assert "dispenseRequest" not in order


def test_service_order_is_a_draft_for_its_code_without_the_disease() -> None:
    order = service_order(case(reasonCode=[ECZEMA]), LOINC)
    assert (order["resourceType"], order["status"]) == ("ServiceRequest", "draft")
    assert order["code"]["text"] == "Eosinophils"
    assert "reasonCode" not in order
    both = service_orders(case(), [LOINC, TABLET, LOINC])
    assert [one["code"]["coding"][0]["code"] for one in both] == ["26449-9", "1"]
