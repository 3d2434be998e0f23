"""Value sets: named like their file, known systems, no code twice, no key without effect."""

from typing import Any

import pytest

from service.library.checks.value_set_checks import check_value_sets
from service.library.documents.folders import Folder
from service.library.documents.yaml import Document
from service.library.shapes import CodeSystemsShape, ValueSetShape

LOINC, NDC = "http://loinc.org", "http://hl7.org/fhir/sid/ndc"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
SYSTEMS = CodeSystemsShape.model_validate(
    {"code_systems": [{"uri": LOINC}, {"uri": RXNORM}, {"uri": NDC, "spelling": "ndc"}]}
)


def told(
    file: str = "value_sets/ad.yaml", systems: CodeSystemsShape | None = SYSTEMS, **given: Any
) -> list[str]:
    data = {"value_set": "ad", "kind": "observation", "says": "x", "source": {}, **given}
    shape = ValueSetShape.model_validate(data)
    folder = Folder({"ad": (Document(file, data), shape)})
    return [one.what for one in check_value_sets(folder, systems)]


def lines(*codes: str) -> list[dict[str, str]]:
    return [{"code": code, "display": "x"} for code in codes]


@pytest.mark.parametrize(
    "given",
    [
        {"codes": {LOINC: lines("1-8", "2-6")}},
        {"texts": ["Eosinophils"]},
        {"codes": {NDC: lines("00024591401")}},
        {"codes": {"http://terminology.hl7.org/CodeSystem/v3-x": lines("a")}},
        {"kind": "condition", "texts": ["x"], "near": "eczema", "unlike": "contact"},
        {"texts": ["x"], "unlike": "urine"},
    ],
)
def test_sound_value_set_has_no_mistake(given: dict[str, Any]) -> None:
    assert told(**given) == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "the value set 'ad' is empty: it has no code and no text"),
        (
            {"codes": {LOINC: lines("1-9")}},
            "the last digit of the code '1-9' does not fit the others; it is a check digit",
        ),
        (
            {"codes": {RXNORM: lines("258922S")}},
            f"the code '258922S' is not built as codes of {RXNORM} are",
        ),
        ({"texts": ["x"], "codes": {LOINC: []}}, f"no code stands under '{LOINC}'"),
        ({"codes": {LOINC: lines("1-8", "1-8")}}, "the code '1-8' stands twice"),
        (
            {"codes": {LOINC: lines("1-8")}, "questions": {LOINC: lines("1-8")}},
            "the code '1-8' stands twice",
        ),
        (
            {"codes": {NDC: lines("0024-5914-01")}},
            "the NDC '0024-5914-01' is not 11 digits without hyphens",
        ),
        (
            {"codes": {"http://loinc.com": lines("1-8")}},
            f"no code system 'http://loinc.com'; did you mean '{LOINC}'?",
        ),
        (
            {"texts": ["x"], "near": "eczema"},
            "'near' means nothing for the kind observation; it is for condition, coverage, status",
        ),
        ({"texts": ["x"], "broader": "test"}, "'broader' means nothing without 'near'"),
        (
            {"texts": ["x"], "intervals": {"dupilumab": {"days": 28, "source": "label"}}},
            "no code here has the ingredient 'dupilumab'",
        ),
    ],
)
def test_mistake_of_a_value_set_is_told(given: dict[str, Any], says: str) -> None:
    assert told(**given) == [says]


def test_value_set_has_the_name_of_its_file() -> None:
    assert told("value_sets/other.yaml", texts=["x"]) == ["'ad' is not the file's name"]


def test_systems_are_not_compared_where_their_list_could_not_be_read() -> None:
    assert told(systems=None, codes={"http://loinc.com": lines("1-8")}) == []


@pytest.mark.parametrize(("display", "is_other"), [("Tralokinumab", True), ("DUPILUMAB", False)])
def test_code_with_another_name_in_another_set_is_a_mistake(display: str, is_other: bool) -> None:
    sets = {}
    for name, shown in (("dupilumab", "dupilumab"), ("others", display)):
        data = {
            "value_set": name,
            "kind": "drug",
            "says": "x",
            "source": {},
            "codes": {RXNORM: [{"code": "1876376", "display": shown}]},
        }
        document = Document(f"value_sets/{name}.yaml", data)
        sets[name] = (document, ValueSetShape.model_validate(data))
    says = f"the code '1876376' is 'dupilumab' in 'dupilumab', and here '{display}'"
    found = [(one.file, one.what) for one in check_value_sets(Folder(sets), SYSTEMS)]
    assert found == ([("value_sets/others.yaml", says)] if is_other else [])
