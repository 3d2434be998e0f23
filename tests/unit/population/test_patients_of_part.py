"""Each patient comes with all resources, and with what they refer to over several steps."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from support.membership import write_export

from service.population.grouping import NOT_ALL, group_chunk
from service.population.input_files import TypesRead, chunks_of, input_files
from service.population.optional_libraries import connected
from service.population.patients_of_part import Part, SharedResources
from service.population.run_folder import RunFolder, RunPlan

Json = dict[str, Any]
TYPES = TypesRead(
    frozenset({"Patient", "MedicationRequest"}),
    frozenset({"Medication", "Practitioner", "PractitionerRole"}),
)
RESOURCES: list[Json] = [
    {"resourceType": "Patient", "id": "p1"},
    {"resourceType": "Patient", "id": "p2"},
    {
        "resourceType": "MedicationRequest",
        "id": "m1",
        "subject": {"reference": "Patient/p1"},
        "medicationReference": {"reference": "https://ehr.example.org/fhir/Medication/kit"},
        "requester": {"reference": "Practitioner/d1"},
    },
    {
        "resourceType": "Medication",
        "id": "kit",
        "ingredient": [{"itemReference": {"reference": "Medication/pen"}}],
    },
    {"resourceType": "Medication", "id": "pen"},
    {"resourceType": "Medication", "id": "other"},
    {
        "resourceType": "PractitionerRole",
        "id": "r1",
        "practitioner": {"reference": "Practitioner/d1"},
    },
]
MakePart = Callable[..., Part]


@pytest.fixture
def part(tmp_path: Path) -> MakePart:
    """The only part of an export of RESOURCES, or of others."""

    def made(
        *more: str, memory_mb: int = 200, resources: Sequence[Json] = tuple(RESOURCES)
    ) -> Part:
        place = write_export(tmp_path / "in", resources)
        with (place / "MedicationRequest.ndjson").open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in more)
        folder = RunFolder(tmp_path / "out")
        folder.begin({})
        plan = RunPlan(folder, tuple(chunks_of(input_files(place))), 1, TYPES)
        for number in range(len(plan.chunks)):
            group_chunk(plan, number)
        connection = connected(str(tmp_path), memory_mb)
        return Part(connection, plan.tables(), 0, sorted(TYPES.shared))

    return made


def test_patients_come_in_order_with_their_entries(part: MakePart) -> None:
    first, second = part().patients()
    assert (first.id, sorted(first.entries)) == ("p1", ["MedicationRequest", "Patient"])
    assert json.loads(first.entries["Patient"])["resource"] == RESOURCES[0]
    assert (second.id, sorted(second.entries)) == ("p2", ["Patient"])


def test_a_part_larger_than_the_memory_is_read(part: MakePart) -> None:
    note = "x" * 10_000
    lines = (
        {
            "resourceType": "MedicationRequest",
            "id": f"m{number}",
            "subject": {"reference": f"Patient/q{number % 50:02}"},
            "note": [{"text": f"{number} {note}"}],
        }
        for number in range(4_000)
    )
    read = part(*map(json.dumps, lines), memory_mb=24)
    sizes = {one.id: len(one.entries.get("MedicationRequest", "")) for one in read.patients()}
    assert len(sizes) == 52
    assert all(size > 80 * len(note) for id_, size in sizes.items() if id_.startswith("q"))


def test_shared_resources_are_followed_over_several_steps(part: MakePart) -> None:
    read = part()
    first, _ = read.patients()
    assert first.names["MedicationRequest"] == {"Medication/kit", "Practitioner/d1"}
    shared = read.shared([first])
    lines = shared.among(frozenset({"Medication/kit"}))
    assert [json.loads(line)["id"] for line in lines] == ["kit", "pen"]
    assert [json.loads(line)["id"] for line in shared.roles["Practitioner/d1"]] == ["r1"]
    assert "Medication/other" not in shared.by_name


def test_nothing_is_shared_where_no_file_holds_shared_resources(part: MakePart) -> None:
    read = part(resources=RESOURCES[:3])
    first, _ = read.patients()
    assert "Medication/kit" in first.names["MedicationRequest"]
    assert read.shared([first]).among(first.names["MedicationRequest"]) == []


def test_nothing_is_among_no_names() -> None:
    assert SharedResources({}, {}, {}).among(frozenset()) == []


def test_line_that_only_duckdb_reads_is_taken_out(part: MakePart) -> None:
    line = '{"resourceType":"MedicationRequest","id":"m2","subject":{"reference":"Patient/p1"},"x":NaN}'
    read = part(line)
    sound, unsound = read.without_unsound("p1")
    orders = json.loads(f"[{sound.entries['MedicationRequest']}]")
    assert [each["resource"]["resourceType"] for each in orders] == [
        "MedicationRequest",
        "OperationOutcome",
    ]
    assert orders[1]["resource"] == json.loads(NOT_ALL)
    assert len(unsound) == 1


def test_patient_with_too_many_resources_is_named_alone(
    part: MakePart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.population.patients_of_part.MOST_RESOURCES", 1)
    second, first = part().patients()
    assert (first.id, first.too_many, first.entries) == ("p1", True, {})
    assert (second.id, second.too_many) == ("p2", False)
