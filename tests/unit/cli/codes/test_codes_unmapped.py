"""What almost matches is counted with its place; nothing of a patient is printed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from service.cli import main

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
NDC = "http://hl7.org/fhir/sid/ndc"
LOCAL = "https://ehr.example/drugs"


def coding(system: str | None, code: str, display: str | None = None) -> dict[str, Any]:
    """A CodeableConcept with one coding."""
    found = {"system": system, "code": code, "display": display}
    return {"coding": [{key: value for key, value in found.items() if value}]}


def resource(concept: dict[str, Any]) -> dict[str, Any]:
    """A dispense in the name of a patient who must not be seen."""
    return {
        "resourceType": "MedicationDispense",
        "id": "zebulon-1",
        "subject": {"reference": "Patient/zebulon", "display": "Zebulon Zebra"},
        "whenHandedOver": "2026-01-31",
        "note": [{"text": "Zebulon takes pimecrolimus"}],
        "medicationCodeableConcept": concept,
    }


def recorded(folder: Path, *concepts: dict[str, Any], name: str = "request") -> Path:
    """A recorded request with dispenses of these drugs."""
    entries = [{"resource": resource(one)} for one in concepts]
    bundle = {"resourceType": "Bundle", "entry": entries}
    patient = {"resourceType": "Patient", "id": "zebulon", "name": [{"text": "Zebulon Zebra"}]}
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"prefetch": {"dispenses": bundle, "patient": patient}}))
    return path


def unmapped(*given: object) -> list[dict[str, Any]]:
    """The rows that the command prints as JSON."""
    result = CliRunner().invoke(main, ["codes", "unmapped", "--json", *map(str, given)])
    assert result.exit_code == 0, result.output
    rows: list[dict[str, Any]] = json.loads(result.stdout)
    return rows


NEAR: dict[str, tuple[dict[str, Any], str, str]] = {
    "system-misspelled": (
        coding("RxNorm", "1876376"),
        "the same code under another system",
        "dupilumab",
    ),
    "no-system": (coding(None, "1876376"), "the same code under another system", "dupilumab"),
    "brand": (coding(LOCAL, "77", "DUPIXENT  pen"), "the same name", "dupilumab"),
    "text": ({"text": "Dupixent"}, "the same name", "dupilumab"),
    "product": (
        coding(LOCAL, "78", "2 ML dupilumab 150 MG/ML Auto-Injector"),
        "the same name",
        "dupilumab",
    ),
    "ingredient": (
        coding(LOCAL, "79", "Pimecrolimus crm 1%, 30 g"),
        "the name of an ingredient in its words",
        "ad.tci",
    ),
}
NOT_REPORTED = {
    "mapped": coding(RXNORM, "1876376"),
    "mapped-ndc": coding(NDC, "0024-5914-00"),
    "mapped-beside": {
        "coding": [*coding(RXNORM, "1876376")["coding"], *coding(LOCAL, "1")["coding"]]
    },
    "another-drug": coding(LOCAL, "80", "vitamin C 500 MG"),
    "ndc-of-another-drug": coding(NDC, "23155-0102-01"),
}
IN_NO_LIST = {
    "local-code": coding(LOCAL, "1876376"),
    "ndc-of-no-directory": coding(NDC, "99999-999-99"),
    "atc": coding("http://www.whocc.no/atc", "L04AB04"),
    "words-that-say-nothing": coding(RXNORM, "9999990", "Medication 12"),
}


@pytest.fixture(scope="module")
def rows_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[dict[str, Any]]]:
    """The rows of each of these requests, from one run of the command."""
    folder = tmp_path_factory.mktemp("requests")
    near = {name: concept for name, (concept, _, _) in NEAR.items()}
    for name, concept in (near | NOT_REPORTED | IN_NO_LIST).items():
        recorded(folder, concept, name=name)
    rows = unmapped(folder)
    return lambda name: [row for row in rows if Path(row["file"]).stem == name]


Rows = Callable[[str], list[dict[str, Any]]]


@pytest.mark.parametrize("name", NEAR)
def test_a_near_match_is_told(rows_of: Rows, name: str) -> None:
    _, how, value_set = NEAR[name]
    (row,) = rows_of(name)
    assert row["how"] == how
    assert value_set in row["value_sets"]
    assert (row["key"], row["path"]) == (
        "dispenses",
        "MedicationDispense.medicationCodeableConcept",
    )
    assert row["count"] == 1


@pytest.mark.parametrize("name", NOT_REPORTED)
def test_mapped_code_and_unlike_code_are_not_reported(rows_of: Rows, name: str) -> None:
    assert rows_of(name) == []


@pytest.mark.parametrize("name", IN_NO_LIST)
def test_a_code_of_a_drug_that_no_list_holds_is_told(rows_of: Rows, name: str) -> None:
    (row,) = rows_of(name)
    assert (row["how"], row["value_sets"]) == ("in no list", [])


def test_codes_are_counted_apart(tmp_path: Path) -> None:
    near = coding("RxNorm", "1876376")
    recorded(tmp_path, IN_NO_LIST["atc"], IN_NO_LIST["atc"], IN_NO_LIST["local-code"], near)
    result = CliRunner().invoke(main, ["codes", "unmapped", str(tmp_path)])
    assert result.output.splitlines()[-2:] == [
        "in no list: 2 codes, 3 times",
        "almost in a value set: 1 codes, 1 times",
    ]


def test_an_ingredient_in_the_name_of_a_test_is_no_drug(tmp_path: Path) -> None:
    observation = {"resourceType": "Observation", "code": {"text": "urea nitrogen in serum"}}
    path = tmp_path / "request.json"
    path.write_text(
        json.dumps({"prefetch": {"observations": {"entry": [{"resource": observation}]}}})
    )
    assert unmapped(path) == []


def test_the_same_code_in_one_place_is_counted(tmp_path: Path) -> None:
    one = coding("RxNorm", "1876376")
    recorded(tmp_path, one, one, one)
    recorded(tmp_path, one, name="second")
    rows = unmapped(tmp_path)
    assert [(Path(row["file"]).name, row["count"]) for row in rows] == [
        ("request.json", 3),
        ("second.json", 1),
    ]


def test_nothing_of_a_patient_is_printed(tmp_path: Path) -> None:
    path = recorded(
        tmp_path,
        coding(LOCAL, "Zebulon 2026-01-31", "pimecrolimus for Zebulon"),
        coding(LOCAL, "2026-01-31", "pimecrolimus"),
        coding("Zebulon's own list", "81", "pimecrolimus 1931-05-05"),
        {"text": "pimecrolimus, Zebulon, 1931-05-05"},
    )
    for options in ([], ["--json"]):
        result = CliRunner().invoke(main, ["codes", "unmapped", *options, str(path)])
        assert result.exit_code == 0
        assert "pimecrolimus" not in result.output
        printed = result.output.replace(str(path), "").lower()
        assert not [word for word in ("zebulon", "zebra", "1931", "2026") if word in printed]
        assert "name of an ingredient" in printed


def test_a_file_that_is_no_request_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{")
    recorded(tmp_path, coding("RxNorm", "1876376"), name="b")
    result = CliRunner().invoke(main, ["codes", "unmapped", str(tmp_path)])
    assert result.exit_code == 0
    assert "a.json: not read, it is no recorded request" in result.output
    assert (
        "1 x MedicationDispense.medicationCodeableConcept: RxNorm 1876376: the same"
        in result.output
    )


def test_no_near_match_is_said(tmp_path: Path) -> None:
    path = recorded(tmp_path)
    result = CliRunner().invoke(main, ["codes", "unmapped", str(path)])
    assert result.output.splitlines() == [
        "in no list: 0 codes, 0 times",
        "almost in a value set: 0 codes, 0 times",
    ]
