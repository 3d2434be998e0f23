"""Codes of well-known systems by their shapes and check digits."""

import pytest

from service.fhir.terminology.code_shapes import has_telling_shape, wrong_shape

SNOMED, LOINC = "http://snomed.info/sct", "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ICD, CPT = "http://hl7.org/fhir/sid/icd-10-cm", "http://www.ama-assn.org/go/cpt"


@pytest.mark.parametrize(
    ("system", "code"),
    [
        (SNOMED, "24079001"),
        (LOINC, "711-2"),
        (LOINC, "LA33-6"),
        (RXNORM, "2589225"),
        (ICD, "L20.9"),
        (ICD, "C7A.1"),
        (CPT, "96910"),
        ("https://other.example", "anything"),
    ],
)
def test_sound_code_has_no_mistake(system: str, code: str) -> None:
    assert wrong_shape(system, code) is None


@pytest.mark.parametrize(
    ("system", "code", "says"),
    [
        (SNOMED, "24079002", "the last digit of the code '24079002' does not fit"),
        (LOINC, "711-3", "the last digit of the code '711-3' does not fit"),
        (RXNORM, "258922S", "the code '258922S' is not built as codes of"),
        (RXNORM, "25892255", "the code '25892255' is not built as codes of"),
        (ICD, "L2O.9", "the code 'L2O.9' is not built as codes of"),
        (ICD, "L209", "the code 'L209' is not built as codes of"),
    ],
)
def test_mistyped_code_is_named(system: str, code: str, says: str) -> None:
    assert (wrong_shape(system, code) or "").startswith(says)


def test_bare_number_is_no_shape_that_only_a_code_has() -> None:
    assert has_telling_shape(SNOMED, "38341003")
    assert not has_telling_shape(RXNORM, "2589225")
    assert not has_telling_shape(CPT, "39201")
