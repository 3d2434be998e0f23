"""Visits whose words say another kind, or another reason, than their codes."""

import pytest
from support.claims import Json, answer, fixture, truth

ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
SEVERE = "copd.initial.uncontrolled.severe"


def severe(**said: object) -> str | None:
    """What is said of severe exacerbations where the one stay says this too."""
    body = fixture("copd-fully-met")
    keys = body["prefetch"]
    stays = [{**one["resource"], **said} for one in keys["encounters"]["entry"]]
    claims = [one["resource"] for one in keys["claims"]["entry"]]
    fills = [one for one in claims if "dayssupply" in str(one)]
    return truth(answer(body, "claims_held", encounters=stays, claims=fills), SEVERE)


def reason(text: str) -> list[Json]:
    """An exacerbation of COPD by its code, with words beside it."""
    return [{"coding": [{"system": ICD, "code": "J44.1"}], "text": text}]


@pytest.mark.parametrize(
    ("class_", "said"),
    [
        ({"code": "IMP", "display": "ambulatory"}, "unknown"),
        ({"code": "EMER", "display": "Telephone encounter"}, "unknown"),
        ({"code": "IMP", "display": "inpatient encounter"}, "met"),
        ({"code": "IMP", "display": "Ward 4B"}, "met"),
        ({"code": "ACUTE", "display": "Hospitalization"}, "met"),
    ],
)
def test_a_class_with_the_name_of_another_is_a_question(class_: Json, said: str) -> None:
    assert severe(**{"class": {"system": ACT, **class_}}) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Rule out COPD exacerbation", "unknown"),
        ("Asthma exacerbation", "unknown"),
        ("Atopic dermatitis", "unknown"),
        ("Shortness of breath", "met"),
        ("Asthma and COPD, acute", "met"),
        ("Exacerbación aguda de EPOC", "met"),
    ],
)
def test_a_reason_with_words_of_another_is_a_question(text: str, said: str) -> None:
    assert severe(reasonCode=reason(text), diagnosis=None) == said
