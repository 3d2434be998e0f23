"""What a run leaves: rejected lines, unmapped codes, a summary in figures and as a page; no working files."""

import csv
import json
import re
from pathlib import Path
from shutil import copytree

from support.membership import STORIES, judge_members

COUNT = 2 * len(STORIES)


def test_rejected_lines_have_their_file_and_line(finished: Path) -> None:
    with (finished / "rejects.csv").open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["file"], row["line"]) == ("Binary.ndjson", "2")
    assert row["why"].startswith("the line is not strict JSON")


def test_files_that_were_not_read_are_named(export: Path, tmp_path: Path) -> None:
    place, out = copytree(export, tmp_path / "in"), tmp_path / "out"
    (place / "manifest.json").write_text("{}", encoding="utf-8")
    judge_members(place, out)
    summary = json.loads((out / "summary.json").read_bytes())
    assert summary["files_not_read"] == [1, ["manifest.json"]]
    assert "<code>manifest.json</code>" in (out / "summary.html").read_text(encoding="utf-8")
    with (out / "rejects.csv").open(encoding="utf-8") as file:
        rows = [(row["file"], row["line"]) for row in csv.DictReader(file)]
    assert rows == [("Binary.ndjson", "2"), ("manifest.json", "")]


def test_unmapped_codes_are_counted(finished: Path) -> None:
    with (finished / "unmapped.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    counts = [int(row["count"]) for row in rows]
    assert counts == sorted(counts, reverse=True)
    assert {"path", "system", "code", "how", "value_sets", "count"} == rows[0].keys()


def test_summary_counts_every_patient_and_resource(finished: Path) -> None:
    summary = json.loads((finished / "summary.json").read_bytes())
    assert summary["patients"] == [[COUNT, COUNT]]
    assert sum(count for _, count in summary["by_outcome"]) == COUNT
    assert summary["resources"]["Patient"] == COUNT
    assert (summary["unread"], summary["rejected"]) == ({"Binary": 1}, 1)


def test_page_needs_no_server_and_names_no_patient(finished: Path) -> None:
    page = (finished / "summary.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<svg" in page
    assert not re.search(r'(?:src|href)="https?:', page.partition("<body")[2].partition("<svg")[0])
    assert "fully-met-" not in page
    for section in ("outcomes", "missing", "blocking", "renewals", "unmapped", "criteria", "input"):
        assert f'<section id="{section}">' in page


def test_working_files_are_deleted(finished: Path) -> None:
    assert sorted(path.name for path in finished.iterdir()) == [
        "assessments",
        "rejects.csv",
        "run.json",
        "summary.html",
        "summary.json",
        "unmapped.csv",
    ]
