"""Two things in one text or in one line: what nobody knows beside a drug that is known is a question."""

import pytest
from support.claims import NO_OTHER, Json, claim, fixture, truth
from support.claims import answer as answered

NDC = "http://hl7.org/fhir/sid/ndc"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
METFORMIN = {"system": NDC, "code": "00093-7214-01"}

OPEN = [
    "prednisone and biologic",
    "methotrexate + biologic",
    "montelukast and JAK inhibitor",
    "omeprazole/anti-TNF",
    "Flonase and study drug xyzmab",
    "prednisone; unknown infusion",
    "clobetasol, investigational product",
    "prednisone & Zyxoria",
    "lisinopril and Zyxoria 40 mg",
    "metformin, blinded trial medication",
    "Tylenol plus monoclonal antibody",
    "atorvastatin / xyzkinra",
]
TOLD = [
    "fluticasone/salmeterol",
    "lisinopril and hydrochlorothiazide",
    "acetaminophen-codeine",
    "Advair Diskus 250/50",
    "Lisinopril-HCTZ 20-12.5 MG Oral Tablet",
    "hydrocodone/APAP 5/325",
    "amoxicillin-clavulanate (AUGMENTIN) 875-125 MG per tablet",
    "albuterol (PROVENTIL HFA;VENTOLIN HFA) 108 (90 Base) MCG/ACT inhaler",
    "metformin, extended release",
    "insulin glargine, long acting",
    "neomycin/polymyxin/HC otic",
    "metformin 500 mg, take with food and plenty of water",
    "atorvastatin 20 mg, nightly",
    "amlodipine, prescribed by cardiology",
    "Nitroglycerin 0.4 MG/ACTUAT Mucosal Spray",
    "calcium carbonate/vitamin D",
    "levonorgestrel/ethinyl estradiol",
    "insulin human, isophane 70 UNT/ML / Regular Insulin, Human 30 UNT/ML Injectable Suspension",
]


def asked() -> Json:
    """A request that meets all, without the clinician's word on other immunomodulators."""
    body = fixture("initial-fully-met")
    for one in body["prefetch"]["answers"]["entry"]:
        items = one["resource"]["item"]
        one["resource"]["item"] = [item for item in items if item["linkId"] != NO_OTHER]
    return body


def with_medication(order: Json) -> str:
    body = asked()
    listed: Json = {
        "resourceType": "MedicationRequest",
        "id": "listed",
        "status": "active",
        "intent": "order",
        "authoredOn": "2026-10-01",
        "subject": {"reference": f"Patient/{body['context']['patientId']}"},
        **order,
    }
    before = [one["resource"] for one in body["prefetch"]["medications"].get("entry", [])]
    return str(truth(answered(body, "claims_held", medications=[*before, listed]), NO_OTHER))


def ways(said: str) -> list[Json]:
    """A text wherever an order may have it."""
    inner = {"resourceType": "Medication", "id": "m", "code": {"text": said}}
    return [
        {"medicationCodeableConcept": {"text": said}},
        {
            "medicationCodeableConcept": {
                "coding": [{"system": "urn:l", "code": "9", "display": said}]
            }
        },
        {"medicationReference": {"display": said}},
        {"contained": [inner], "medicationReference": {"reference": "#m"}},
    ]


@pytest.mark.parametrize("said", OPEN)
def test_unknown_name_joined_to_a_known_drug_is_a_question(said: str) -> None:
    assert {with_medication(one) for one in ways(said)} == {"unknown"}


@pytest.mark.parametrize("said", TOLD)
def test_usual_combination_is_no_question(said: str) -> None:
    assert {with_medication(one) for one in ways(said)} == {"met"}


def test_a_code_that_is_known_tells_beside_any_words() -> None:
    coded = {"coding": [{"system": RXNORM, "code": "8640", "display": "prednisone"}]}
    assert with_medication({"medicationCodeableConcept": coded}) == "met"


def test_an_allergy_to_two_things_is_one_to_both() -> None:
    body = fixture("initial-fully-met")
    patient = {"reference": f"Patient/{body['context']['patientId']}"}
    allergy = {
        "resourceType": "AllergyIntolerance",
        "id": "a",
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "patient": patient,
        "code": {"text": "penicillin and hives"},
    }
    found = answered(body, "claims_held", allergies=[allergy])
    assert truth(found, "common.initial.no_contraindication") == "met"


UNCLASSIFIED = {"system": HCPCS, "code": "J3590", "display": "Unclassified biologics"}
LINES: dict[str, tuple[Json, str]] = {
    "an unclassified biologic": ({"coding": [METFORMIN, UNCLASSIFIED]}, "unknown"),
    "without its words": (
        {"coding": [{"system": HCPCS, "code": "J3590"}, METFORMIN]},
        "unknown",
    ),
    "an unknown product with a name that nobody knows": (
        {"coding": [METFORMIN, {"system": NDC, "code": "99997-0445-04", "display": "ZYXORIA PEN"}]},
        "unknown",
    ),
    "beside a text that nobody knows": (
        {
            "coding": [METFORMIN, {"system": NDC, "code": "99997-0445-04"}],
            "text": "ZYXORIA PEN",
        },
        "unknown",
    ),
    "an unknown product of the same name": (
        {
            "coding": [
                METFORMIN,
                {"system": NDC, "code": "99997-0445-04", "display": "METFORMIN HCL 500 MG TAB"},
            ]
        },
        "met",
    ),
    "a translation into RxNorm": (
        {
            "coding": [
                METFORMIN,
                {"system": RXNORM, "code": "999999990", "display": "metformin 500 MG Oral Tablet"},
            ]
        },
        "met",
    ),
    "a supply": (
        {"coding": [METFORMIN, {"system": HCPCS, "code": "A4206", "display": "Syringe, 1 cc"}]},
        "met",
    ),
    "a text that tells": (
        {"coding": [METFORMIN, UNCLASSIFIED], "text": "Metformin 500 mg"},
        "met",
    ),
}


@pytest.mark.parametrize(("product", "expected"), LINES.values(), ids=LINES)
def test_a_code_for_any_drug_beside_that_of_another(product: Json, expected: str) -> None:
    body = asked()
    claims = [one["resource"] for one in body["prefetch"]["claims"]["entry"]]
    line = claim("line", "2026-10-28", 30, METFORMIN)
    line["item"][0]["productOrService"] = product
    line["patient"] = {"reference": f"Patient/{body['context']['patientId']}"}
    assert truth(answered(body, "claims_held", claims=[*claims, line]), NO_OTHER) == expected


def test_texts_read_before_do_not_change_the_library() -> None:
    assert with_medication({"medicationCodeableConcept": {"text": "metformin"}}) == "met"
    assert (
        with_medication({"medicationCodeableConcept": {"text": "metformin + biologic"}})
        == "unknown"
    )
    assert with_medication({"medicationCodeableConcept": {"text": "metformin"}}) == "met"
