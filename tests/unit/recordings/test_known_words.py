"""Which codes, names and texts may stand in a recording."""

import pytest
from support.recordings import words

SNOMED, LOINC = "http://snomed.info/sct", "http://loinc.org"


@pytest.mark.parametrize(
    ("system", "code", "known"),
    [
        (SNOMED, "24079001", True),
        (SNOMED, "123456789", False),
        (LOINC, "8867-4", True),
        (LOINC, "8867-5", False),
        ("http://hl7.org/fhir/sid/icd-10-cm", "E11.9", True),
        ("http://hl7.org/fhir/sid/icd-10-cm", "SMITH", False),
        ("http://terminology.hl7.org/CodeSystem/claim-type", "pharmacy", True),
        ("http://terminology.hl7.org/CodeSystem/claim-type", "Okafor", False),
        (None, "active", True),
        (None, "Okafor", False),
    ],
)
def test_codes(system: str | None, code: str, known: bool) -> None:
    assert words().is_code(system, code) is known


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("Atopic dermatitis", True),
        ("12 %", True),
        ("inject 300 mg every 14 days", True),
        ("Amara Okafor", False),
        ("12 Main Street", False),
        ("severe", True),
        ("IGA as told by Amara", False),
    ],
)
def test_texts(text: str, known: bool) -> None:
    assert words().is_text(text) is known


def test_drugs_and_decisions() -> None:
    assert words().is_drug("lisinopril 10 MG Oral Tablet")
    assert not words().is_drug("lisinopril as Amara told")
    assert words().is_decision("Approved for 12 months")
    assert not words().is_decision("Approved by Amara Okafor")
    assert words().is_payer_name("BCBSMS")


def test_what_is_listed() -> None:
    assert words().is_hook("order-sign")
    assert words().is_type("Observation")
    assert not words().is_type("Okafor")
    assert words().is_criterion("ad.initial.age")
    assert not words().is_extension("https://secret.example/x")
    assert words().part_of("State Health Plan of Amara") == "State Health Plan"


NUMBERS_OF_PEOPLE = [
    "123-45-6789",
    "601-555-1234",
    "(601) 555-1234",
    "601.555.1234",
    "555 1234",
    "1961-05-17",
    "05/17/1961",
    "5/17/61",
    "12/05",
    "1961",
    "91 years",
]


@pytest.mark.parametrize("text", NUMBERS_OF_PEOPLE)
def test_numbers_of_people_are_no_amounts(text: str) -> None:
    assert not words().is_text(text)
    assert not words().is_text(f"300 mg every 14 days {text}")
    assert not words().is_drug(f"lisinopril {text}")
    assert not words().is_decision(f"Approved {text}")


@pytest.mark.parametrize(
    "text",
    ["2000 mg", "1-2 puffs", "200-300 mg", "1.5", "600 mg, then 300 mg every 2 weeks", "64 years"],
)
def test_amounts_are_kept(text: str) -> None:
    assert words().is_text(text)


def test_strengths_of_drugs_are_kept() -> None:
    assert words().is_drug("fluticasone / salmeterol 100/50 MCG")


def test_the_names_that_a_longer_text_holds() -> None:
    own = "Amara Okafor"
    assert words().names_in(f"{own} atopic dermatitis, {own}") == ("atopic dermatitis",)
    assert words().drugs_in(f"Dupixent for {own} Brown") == ("dupixent",)
    assert {"blue", "mississippi"} <= {*words().payer_words_in(f"BlueCross of Mississippi {own}")}
    assert words().payer_words_in(own) == ()
    assert words().decision_in(f"Approved {own}") == ("approved", True)
    assert words().decision_in("Approved (x7)") == ("approved", False)
