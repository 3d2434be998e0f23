"""Who prescribes, which pharmacy dispenses, and whether the drug was ever given."""

from dataclasses import replace

import pytest
from support.fact_case import Answer, patient, said, worded

from service.facts.order.prescriber_and_pharmacy import network_pharmacy, specialty
from service.policy.operators import NetworkPharmacy, Specialty

SKIN = Specialty(any_of=("specialty.dermatology",))


def found(prescriber: object, asked: Specialty = SKIN) -> Answer:
    return worded(specialty(patient(prescriber=prescriber), asked))


def test_specialist_that_the_policy_asks_for_is_met() -> None:
    assert said(found("dermatology")) == "met"
    assert said(found({"specialty": "dermatology", "in": "qualification"})) == "met"


def test_other_specialist_is_a_question_for_a_consultation_counts_too() -> None:
    assert said(found("otolaryngology")) == "unknown attestation"


def test_specialty_of_somebody_else_does_not_count() -> None:
    assert said(found({"specialty": "dermatology", "whose": "somebody else"})) == (
        "unknown not_found"
    )


def test_prescriber_without_a_specialty_is_not_found() -> None:
    assert said(found(None)) == "unknown not_found"


def test_specialist_for_the_disease_of_the_order_is_met() -> None:
    asked = Specialty(of_disease=(("ad", ("specialty.dermatology",)),))
    assert said(specialty(patient("ad", prescriber="dermatology"), asked)) == "met"
    assert said(specialty(patient("eoe", prescriber="dermatology"), asked)) == (
        "unknown attestation"
    )


@pytest.mark.parametrize(
    ("in_network", "held", "expected"),
    [
        (True, "no", "met"),
        (False, "yes", "not_met"),
        (False, "no", "unknown attestation"),
        (None, "yes", "unknown attestation"),
    ],
)
def test_pharmacy_is_in_the_network_list_or_surely_not(
    in_network: bool | None, held: str, expected: str
) -> None:
    plain = patient(order={"pharmacy": "Main Street"}, pharmacies_held=held)
    case = replace(plain, in_network=lambda _: in_network)
    finding = network_pharmacy(case, NetworkPharmacy())
    assert said(finding) == expected
    assert finding.evidence[0].value == "Main Street"


def test_order_without_a_pharmacy_asks_for_one() -> None:
    finding = worded(network_pharmacy(patient(), NetworkPharmacy()))
    assert said(finding) == "unknown attestation"
    assert finding.miss == "no pharmacy on the order"
