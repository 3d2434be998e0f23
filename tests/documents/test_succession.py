"""Versions of one payer and drug: none over another, a gap told, the newest that was reached decides."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner

from service.cli import main
from service.library import load_library

FOLDER = "mappings/policies/bcbsms/dupilumab"
FIRST = "effective: 2025-10-01"
OLD = f"{FOLDER}/2024-01-01/policy.yaml"
Before = Callable[[str], None]


@pytest.fixture
def before(content: Path) -> Before:
    """Puts a version from 2024-01-01 before the shipped one, with a line on its end."""

    def put(until: str) -> None:
        copytree(content / FOLDER / "2025-10-01", content / FOLDER / "2024-01-01")
        text = (content / OLD).read_text(encoding="utf-8")
        written = text.replace(FIRST, f"effective: 2024-01-01\n{until}", 1)
        (content / OLD).write_text(written, encoding="utf-8")

    return put


def _line(content: Path) -> int:
    lines = (content / OLD).read_text(encoding="utf-8").splitlines()
    return next(n for n, one in enumerate(lines, 1) if one.startswith("until"))


@pytest.mark.parametrize("until", ["2025-10-01", "2026-03-31"])
def test_an_end_after_the_next_first_day_is_a_mistake(
    before: Before, content: Path, mistakes: Callable[[], list[str]], until: str
) -> None:
    before(f"until: {until}")
    says = (
        f"until {until} is not before 2025-10-01, the first day of {FOLDER}/2025-10-01/policy.yaml"
    )
    assert mistakes() == [f"{OLD}:{_line(content)}: {says}"]


def test_days_without_a_version_are_a_warning(before: Before, content: Path) -> None:
    before("until: 2025-09-29")
    told = [str(one) for one in load_library(content, None).warnings(date(2026, 11, 21))]
    says = "warning: no version holds from 2025-09-30 to 2025-09-30"
    assert told == [f"{OLD}:{_line(content)}: {says}; the next is {FOLDER}/2025-10-01/policy.yaml"]


@pytest.mark.parametrize("until", ["until: 2025-09-30", ""])
def test_the_day_before_the_next_one_is_no_gap_and_no_end_none(
    before: Before, content: Path, until: str
) -> None:
    before(until)
    assert load_library(content, None).warnings(date(2026, 11, 21)) == ()


LISTED = {
    "2025-09-30": ("in force", "not in force"),
    "2025-10-01": ("not in force", "in force"),
}


@pytest.mark.parametrize(("day", "states"), LISTED.items())
def test_the_list_shows_one_version_in_force_and_what_follows(
    before: Before,
    content: Path,
    monkeypatch: pytest.MonkeyPatch,
    day: str,
    states: tuple[str, str],
) -> None:
    before("")
    monkeypatch.setenv("CDS_CONTENT", str(content))
    monkeypatch.setenv("CDS_AS_OF", day)
    name, title = "bcbsms/L.5.01.513", "Dupixent (dupilumab)"
    assert CliRunner().invoke(main, ["policy", "list"]).output.splitlines() == [
        f"{name}@2024-01-01  {title}, followed by {name}@2025-10-01, {states[0]} on {day}",
        f"{name}@2025-10-01  {title}, until no end set, {states[1]} on {day}",
    ]
