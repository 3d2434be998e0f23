"""What the order's reason says that nobody can read is a question, not the disease of the problem list."""

from typing import Any

import pytest
from support.changed import Json, entries, order, request, twin

ICD = "http://hl7.org/fhir/sid/icd-10-cm"
SNOMED = "http://snomed.info/sct"


def told(reason: Json, *problems: Json) -> tuple[str, str | None]:
    """Outcome and reason where the order gives this reason; the problem list holds these."""
    asked = request()
    draft = order(asked)
    draft.pop("reasonCode", None)
    draft.pop("reasonReference", None)
    draft.update(reason)
    if problems:
        asked["prefetch"]["conditions"] = None
        entries(asked, "conditions").extend({"resource": one} for one in problems)
    found = twin(asked)
    return found["outcome"], found["reason"]


def coded(code: str, system: str = ICD, **more: Any) -> Json:
    return {"reasonCode": [{"coding": [{"system": system, "code": code}], **more}]}


UNMAPPED = ("unknown", "unmapped")


@pytest.mark.parametrize(
    "reason",
    [
        {"reasonCode": [{"text": "Rash of unknown origin"}]},
        {"reasonCode": {"text": "requested by patient"}},
        {"reasonReference": [{"display": "Vitiligo"}]},
        {"reasonReference": [{"identifier": {"system": "urn:oid:1.2.3", "value": "77"}}]},
        {"reasonReference": [{"type": "Condition", "identifier": {"value": "77"}}]},
        {"reasonReference": [{"reference": "Condition/lost", "display": "Keloid"}]},
        {"reasonReference": {"reference": "urn:uuid:7f5c1d5e-0000-4000-8000-000000000000"}},
        {
            "contained": [{"resourceType": "Condition", "id": "c"}],
            "reasonReference": [{"reference": "#c"}],
        },
    ],
)
def test_unresolved_reason_is_a_question(reason: Json) -> None:
    assert told(reason) == UNMAPPED


@pytest.mark.parametrize(
    "reason",
    [
        {},
        {"reasonCode": [{}]},
        {"reasonCode": [{"text": "  "}]},
        {"reasonReference": [{}]},
        # a finding is no disease
        {"reasonReference": [{"reference": "Observation/lost", "display": "EASI 24"}]},
        {"reasonReference": [{"type": "Observation", "identifier": {"value": "4"}}]},
    ],
)
def test_order_without_a_reason_is_judged_by_the_problem_list(reason: Json) -> None:
    assert told(reason) == ("met", None)


@pytest.mark.parametrize("text", ["Atopic dermatitis", "atopic DERMATITIS"])
def test_an_exact_name_is_read(text: str) -> None:
    assert told({"reasonCode": [{"text": text}]}) == ("met", None)


ASTHMA = {
    "resourceType": "Condition",
    "id": "other",
    "subject": {"reference": "Patient/elm"},
    "code": {"coding": [{"system": ICD, "code": "M54.50"}]},
}


@pytest.mark.parametrize(
    "code",
    [
        "K20",  # stands above K20.0
        "L28",
        "l28",
        "K20.01",  # no such code: K20.0 has none below
        "L28.1A",
        "R21",  # a symptom
        "Z71.89",
        "Z91.19",
        "Y92.9",
    ],
)
def test_code_that_names_no_disease_is_a_question(
    code: str,
) -> None:
    assert told(coded(code), ASTHMA) == UNMAPPED
    assert told(coded(code), ASTHMA)[0] != "not_addressed"


@pytest.mark.parametrize("code", ["M06.9", "L40.0", "L12.0", "L28.0", "K20.8", "J44.81", "C84.00"])
def test_a_code_of_another_disease_is_another(code: str) -> None:
    assert told(coded(code)) == ("not_addressed", None)


@pytest.mark.parametrize(
    ("code", "words"),
    [("M06.9", "Prurigo nodularis"), ("K21.9", "Asthma, severe"), ("L40.0", "Nasal polyps")],
)
def test_words_that_contradict_the_code_are_a_question(code: str, words: str) -> None:
    assert told(coded(code, text=words), ASTHMA) == UNMAPPED


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("M06.9", "Rheumatoid arthritis"),
        ("L23.9", "Allergic contact dermatitis"),
        ("J32.9", "Chronic sinusitis, unspecified"),
    ],
)
def test_its_own_name_contradicts_no_code(code: str, words: str) -> None:
    assert told(coded(code, text=words)) == ("not_addressed", None)


def test_symptoms_on_the_problem_list_ask_for_no_codes() -> None:
    symptom = {**ASTHMA, "code": {"coding": [{"system": ICD, "code": "R05.9"}]}}
    assert told({}, symptom) == ("unknown", None)
