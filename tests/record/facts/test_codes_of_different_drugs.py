"""Codes of one thing that are of different drugs, trade marks, and words beside "no known allergy"."""

import pytest
from support.claims import NO_OTHER, Json, claim, concept, fixture, truth
from support.claims import answer as answered

NDC = "http://hl7.org/fhir/sid/ndc"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
METFORMIN = {"system": NDC, "code": "00093-7214-01"}
ETANERCEPT = {"system": NDC, "code": "58406-0445-04"}
RITUXIMAB = {
    "system": "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
    "code": "J9312",
}
SALBUTAMOL = {"system": RXNORM, "code": "435", "display": "albuterol"}
HYPERSENSITIVITY = "common.initial.no_contraindication.hypersensitivity"


def asked() -> Json:
    """A request that meets all, without the clinician's word on other immunomodulators."""
    body = fixture("initial-fully-met")
    for one in body["prefetch"]["answers"]["entry"]:
        items = one["resource"]["item"]
        one["resource"]["item"] = [item for item in items if item["linkId"] != NO_OTHER]
    return body


def beside(product: Json) -> str:
    """Whether no other immunomodulator is on record beside a claim of this product."""
    body = asked()
    claims = [one["resource"] for one in body["prefetch"]["claims"]["entry"]]
    line = claim("line", "2026-10-28", 30, METFORMIN)
    line["item"][0]["productOrService"] = product
    line["patient"] = {"reference": f"Patient/{body['context']['patientId']}"}
    return str(truth(answered(body, "claims_held", claims=[*claims, line]), NO_OTHER))


@pytest.mark.parametrize(
    ("codings", "expected"),
    [
        ([METFORMIN], "met"),
        ([METFORMIN, {"system": NDC, "code": "00093-1048-01"}], "met"),
        ([METFORMIN, {**SALBUTAMOL, "code": "999999990"}], "met"),
        ([METFORMIN, {"system": "urn:x:products", "code": "77"}], "met"),
        ([METFORMIN, ETANERCEPT], "unknown"),
        ([RITUXIMAB, METFORMIN], "unknown"),
        ([METFORMIN, {"system": NDC, "code": "99997-0445-04"}], "unknown"),
        ([{"system": RXNORM, "code": "999999990"}, METFORMIN], "unknown"),
        ([ETANERCEPT], "not_met"),
    ],
)
def test_codes_of_different_drugs_contradict_each_other(codings: list[Json], expected: str) -> None:
    assert beside({"coding": codings}) == expected


def test_a_name_of_the_whole_tells_what_an_unknown_code_is() -> None:
    unknown = {"system": NDC, "code": "99997-0445-04"}
    assert beside({"coding": [METFORMIN, unknown], "text": "metformin 500 mg"}) == "met"


@pytest.mark.parametrize("name", ["Lipitor®", "Eliquis™ 5 mg", "Zyrtec℠", "Advair®Diskus"])
def test_a_trade_mark_is_no_part_of_a_name(name: str) -> None:
    assert beside({"text": name}) == "met"


@pytest.mark.parametrize(
    ("code", "made_of", "expected"),
    [
        ("metformin", "adalimumab", "unknown"),
        ("metformin", "metformin", "met"),
        ("metformin", None, "met"),
    ],
)
def test_a_product_made_of_something_else_than_its_code_says(
    code: str, made_of: str | None, expected: str
) -> None:
    body = asked()
    patient = {"reference": f"Patient/{body['context']['patientId']}"}
    inner: Json = {"resourceType": "Medication", "id": "m", "code": {"text": code}}
    if made_of:
        inner["ingredient"] = [{"itemCodeableConcept": {"text": made_of}}]
        if made_of == "adalimumab":
            inner["ingredient"] = [
                {"itemCodeableConcept": concept({"system": RXNORM, "code": "327361"})}
            ]
    listed = {
        "resourceType": "MedicationRequest",
        "id": "listed",
        "status": "active",
        "intent": "order",
        "subject": patient,
        "authoredOn": "2026-10-01",
        "contained": [inner],
        "medicationReference": {"reference": "#m"},
    }
    assert truth(answered(body, "claims_held", medications=[listed]), NO_OTHER) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Dupixent", "unknown"),
        ("Polysorbate 80: hives", "unknown"),
        ("No known allergies", "not_met"),
        ("none per mother", "not_met"),
    ],
)
def test_words_that_name_the_drug_beside_no_known_allergy(words: str, expected: str) -> None:
    body = asked()
    none = {
        "resourceType": "AllergyIntolerance",
        "id": "none",
        "patient": {"reference": f"Patient/{body['context']['patientId']}"},
        "clinicalStatus": concept({"code": "active"}),
        "code": {
            "coding": [{"system": "http://snomed.info/sct", "code": "716186003"}],
            "text": words,
        },
    }
    found = answered(body, "claims_held", allergies=[none])
    assert truth(found, HYPERSENSITIVITY) == expected
