"""A part becomes one Parquet file; documents that differ are refused; other documents show who flips."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.membership import AS_OF, documents, judge_members, members, resources_of, write_export
from support.shipped import FOLDER

from service.errors import PopulationError
from service.population.part_of_run import Judging

Json = dict[str, Any]
FEW = 4


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of a few patients, and one without any order or coverage."""
    alone = {"resourceType": "Patient", "id": "alone"}
    return write_export(tmp_path_factory.mktemp("export"), [*members(FEW), alone])


def test_other_documents_show_who_flips_and_why(
    export: Path, tmp_path: Path, shipped_copy: Path
) -> None:
    changed = shipped_copy / FOLDER.relative_to(FOLDER.parents[4]) / "ad.yaml"
    text = changed.read_text(encoding="utf-8")
    assert "at_least: 10" in text
    changed.write_text(text.replace("at_least: 10", "at_least: 99"), encoding="utf-8")
    other, _ = documents(shipped_copy)
    rows = judge_members(export, tmp_path / "out", against=other)
    flips = {row["patient"]: row for row in rows if row["flips"]}
    assert flips
    for row in flips.values():
        assert row["outcome"] != row["against_outcome"]
        assert row["changed"]
        assert json.loads(row["against_assessment"])["outcome"] == row["against_outcome"]
    header, *lines = (tmp_path / "out/flips.csv").read_text(encoding="utf-8").splitlines()
    assert header == "patient,drug,was,is_now,changed"
    assert {line.split(",")[0] for line in lines} == flips.keys()


def test_patient_without_order_has_a_row_that_says_so(export: Path, tmp_path: Path) -> None:
    rows = {row["patient"]: row for row in judge_members(export, tmp_path / "out")}
    assert len(rows) == FEW + 1
    assert (rows["alone"]["not_judged"], rows["alone"]["outcome"]) == ("no_order", None)
    assert all(row["request"] is None for row in rows.values())


def test_line_that_is_no_strict_json_is_rejected_and_leaves_its_type_open(tmp_path: Path) -> None:
    place = write_export(tmp_path / "in", resources_of("initial-fully-met"))
    (patient,) = (
        one["id"] for one in resources_of("initial-fully-met") if one["resourceType"] == "Patient"
    )
    unsound = {
        "resourceType": "Condition",
        "id": "x",
        "subject": {"reference": f"Patient/{patient}"},
    }
    file = place / "Condition.ndjson"
    with file.open("a", encoding="utf-8") as more:
        more.write(json.dumps({**unsound, "note": float("nan")}) + "\n")
    (row,) = judge_members(place, tmp_path / "out")
    states = {one["key"]: one["state"] for one in json.loads(row["assessment"])["data"]}
    assert states["conditions"] == "incomplete"
    number = len(file.read_text(encoding="utf-8").splitlines())
    written = (tmp_path / "out/rejects.csv").read_text(encoding="utf-8").splitlines()
    assert written[1].startswith(f"Condition.ndjson,{number},the line is not strict JSON at column")


def test_worker_with_other_documents_is_refused() -> None:
    known, _ = documents()
    with pytest.raises(PopulationError, match="are not those that the run began with"):
        replace(known, hash="sha256:other").library()
    assert known.library().content == known.hash


def test_about_as_many_requests_are_kept_as_were_asked_for() -> None:
    known, _ = documents()
    judging = Judging(known, "local", ("day", AS_OF), frozenset(), (), patients=1000, requests=100)
    count = sum(judging.keeps_request_of(f"p{number}") for number in range(1000))
    assert 70 < count < 130
    assert not replace(judging, requests=0).keeps_request_of("p1")


def test_versions_for_evaluation_judge_only_where_that_is_allowed(tmp_path: Path) -> None:
    place = write_export(tmp_path / "in", resources_of("initial-fully-met"))
    known, _ = documents()
    (row,) = judge_members(place, tmp_path / "on", documents=known)
    assert row["outcome"] == "met"
    (row,) = judge_members(place, tmp_path / "off", documents=replace(known, evaluation=False))
    assert row["outcome"] == "no_policy"


def test_an_order_that_was_rejected_is_not_said_to_be_none(tmp_path: Path) -> None:
    (patient,) = (
        one for one in resources_of("initial-fully-met") if one["resourceType"] == "Patient"
    )
    others = [
        one for one in resources_of("initial-fully-met") if "MedicationRequest" not in str(one)
    ]
    place = write_export(tmp_path / "in", others)
    (place / "MedicationRequest.ndjson").write_text(
        f'{{"resourceType":"MedicationRequest","subject":{{"reference":"Patient/{patient["id"]}"}},"st\n',
        encoding="utf-8",
    )
    (row,) = judge_members(place, tmp_path / "out")
    assert row["not_judged"] == "order_not_read"


def test_a_diagnosis_that_was_rejected_is_not_said_to_be_none(tmp_path: Path) -> None:
    resources = resources_of("initial-fully-met")
    (patient,) = (one for one in resources if one["resourceType"] == "Patient")
    order = next(one for one in resources if one["resourceType"] == "MedicationRequest")
    place = write_export(tmp_path / "in", [patient])
    (place / "Condition.ndjson").write_text(
        f'{{"resourceType":"Condition","subject":{{"reference":"Patient/{patient["id"]}"}},"st\n',
        encoding="utf-8",
    )
    (row,) = judge_members(place, tmp_path / "out", order=json.dumps(order).encode())
    assert row["not_judged"] == "diagnosis_not_read"


DEEP = "[" * 97 + "]" * 97
NOT_STRICT = [
    '{"resourceType":"Medication","id":"m1","amount":NaN}',
    f'{{"resourceType":"Medication","id":"m1","extension":{DEEP}}}',
]


@pytest.mark.parametrize("line", NOT_STRICT)
def test_a_shared_line_that_no_request_could_hold_stops_no_run(tmp_path: Path, line: str) -> None:
    resources = resources_of("initial-fully-met")
    for one in resources:
        if one["resourceType"] == "MedicationRequest":
            one["supportingInformation"] = [{"reference": "Medication/m1"}]
    place = write_export(tmp_path / "in", resources)
    (place / "Medication.ndjson").write_text(f"{line}\n", encoding="utf-8")
    (row,) = judge_members(place, tmp_path / "out")
    assert row["outcome"] is not None
    assert "Medication.ndjson,1," in (tmp_path / "out/rejects.csv").read_text(encoding="utf-8")


def test_a_line_too_deep_for_a_request_leaves_its_type_open(tmp_path: Path) -> None:
    resources = resources_of("initial-fully-met")
    (patient,) = (one["id"] for one in resources if one["resourceType"] == "Patient")
    place = write_export(tmp_path / "in", resources)
    with (place / "Condition.ndjson").open("a", encoding="utf-8") as file:
        subject = f'"subject":{{"reference":"Patient/{patient}"}}'
        file.write(f'{{"resourceType":"Condition",{subject},"x":{DEEP}}}\n')
    (row,) = judge_members(place, tmp_path / "out")
    states = {one["key"]: one["state"] for one in json.loads(row["assessment"])["data"]}
    assert states["conditions"] == "incomplete"


STRANGE = [7, "x", ["x"], [7], [[]], {}, {"coding": 7}, {"coding": [7, None]}, None, True]


def test_strange_elements_stop_no_run(tmp_path: Path) -> None:
    resources = resources_of("initial-fully-met")
    (patient,) = (one["id"] for one in resources if one["resourceType"] == "Patient")
    subject = {"subject": {"reference": f"Patient/{patient}"}}
    names = ("code", "medicationCodeableConcept", "status", "id", "authoredOn", "dosageInstruction")
    strange: list[Json] = [
        {"resourceType": type_, **subject, name: value}
        for type_ in ("Observation", "MedicationRequest", "Condition", "Procedure")
        for name in names
        for value in STRANGE
    ]
    place = write_export(tmp_path / "in", [*resources, *strange])
    (row,) = judge_members(place, tmp_path / "out")
    assert row["not_judged"] is None
    assert row["outcome"] is not None
