"""Codes under the addresses that senders write: other spellings, and the address of a sister system."""

import pytest
from support.claims import (
    CLOBETASOL,
    NO_OTHER,
    TRIAL,
    Json,
    claim,
    concept,
    fixture,
    node,
    truth,
    twin,
)
from support.claims import answer as answered

from service.fhir.elements import address_spellings

DAY = "2026-10-28"
CPT = "http://www.ama-assn.org/go/cpt"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
NDC = "http://hl7.org/fhir/sid/ndc"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
SESSIONS = "ad.initial.trial.systemic_or_phototherapy.phototherapy.supply"


def billed(system: str | None, code: str, **more: object) -> Json:
    """A line of a doctor's claim with that code alone."""
    coding = {"system": system, "code": code, **more}
    return claim("line", DAY, None, coding, type=concept({"code": "professional"}))


def others(system: str | None, code: str, **more: object) -> Json:
    """Whether another immunomodulator is in use, by such a line."""
    body = fixture("initial-fully-met")
    patient = {"reference": f"Patient/{body['context']['patientId']}"}
    for one in body["prefetch"]["answers"]["entry"]:
        items = one["resource"]["item"]
        one["resource"]["item"] = [item for item in items if item["linkId"] != NO_OTHER]
    claims = [one["resource"] for one in body["prefetch"]["claims"]["entry"]]
    return answered(
        body, "claims_held", claims=[*claims, {**billed(system, code, **more), "patient": patient}]
    )


def test_address_of_a_code_system_is_known_in_each_spelling() -> None:
    assert address_spellings("http://x.org/a/") == (
        "http://x.org/a/",
        "http://x.org/a",
        "https://x.org/a",
        "https://x.org/a/",
    )
    assert address_spellings("urn:oid:1.2") == ("urn:oid:1.2", "1.2")
    assert address_spellings("NDC") == ("NDC",)


@pytest.mark.parametrize(
    ("system", "code"),
    [
        ("https://www.nlm.nih.gov/research/umls/rxnorm/", "861495"),
        ("http://www.nlm.nih.gov/research/umls/rxnorm/", "861495"),
        ("2.16.840.1.113883.6.88", "861495"),
        ("https://hl7.org/fhir/sid/ndc", "51672125902"),
        ("https://hl7.org/fhir/sid/ndc/", "51672-1259-02"),
    ],
)
def test_a_drug_is_known_under_every_spelling_of_the_address(system: str, code: str) -> None:
    plain = NDC if "sid/ndc" in system else RXNORM
    for one in (plain, system):
        found = twin([claim("a", "2026-08-05", 28, {"system": one, "code": code})])
        assert truth(found, TRIAL) == "met", one


@pytest.mark.parametrize(
    "system",
    ["https://www.ama-assn.org/go/cpt/", HCPCS, "urn:oid:2.16.840.1.113883.6.285"],
)
def test_a_code_of_cpt_is_one_of_hcpcs_too(system: str) -> None:
    days = [f"2026-{month:02d}-{day:02d}" for month in (7, 8, 9, 10) for day in (2, 9, 16, 23, 30)]

    def sessions(of: str) -> Json:
        coding = {"system": of, "code": "96910"}
        more = {"type": concept({"code": "professional"})}
        return node(twin([claim(one, one, None, coding, **more) for one in days]), SESSIONS)

    assert sessions(CPT)["miss"] == "20 sessions over 121 of 90 days"
    assert sessions(system) == sessions(CPT)


@pytest.mark.parametrize("system", [CPT, HCPCS, "https://www.ama-assn.org/go/cpt/"])
@pytest.mark.parametrize(
    "code", ["99213", "96360", "0031A", "3074F", "0095T", "0002M", "99213-25", "96523 59"]
)
def test_a_service_of_cpt_is_no_drug_under_either_address(system: str, code: str) -> None:
    assert truth(others(system, code), NO_OTHER) == "met"


@pytest.mark.parametrize(
    ("system", "code"),
    [
        (CPT, "J1745"),  # infliximab
        (CPT, "Q5103"),
        (CPT, "j2357"),
        (CPT, "J9999"),
        (CPT, "J2327"),  # newer than the list of 2020
        (CPT, "C9399"),
        (ICD, "J1628"),
        (ICD, "J0717"),
        ("http://hl7.org/fhir/sid/icd-9-cm", "J3262"),
        ("http://hl7.org/fhir/sid/cvx", "J0129"),
        ("http://loinc.org", "J3245"),
        ("http://www.ada.org/cdt", "J1602"),
    ],
)
def test_code_of_the_wrong_shape_for_its_system_is_a_question(system: str, code: str) -> None:
    assert truth(others(system, code), NO_OTHER) == "unknown"


@pytest.mark.parametrize(
    ("system", "code", "name"),
    [
        (CPT, "J0696", None),  # ceftriaxone, in the list of 2020
        (CPT, "A4206", None),
        (CPT, "E0601", None),
        (ICD, "J45.20", None),
        (ICD, "M1711", "Unilateral primary osteoarthritis, right knee"),
        (ICD, "J3089", "Metformin"),
        ("http://www.cms.gov/Medicare/Coding/ICD10", "0SRD0J9", None),
        ("http://hl7.org/fhir/sid/cvx", "141", None),
        ("http://loinc.org/", "4548-4", None),
    ],
)
def test_code_of_another_thing_is_no_question(system: str, code: str, name: str | None) -> None:
    more = {"display": name} if name else {}
    assert truth(others(system, code, **more), NO_OTHER) == "met"


def test_code_under_the_wrong_address_is_no_evidence() -> None:
    found = twin([claim("a", "2026-08-05", 28, {"system": CPT, "code": "J3490"})])
    assert truth(found, TRIAL) != "met"
    assert node(twin([claim("a", "2026-08-05", 28, CLOBETASOL)]), TRIAL)["truth"] == "met"
