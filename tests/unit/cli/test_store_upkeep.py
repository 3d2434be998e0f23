"""`store`: purge and backup as an operator runs them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from service.store import Store


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database with one row of feedback, named by the settings."""
    file = tmp_path / "cds.db"
    url = f"sqlite:///{file}"
    store = Store.open(url)
    now = datetime.now(UTC)
    store.keep_feedback(
        "s", [{"card": "c1", "outcome": "accepted", "accepted": (), "outcome_at": now}]
    )
    store.close()
    monkeypatch.setenv("CDS_DATABASE_URL", url)
    return file


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["store", *arguments])


@pytest.mark.usefixtures("file")
def test_purge_says_what_it_deleted() -> None:
    told = run("purge", "--keep-days", "30")
    assert told.exit_code == 0
    assert told.output.startswith("deleted, older than 20")
    assert told.output.endswith("UTC: 0 feedback, 0 cards, 0 decisions, 0 gaps, 0 kept_requests\n")


@pytest.mark.usefixtures("file")
def test_dry_run_deletes_nothing_and_says_so() -> None:
    told = run("purge", "--keep-days", "30", "--dry-run")
    assert told.output.startswith("would delete, older than 20")


@pytest.mark.parametrize("days", [[], ["--keep-days", "0"], ["--keep-days", "all"]])
def test_days_must_be_said(days: list[str]) -> None:
    assert run("purge", *days).exit_code == 2


def test_backup_makes_a_file(file: Path) -> None:
    copy = file.with_name("copy.db")
    assert run("backup", str(copy)).output == f"copied into {copy}\n"
    assert copy.is_file()
    again = run("backup", str(copy))
    assert (again.exit_code, "already" in again.output) == (2, True)


def test_database_that_is_not_there_is_an_error(file: Path) -> None:
    file.unlink()
    told = run("purge", "--keep-days", "30")
    assert told.exit_code == 2
    assert "there is no file" in told.output
