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
