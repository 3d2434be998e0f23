"""`serve`: what stops the start before anything is served."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main


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
