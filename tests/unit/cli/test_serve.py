"""`serve`: what stops the start before anything is served."""

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main
from service.store import Store


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A folder without documents."""
    for name in ("mappings", "cards"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CDS_PORT", "many"),
        ("CDS_AS_OF", "some day"),
        ("CDS_DATABASE_URL", "nonsense"),
        ("CDS_DATABASE_URL", "sqlite://"),
    ],
)
def test_wrong_setting_stops_the_start_with_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    result = CliRunner().invoke(main, ["serve"])
    assert result.exit_code == 2
    assert result.output.startswith(f"error: {name}")


def test_unsound_documents_stop_the_start_with_their_mistakes(
    monkeypatch: pytest.MonkeyPatch, content: Path
) -> None:
    monkeypatch.setenv("CDS_CONTENT", str(content))
    result = CliRunner().invoke(main, ["serve"])
    assert result.exit_code == 1
    assert "mappings/sources:1: no document here" in result.output.splitlines()


def test_serve_takes_no_argument() -> None:
    assert CliRunner().invoke(main, ["serve", "now"]).exit_code == 2


def test_database_of_a_newer_version_stops_the_start_and_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/cds.db"
    Store.open(url).close()
    with sqlite3.connect(tmp_path / "cds.db") as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    connection.close()
    monkeypatch.setenv("CDS_DATABASE_URL", url)
    result = CliRunner().invoke(main, ["serve"])
    assert result.exit_code == 2
    assert result.output.startswith(
        "error: CDS_DATABASE_URL: the database was changed by a newer version of the service"
    )
