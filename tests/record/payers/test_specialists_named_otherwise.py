"""Who orders: a specialty whose codes or words contradict each other, and roles that prescribe nothing."""

import pytest
from record.payers.test_specialists import SPECIALIST, Json, ordered_by
from support.asking import NUCC, SNOMED, truths, twin

DERMATOLOGY = {"system": NUCC, "code": "207N00000X"}
FAMILY = {"system": NUCC, "code": "207Q00000X"}
STUDENT = {"system": NUCC, "code": "390200000X"}
ICT = {"system": "http://terminology.hl7.org/CodeSystem/practitioner-role", "code": "ict"}
DOCTOR = {**ICT, "code": "doctor"}


def specialist(specialty: Json, *roles: Json) -> str | None:
    """What is said of the specialist, by a role with this specialty."""
    return truths(twin(ordered_by({"specialty": [specialty], "code": [*roles]}))).get(SPECIALIST)


@pytest.mark.parametrize(
    "specialty",
    [
        {"coding": [{**DERMATOLOGY, "display": "Family Medicine"}]},
        {"coding": [DERMATOLOGY], "text": "Family practice"},
        {"coding": [DERMATOLOGY], "text": "Cardiology"},
        {"coding": [DERMATOLOGY], "text": "Gastroenterology"},
        {"coding": [DERMATOLOGY, FAMILY]},
        {"coding": [FAMILY, DERMATOLOGY]},
        {"coding": [DERMATOLOGY, {"system": SNOMED, "code": "394579002"}]},
        {
            "coding": [{"system": "urn:x", "code": "1", "display": "Cardiology"}],
            "text": "Dermatology",
        },
    ],
)
def test_a_specialty_that_is_another_one_too_is_a_question(specialty: Json) -> None:
    assert specialist(specialty) == "unknown"


@pytest.mark.parametrize(
    "specialty",
    [
        {"coding": [{**DERMATOLOGY, "display": "Dermatology Physician"}]},
        {"coding": [DERMATOLOGY], "text": "Hautarzt"},
        {"coding": [DERMATOLOGY], "text": "Skin clinic, 3rd floor"},
        {"coding": [DERMATOLOGY, {"system": SNOMED, "code": "394582007"}]},
        {"coding": [DERMATOLOGY, {"system": NUCC, "code": "207ND0101X"}]},
        {"coding": [DERMATOLOGY, {"system": "urn:x", "code": "77", "display": "DERM"}]},
        {"coding": [DERMATOLOGY], "text": ["Cardiology"]},
    ],
)
def test_specialty_with_agreeing_or_no_further_words_counts(specialty: Json) -> None:
    assert specialist(specialty) == "met"


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ({"coding": [ICT]}, "unknown"),
        ({"coding": [STUDENT]}, "unknown"),
        ({"text": "Medical student"}, "unknown"),
        ({"coding": [DOCTOR]}, "met"),
        ({"text": "Attending"}, "met"),
        ({}, "met"),
    ],
)
def test_the_specialty_of_one_who_prescribes_nothing_does_not_count(role: Json, said: str) -> None:
    assert specialist({"coding": [DERMATOLOGY]}, role) == said
