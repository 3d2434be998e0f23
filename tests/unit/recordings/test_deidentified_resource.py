"""What of a resource is kept: results, texts of ages, payers, numbers in place of codes."""

from datetime import date
from typing import Any

import orjson
import pytest
from support.recordings import fixture, words

from service.recordings.deidentified_request import Deidentifier
from service.recordings.deidentified_resource import NO_ELEMENT

DAY = date(2026, 11, 21)
SAFE = Deidentifier(words(), b"secret")
AGE = {"text": "Age"}
AGE_IN_CODE = {"coding": [{"system": "http://loinc.org", "code": "30525-0"}]}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"valueQuantity": {"value": 92, "unit": "a"}}, {"value": 90, "unit": "a"}),
        ({"valueQuantity": {"value": 1104, "code": "mo"}}, {"value": 1080, "code": "mo"}),
        ({"valueQuantity": {"value": 92, "unit": "yr"}}, {"value": 90}),
        ({"valueQuantity": {"value": 91, "unit": "yr"}, "code": AGE}, {"value": 90}),
        ({"valueQuantity": {"value": 91}, "code": AGE}, {"value": 90}),
        ({"valueInteger": 91, "code": AGE}, 90),
        ({"valueInteger": 91, "code": {"text": "Body weight"}}, 91),
        ({"valueInteger": 91, "code": {"text": "Pulse"}}, 90),
        ({"valueQuantity": {"value": 95}, "code": AGE_IN_CODE}, {"value": 90}),
        ({"valueQuantity": {"value": 95, "unit": "Jahre"}, "code": AGE_IN_CODE}, {"value": 90}),
        ({"valueQuantity": {"value": 95, "unit": "{years}"}, "code": AGE_IN_CODE}, {"value": 90}),
        ({"valueRange": {"low": {"value": 95}}, "code": AGE_IN_CODE}, {"low": {"value": 90}}),
        ({"valueQuantity": {"value": 95, "unit": "kg"}, "code": AGE_IN_CODE}, {"value": 95}),
        ({"valueQuantity": {"value": 601555, "unit": "Okafor"}}, {"value": None}),
        ({"valueDecimal": 601.5550142}, 601.6),
        (
            {"valueRange": {"high": {"value": 95, "code": "a"}}},
            {"high": {"value": 90, "code": "a"}},
        ),
        ({"valueQuantity": {"value": 6015551234}}, None),
        ({"valueInteger": 601555}, None),
        ({"valueQuantity": {"value": 250000, "unit": "%"}}, {"value": 250000, "unit": "%"}),
    ],
)
def test_results_that_are_ages_or_long_numbers(said: dict[str, Any], kept: Any) -> None:
    body = fixture("p001-claims")
    resource = {"resourceType": "Observation", "code": {"text": "Weight"}, **said}
    body["prefetch"]["observations"] = {"entry": [{"resource": resource}]}
    (safe,) = SAFE.candidates(body, DAY, 1)
    got = safe.body["prefetch"]["observations"]["entry"][0]["resource"]
    values = [value for name, value in got.items() if name.startswith("value")]
    if isinstance(kept, dict):
        (value,) = values
        assert {name: value.get(name) for name in kept} == kept
    else:
        assert values == ([] if kept is None else [kept])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("onsetString", "92"),
        ("onsetString", "92 y/o"),
        ("abatementString", "at 92 yo"),
        ("onsetString", "92-year-old"),
        ("onsetString", "1104 months"),
    ],
)
def test_texts_of_ages_are_replaced(name: str, text: str) -> None:
    body = fixture("p001-claims")
    body["prefetch"]["conditions"]["entry"][0]["resource"] |= {name: text}
    (safe,) = SAFE.candidates(body, DAY, 1)
    kept = safe.body["prefetch"]["conditions"]["entry"][0]["resource"][name]
    assert "text " in kept
    assert text[:2] not in kept.partition("text ")[0]
    assert safe.dropped["text replaced"] >= 1


def test_a_text_of_an_age_is_replaced_in_a_result_that_is_an_age() -> None:
    body = fixture("p001-claims")
    resources = [
        {"resourceType": "Observation", "code": {"text": about}, "valueString": "92"}
        for about in ("Age", "Score", "Body weight")
    ]
    body["prefetch"]["observations"] = {"entry": [{"resource": one} for one in resources]}
    (safe,) = SAFE.candidates(body, DAY, 1)
    *ages, weight = safe.body["prefetch"]["observations"]["entry"]
    assert all(one["resource"]["valueString"].startswith("text ") for one in ages)
    assert weight["resource"]["valueString"] == "92"


@pytest.mark.parametrize("system", [None, "http://snomed.info/sct", "https://okafor.example"])
def test_a_long_number_in_place_of_a_code_is_replaced(system: str | None) -> None:
    body = fixture("p001-claims")
    coding = {"system": system, "code": "6015551", "display": "6015551"}
    coding = {name: value for name, value in coding.items() if value}
    resource = body["prefetch"]["conditions"]["entry"][0]["resource"]
    resource["code"] = {"coding": [coding], "text": "6015551"}
    (safe,) = SAFE.candidates(body, DAY, 1)
    assert b"6015551" not in orjson.dumps(safe.body)


def test_a_modifier_extension_is_still_seen() -> None:
    body = fixture("p001-claims")
    entry = body["prefetch"]["observations"]["entry"][0]["resource"]
    entry["modifierExtension"] = [{"url": "https://secret.example/x", "valueBoolean": True}]
    (safe,) = SAFE.candidates(body, DAY, 1)
    kept = safe.body["prefetch"]["observations"]["entry"][0]["resource"]
    assert kept["modifierExtension"] == [{"url": "https://dupilumab-cds.github.io/fhir/removed"}]


def test_names_that_fhir_does_not_give_are_counted_as_one() -> None:
    body = fixture("p001-claims")
    body["prefetch"]["patient"] |= {"okafor": "x", "amaraOkafor": {"a": 1}, "photo": [{"url": "x"}]}
    body["context"]["okafor"] = body["okafor"] = 1
    (safe,) = SAFE.candidates(body, DAY, 1)
    assert (safe.dropped[NO_ELEMENT], safe.dropped["photo"]) == (4, 1)
    assert "kafor" not in " ".join(safe.dropped)


def test_a_payer_is_named_by_the_words_of_the_documents_and_a_person_by_none() -> None:
    body = fixture("p001-claims")
    coverage = {"resourceType": "Coverage", "payor": [{"display": "Blue Cross Okafor"}]}
    body["prefetch"]["coverage"] = {"entry": [{"resource": coverage}]}
    person = {"reference": "Patient/x", "display": "Cross Okafor with asthma"}
    body["context"]["draftOrders"]["entry"][0]["resource"]["subject"] = person
    (safe,) = SAFE.candidates(body, DAY, 1)
    kept = safe.body["prefetch"]["coverage"]["entry"][0]["resource"]["payor"][0]["display"]
    assert kept.startswith("blue cross ")
    assert "kafor" not in kept
    subject = safe.body["context"]["draftOrders"]["entry"][0]["resource"]["subject"]["display"]
    assert subject.startswith("text ")


@pytest.mark.parametrize(
    ("payor", "kept"),
    [
        ({"display": "Commercial Insurance"}, "commercial insurance"),
        ({"reference": "Patient/x", "display": "Ann Cross"}, "text"),
    ],
)
def test_a_payer_that_is_not_told_apart(payor: dict[str, str], kept: str) -> None:
    body = fixture("p001-claims")
    entry = {"resource": {"resourceType": "Coverage", "payor": [payor]}}
    body["prefetch"]["coverage"] = {"entry": [entry]}
    (safe,) = SAFE.candidates(body, DAY, 1)
    (named,) = safe.body["prefetch"]["coverage"]["entry"][0]["resource"]["payor"]
    assert named["display"].startswith(kept)
    assert "cross" not in named["display"].lower()
