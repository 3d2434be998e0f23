"""The tables of keys in docs/reference/ are those that the shapes and operators give."""

import shutil
from pathlib import Path
from runpy import run_path

import pytest
from support.paths import ROOT

TOOL = ROOT / "tools/language.py"
PAGES = ROOT / "docs/reference"


def checked(pages: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """How the tool ends for a folder of pages, and what it says."""
    main = run_path(str(TOOL))["main"]
    return main(["--check", "--pages", str(pages)]), capsys.readouterr().err


def test_the_tables_are_current_and_no_key_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(PAGES, capsys) == (0, "")


@pytest.mark.parametrize(
    ("page", "written", "instead", "reported"),
    [
        ("facts.md", "| `built_from` |", "| `built_of` |", "FactShape: 'built_of' is no key"),
        ("facts.md", "| `built_from` |", "| `cite` |", "FactShape: say what 'built_from' means"),
        ("supply.md", "| **`of`** | text or list |", "| `of` | text |", "supply.md: out of date"),
        ("supply.md", "keys: fewer", "keys: fewest", "no table 'fewest'"),
        ("supply.md", "keys: fewer", "keys: episodes", "no page has the table 'fewer'"),
    ],
)
def test_a_table_that_differs_from_the_code_is_reported(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    page: str,
    written: str,
    instead: str,
    reported: str,
) -> None:
    shutil.copytree(PAGES, tmp_path / "pages")
    changed = tmp_path / "pages" / page
    text = changed.read_text(encoding="utf-8")
    assert written in text
    changed.write_text(text.replace(written, instead), encoding="utf-8")
    code, wrong = checked(tmp_path / "pages", capsys)
    assert code == 1
    assert reported in wrong
