"""`check`: one line for sound documents, every mistake for others."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A content folder without documents."""
    for name in ("mappings", "cards"):
        (tmp_path / name).mkdir()
    return tmp_path


def test_every_mistake_of_a_folder_is_listed_with_its_place(content: Path) -> None:
    (content / "mappings/units.yaml").write_text("source: x\nunit: []\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(content)])
    lines = result.output.splitlines()
    assert result.exit_code == 1
    assert "mappings/units.yaml:2: unknown key 'unit'; did you mean 'units'?" in lines
    assert "mappings/sources:1: no document here" in lines


def test_folder_without_mappings_and_cards_is_misuse(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["check", str(tmp_path)])
    assert result.exit_code == 2
    assert result.output.startswith("error: ")


def test_folder_that_is_not_there_is_misuse(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["check", str(tmp_path / "gone")]).exit_code == 2
