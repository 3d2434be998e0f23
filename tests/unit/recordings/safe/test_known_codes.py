"""Which codes may stand in a recording: a bare number only if it is known to be a code."""

import pytest
from support.recordings import words

SNOMED, LOINC = "http://snomed.info/sct", "http://loinc.org"
RXNORM, CPT = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://www.ama-assn.org/go/cpt"
HL7 = "http://terminology.hl7.org/CodeSystem"


@pytest.mark.parametrize(
    ("system", "code", "known"),
    [
        (SNOMED, "24079001", True),
        (SNOMED, "38341003", True),  # of no value set: a concept by its partition and check digit
        (SNOMED, "123456789", False),
        (SNOMED, "601555123", False),
        (LOINC, "8867-4", True),
        (LOINC, "8867-5", False),
        (RXNORM, "2589225", True),
        (RXNORM, "314076", False),  # a code, but of no list here: it is replaced
        (RXNORM, "6015551", False),
        (CPT, "96910", True),
        (CPT, "39201", False),
        (CPT, "0001F", True),
        ("http://hl7.org/fhir/sid/icd-10-cm", "E11.9", True),
        ("http://hl7.org/fhir/sid/icd-10-cm", "SMITH", False),
        (f"{HL7}/claim-type", "pharmacy", True),
        (f"{HL7}/claim-type", "Okafor", False),
        (f"{HL7}/claim-type", "555123", False),
        ("http://unitsofmeasure.org", "mg", True),
        ("http://unitsofmeasure.org", "555123", False),
        (None, "active", True),
        (None, "Okafor", False),
        (None, "555123", False),
    ],
)
def test_codes(system: str | None, code: str, known: bool) -> None:
    assert words().codes.is_code(system, code) is known


def test_systems() -> None:
    assert words().codes.is_system(SNOMED)
    assert not words().codes.is_system("https://okafor.example/codes")
    assert "in-progress" in words().codes.fhir_codes
