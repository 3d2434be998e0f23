"""`policy diff`: its exit status tells whether anything differs, was misused, or was not judged."""

import json
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner
from support.shipped import FOLDER, SHIPPED
from support.visits import Json, body_of

from service.cli import main
from service.cli.policy.diff import DIFFERENT, NOTHING_JUDGED, SAME


def run(*arguments: str | Path) -> tuple[int, list[str]]:
    runner = CliRunner(env={"CDS_AS_OF": "2026-11-20"})
    result = runner.invoke(main, ["policy", "diff", *map(str, arguments)])
    return result.exit_code, result.output.splitlines()


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A copy of the shipped version with a higher bound."""
    copy = tmp_path / "copy"
    copytree(FOLDER, copy)
    path = copy / "ad.yaml"
    text = path.read_text(encoding="utf-8")
    assert "at_least: 10 % BSA" in text
    path.write_text(text.replace("at_least: 10 % BSA", "at_least: 12 % BSA", 1), encoding="utf-8")
    return copy


def recorded(folder: Path, body: Json) -> Path:
    folder.mkdir()
    (folder / "one.json").write_text(json.dumps(body), encoding="utf-8")
    return folder


def test_version_does_not_differ_from_itself() -> None:
    status, lines = run(SHIPPED, SHIPPED)
    assert status == SAME == 0
    assert lines[0].startswith(f"A: {SHIPPED}, until no end set, last checked ")
    assert lines[-1] == "no difference between the documents"


def test_change_is_told_under_its_direction_and_the_folder_is_named(changed: Path) -> None:
    status, lines = run(SHIPPED, changed)
    assert status == DIFFERENT == 1
    assert f" in {changed}" in lines[1]
    assert "Tighter (1)" in lines
    assert any("ad.initial.severity.bsa10" in line for line in lines)
    assert "Looser (1)" in run(changed, SHIPPED)[1]


def test_request_whose_outcome_stays_is_counted(changed: Path, tmp_path: Path) -> None:
    measured = {"findings": [{"what": "affected body surface", "value": "11 %"}]}
    folder = recorded(tmp_path / "requests", body_of(measured))
    status, lines = run(SHIPPED, changed, "--requests", folder)
    assert status == DIFFERENT
    assert "Requests: 0 of 1 orders flip" in lines
    assert "judged under A: 1, under B: 1, under neither: 0" in lines
    assert "The outcome stays, criteria differ: 1 of 1 orders" in lines
    assert any(line.strip().startswith("ad.initial.severity.bsa10: met →") for line in lines)


def test_requests_that_no_version_judges_say_nothing_of_the_change(tmp_path: Path) -> None:
    folder = recorded(tmp_path / "requests", body_of({"coverage": "Aetna"}))
    status, lines = run(SHIPPED, SHIPPED, "--requests", folder)
    assert status == NOTHING_JUDGED == 3
    assert "no order was judged" in lines[-1]


@pytest.mark.parametrize(
    "arguments",
    [
        ("./no-such-folder", SHIPPED),
        ("bcbsms/unheard", SHIPPED),
        (SHIPPED, SHIPPED, "--requests", "/no-such-folder"),
        (SHIPPED, SHIPPED, "--as-of", "some day"),
    ],
)
def test_misuse_is_told_in_one_line(arguments: tuple[str, ...]) -> None:
    status, lines = run(*arguments)
    assert status == 2
    assert len(lines) == 1
    assert lines[0].startswith("error: ")
