"""Names, second codes and specimens that say that a result or disease is another than its code."""

from typing import Any

import pytest

from service.fhir.sources.another_test_or_disease import TakenFrom, disease_names
from service.fhir.sources.another_test_or_disease import test_names as names_of_tests
from service.fhir.terminology.drugs import Entry
from service.fhir.terminology.names_in_text import PointingWords

Json = dict[str, Any]
LOINC = "http://loinc.org"
EOS = (Entry("lab.eos", "26449-9", "Eosinophils in blood"),)
TESTS = names_of_tests(
    [
        ("lab.eos", ["Eosinophils", "Blood eosinophils"]),
        ("lab.eos_before", ["Eosinophils before treatment"]),
        ("lab.ige", ["IgE"]),
    ],
    {"lab.eos": (("urin",), ("sput",)), "lab.ige": (), "lab.eos_before": ()},
    (("specimen",),),
    [["lab.eos", "lab.eos_before"]],
    {"lab.eos": TakenFrom((("blood",), ("serum",)), frozenset({("s", "BLD")}))},
)


def concept(text: str, *more: str) -> Json:
    return {
        "coding": [{"system": LOINC, "code": code} for code in ("26449-9", *more)],
        "text": text,
    }


@pytest.mark.parametrize(
    ("text", "another"),
    [
        ("Eosinophils", False),
        ("  blood EOSINOPHILS ", False),
        ("Eosinophils before treatment", False),
        ("a wording of this lab", False),
        ("IgE", True),
        ("Eosinophils in urine", True),
    ],
)
def test_result_is_another_test_by_a_name_of_another_set_or_an_unlike_word(
    text: str,
    another: bool,
) -> None:
    assert TESTS.names_another(EOS, [concept(text)], {}) is another


def test_second_code_of_the_same_system_that_no_set_holds_is_another_test() -> None:
    assert TESTS.names_another(EOS, [concept("Eosinophils", "1-8")], {})
    assert not TESTS.names_another(EOS, [concept("Eosinophils", "26449-9")], {})


@pytest.mark.parametrize(
    ("specimen", "another"),
    [
        ({"text": "Serum"}, False),
        ({"text": "Sputum"}, True),
        ({"text": "Hair"}, True),
        ({"coding": [{"system": "s", "code": "BLD"}]}, False),
        ({"coding": [{"system": "s", "code": "UR"}]}, True),
    ],
)
def test_result_is_another_test_by_its_specimen(specimen: Json, another: bool) -> None:
    assert TESTS.names_another(EOS, [concept("Eosinophils")], {"specimen": specimen}) is another


def test_specimen_inside_the_result_is_read_too() -> None:
    result = {"contained": [{"resourceType": "Specimen", "type": {"text": "Sputum"}}]}
    assert TESTS.names_another(EOS, [concept("Eosinophils")], result)


def test_nothing_is_said_of_codes_that_are_no_tests() -> None:
    drug = (Entry("ad.tci", "1", "tacrolimus"),)
    assert not TESTS.names_another(drug, [concept("IgE")], {})


AD = (Entry("ad.diagnosis", "L20.9", "Atopic dermatitis"),)
DISEASES = disease_names(
    [("ad.diagnosis", ["Atopic dermatitis"]), ("asthma.diagnosis", ["Asthma"])],
    {
        "ad.diagnosis": PointingWords((("atopic",), ("eczema",)), (), frozenset()),
        "asthma.diagnosis": PointingWords((("asthm",),), (), frozenset()),
    },
    [("psoria",)],
    ["itis"],
)


@pytest.mark.parametrize(
    ("text", "another"),
    [
        ("Atopic dermatitis", False),
        ("eczema of the hand", False),
        ("AD", False),
        ("Asthma", True),
        ("asthmatic", True),
        ("psoriasis", True),
        ("bronchitis", True),
        ("bronchitis with eczema", False),
    ],
)
def test_name_is_another_disease_if_it_looks_like_one_and_not_like_its_own(
    text: str,
    another: bool,
) -> None:
    assert DISEASES.names_another(AD, [{"text": text}], {}) is another


def test_disease_without_words_of_its_own_is_never_another() -> None:
    other = (Entry("crs.diagnosis", "J32", "Sinusitis"),)
    assert not DISEASES.names_another(other, [{"text": "Asthma"}], {})
