"""Lines of every kind of file come to their patients, and none that cannot is lost without a word."""

import gzip
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from service.errors import PopulationError
from service.population.grouping import ANY_TYPE, SHARED, UNREAD, group_chunk, lines_in
from service.population.input_files import TypesRead, chunks_of, input_files
from service.population.run_folder import RunFolder, RunPlan

Json = dict[str, Any]
TYPES = TypesRead(
    frozenset({"Patient", "Observation", "Coverage"}),
    frozenset({"Practitioner", "PractitionerRole"}),
)
PATIENT = {"resourceType": "Patient", "id": "p1"}
RESULT = {"resourceType": "Observation", "id": "o1", "subject": {"reference": "Patient/p1"}}


def grouped(place: Path, out: Path, *, cut: int = 10**9, parts: int = 4) -> RunPlan:
    """The plan of a folder all of whose chunks are grouped."""
    folder = RunFolder(out)
    folder.begin({})
    plan = RunPlan(folder, tuple(chunks_of(input_files(place), cut)), parts, TYPES)
    for number in range(len(plan.chunks)):
        group_chunk(plan, number)
    return plan


def rows(plan: RunPlan) -> list[tuple[Any, ...]]:
    """Part, patient, type and id of every resource that a part holds."""
    found = duckdb.read_parquet(list(plan.tables().all)).project("part, patient, type, id")
    return found.order("type, id").fetchall()


def write(file: Path, *lines: Json | bytes) -> Path:
    """A file of lines, as JSON or as they are."""
    file.parent.mkdir(parents=True, exist_ok=True)
    each = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    content = b"".join(line + b"\n" for line in each)
    file.write_bytes(gzip.compress(content) if file.suffix == ".gz" else content)
    return file


def test_resources_of_a_patient_come_to_one_part_from_all_files(tmp_path: Path) -> None:
    write(tmp_path / "in/Patient.ndjson", PATIENT)
    write(tmp_path / "in/b/Observation.1.ndjson.gz", RESULT)
    coverage = {"resourceType": "Coverage", "id": "c1", "beneficiary": {"reference": "Patient/p1"}}
    write(tmp_path / "in/anything.jsonl", coverage)
    found = rows(grouped(tmp_path / "in", tmp_path / "out"))
    assert [(patient, type_, id_) for _, patient, type_, id_ in found] == [
        ("p1", "Coverage", "c1"),
        ("p1", "Observation", "o1"),
        ("p1", "Patient", "p1"),
    ]
    assert len({part for part, *_ in found}) == 1


def test_shared_and_unread_types_have_parts_of_their_own(tmp_path: Path) -> None:
    role = {
        "resourceType": "PractitionerRole",
        "id": "r1",
        "practitioner": {"reference": "https://ehr.example.org/fhir/Practitioner/d1"},
    }
    write(tmp_path / "in/a.ndjson", role, {"resourceType": "Binary", "id": "b1", "data": "AAAA"})
    write(tmp_path / "in/b.ndjson", PATIENT)
    plan = grouped(tmp_path / "in", tmp_path / "out")
    assert plan.tables().shared == (str(plan.folder.chunk(0)),)
    assert [row for row in rows(plan) if row[1] != "p1"] == [
        (UNREAD, None, "Binary", "b1"),
        (SHARED, "Practitioner/d1", "PractitionerRole", "r1"),
    ]
    assert plan.grouped()[0]["counts"] == {"Binary": 1, "PractitionerRole": 1}


def test_bad_lines_are_rejected_with_their_number_and_leave_their_patient_open(
    tmp_path: Path,
) -> None:
    broken = b'{"resourceType":"Observation","subject":{"reference":"Patient/p1"},"val'
    lines = (
        PATIENT,
        broken,
        b"",
        b'{"resourceType":"Observation","id":"\xff","subject":{"reference":"Patient/p2"}}',
        b'{"resourceType":"Patient","id":"p3"}\x1fmore',
        {"resourceType": "Observation", "subject": {"reference": "Group/1"}},
        b'{"for":"Patient/p4"',
        RESULT,
    )
    write(tmp_path / "in/a.ndjson", *lines)
    plan = grouped(tmp_path / "in", tmp_path / "out")
    rejects = plan.grouped()[0]["rejects"]
    assert [each["line"] for each in rejects] == [2, 4, 5, 6, 7]
    assert rejects[3]["why"] == "its subject is no patient"
    left_open = {(patient, type_) for _, patient, type_, id_ in rows(plan) if id_ is None}
    assert left_open >= {("p1", "Observation"), ("p2", "Observation"), ("p4", ANY_TYPE)}
    assert "p3" not in {row[3] for row in rows(plan)}


def test_a_line_that_says_twice_whose_it_is_leaves_every_patient_of_it_open(tmp_path: Path) -> None:
    lines = (
        (
            b'{"resourceType":"Observation","id":"o1","subject":{"reference":"Patient/p1"},'
            b'"subject":{"reference":"Patient/p2"}}'
        ),
        (
            b'{"resourceType":"Observation","id":"o2","subject":{"reference":"Patient/p3",'
            b'"reference":"Patient/p4"}}'
        ),
        (
            b'{"resourceType":"Binary","resourceType":"Observation","id":"o3",'
            b'"subject":{"reference":"Patient/p5"}}'
        ),
        b'{"resourceType":"Patient","id":"p6","id":"p7"}',
        # an element that does not say whose it is may be there twice: the last one counts, as over HTTP
        (
            b'{"resourceType":"Observation","id":"o4","subject":{"reference":"Patient/p8"},'
            b'"focus":[{"reference":"Patient/p8"}],"note":[],"note":[]}'
        ),
    )
    write(tmp_path / "in/a.ndjson", *lines)
    plan = grouped(tmp_path / "in", tmp_path / "out")
    rejects = plan.grouped()[0]["rejects"]
    assert [each["line"] for each in rejects] == [1, 2, 3, 4]
    assert {each["why"] for each in rejects} == {"what it is or whose it is stands in it twice"}
    found = [row for row in rows(plan) if row[0] >= 0]
    assert {patient for _, patient, _, id_ in found if id_ is None} == {
        f"p{number}" for number in range(1, 8)
    }
    assert [id_ for *_, id_ in found if id_ is not None] == ["o4"]


@pytest.mark.parametrize(
    "line",
    [b"[1]", b'"Patient"', b"7", b'{"resourceType":5}', b'{"resourceType":["Patient"]}', b"{}"],
)
def test_a_line_that_is_no_resource_is_rejected(tmp_path: Path, line: bytes) -> None:
    write(tmp_path / "in/a.ndjson", line, PATIENT)
    plan = grouped(tmp_path / "in", tmp_path / "out")
    assert [each["line"] for each in plan.grouped()[0]["rejects"]] == [1]
    assert plan.grouped()[0]["counts"] == {"Patient": 1}


def test_an_error_of_the_export_is_rejected_and_leaves_whom_it_names_open(tmp_path: Path) -> None:
    issue = {"severity": "error", "code": "exception", "diagnostics": "no data for Patient/p1"}
    write(tmp_path / "in/errors.ndjson", {"resourceType": "OperationOutcome", "issue": [issue]})
    write(tmp_path / "in/Patient.ndjson", PATIENT)
    plan = grouped(tmp_path / "in", tmp_path / "out")
    rejects = [each for said in plan.grouped() for each in said["rejects"]]
    assert [each["why"] for each in rejects] == ["the export reports: error (exception)"]
    found = [(patient, type_) for part, patient, type_, _ in rows(plan) if part >= 0]
    assert found == [("p1", ANY_TYPE), ("p1", "Patient")]


@pytest.mark.parametrize("cut", [40, 50, 64, 1000])
def test_cut_file_loses_and_doubles_no_line(tmp_path: Path, cut: int) -> None:
    patients = [{"resourceType": "Patient", "id": f"p{number}"} for number in range(20)]
    write(tmp_path / "in/Patient.ndjson", *patients)
    plan = grouped(tmp_path / "in", tmp_path / "out", cut=cut)
    found = [row[3] for row in rows(plan)]
    assert sorted(found) == sorted(each["id"] for each in patients)
    lines = [line for chunk in plan.chunks for _, line in lines_in(chunk, plan.folder.work)]
    assert len(lines) == len(patients)


def test_parquet_has_a_column_of_json_or_one_for_each_element(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    duckdb.sql(
        f"copy (select '{json.dumps(PATIENT)}' as resource union all select '{{') to"
        f" '{tmp_path}/in/all.parquet'"
    )
    duckdb.sql(
        "copy (select 'o1' as id, {'reference': 'Patient/p1'} as subject, null::VARCHAR as status)"
        f" to '{tmp_path}/in/Observation.0.parquet'"
    )
    plan = grouped(tmp_path / "in", tmp_path / "out")
    assert [(patient, type_) for _, patient, type_, _ in rows(plan) if patient] == [
        ("p1", "Observation"),
        ("p1", "Patient"),
    ]
    chunk = next(one for one in plan.chunks if one.file.name.startswith("Observation"))
    ((_, line),) = lines_in(chunk, plan.folder.work)
    assert json.loads(line) == RESULT
    rejects = [each for said in plan.grouped() for each in said["rejects"]]
    assert [(each["file"], each["line"]) for each in rejects] == [("all.parquet", 2)]


def test_a_damaged_file_is_named_and_stops_the_run(tmp_path: Path) -> None:
    lines = [RESULT | {"id": f"o{number}"} for number in range(3000)]
    file = write(tmp_path / "in/Observation.ndjson.gz", *lines)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(
        PopulationError, match=r"'Observation\.ndjson\.gz' cannot be read to its end"
    ):
        grouped(tmp_path / "in", tmp_path / "out")
