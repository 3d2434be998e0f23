"""What almost matches is counted with its place; nothing of a patient is printed."""

import json
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
        "note": [{"text": "Zebulon takes tacrolimus"}],
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


@pytest.mark.parametrize(
    ("concept", "how", "value_set"),
    [
        (coding("RxNorm", "1876376"), "the same code under another system", "dupilumab"),
        (coding(None, "1876376"), "the same code under another system", "dupilumab"),
        (coding(LOCAL, "77", "DUPIXENT  pen"), "the same name", "dupilumab"),
        ({"text": "Dupixent"}, "the same name", "dupilumab"),
        (
            coding(LOCAL, "78", "2 ML dupilumab 150 MG/ML Auto-Injector"),
            "the same name",
            "dupilumab",
        ),
        (
            coding(LOCAL, "79", "Pimecrolimus crm 1%, 30 g"),
            "the name of an ingredient in its words",
            "ad.tci",
        ),
    ],
)
def test_a_near_match_is_told(
    tmp_path: Path, concept: dict[str, Any], how: str, value_set: str
) -> None:
    (row,) = unmapped(recorded(tmp_path, concept))
    assert row["how"] == how
    assert value_set in row["value_sets"]
    assert (row["key"], row["path"]) == (
        "dispenses",
        "MedicationDispense.medicationCodeableConcept",
    )
    assert row["count"] == 1


@pytest.mark.parametrize(
    "concept",
    [
        coding(RXNORM, "1876376"),
        coding(NDC, "0024-5914-00"),
        {"coding": [*coding(RXNORM, "1876376")["coding"], *coding(LOCAL, "1")["coding"]]},
        coding(LOCAL, "80", "vitamin C 500 MG"),
        coding(NDC, "23155-0102-01"),
    ],
    ids=["mapped", "mapped NDC", "mapped beside", "another drug", "NDC of another drug"],
)
def test_mapped_code_and_unlike_code_are_not_reported(
    tmp_path: Path, concept: dict[str, Any]
) -> None:
    assert unmapped(recorded(tmp_path, concept)) == []


@pytest.mark.parametrize(
    "concept",
    [
        coding(LOCAL, "1876376"),
        coding(NDC, "99999-999-99"),
        coding("http://www.whocc.no/atc", "L04AB04"),
        coding(RXNORM, "9999990", "Medication 12"),
    ],
    ids=["a local code", "an NDC of no directory", "ATC", "words that say nothing"],
)
def test_a_code_of_a_drug_that_no_list_holds_is_told(
    tmp_path: Path, concept: dict[str, Any]
) -> None:
    (row,) = unmapped(recorded(tmp_path, concept))
    assert (row["how"], row["value_sets"]) == ("in no list", [])
    result = CliRunner().invoke(main, ["codes", "unmapped", str(tmp_path)])
    assert "in no list: 1 codes, 1 times\n" in result.output


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
        coding(LOCAL, "Zebulon 2026-01-31", "tacrolimus for Zebulon"),
        coding(LOCAL, "2026-01-31", "tacrolimus"),
        coding("Zebulon's own list", "81", "tacrolimus 1931-05-05"),
        {"text": "tacrolimus, Zebulon, 1931-05-05"},
    )
    for options in ([], ["--json"]):
        result = CliRunner().invoke(main, ["codes", "unmapped", *options, str(path)])
        assert result.exit_code == 0
        assert "tacrolimus" not in result.output
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
