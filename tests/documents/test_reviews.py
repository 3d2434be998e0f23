"""Versions that a person should hold against their source again: a warning, never a mistake."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main
from service.library import load_library

HEAD = "mappings/policies/bcbsms/dupilumab/2025-10-01/policy.yaml"
DUE = "review_by: 2027-06-30"
Told = Callable[[str, date], list[str]]


@pytest.fixture
def told(content: Path) -> Told:
    """The warnings on a day, with the line on the next review written otherwise."""

    def warnings(written: str, today: date) -> list[str]:
        path = content / HEAD
        path.write_text(path.read_text(encoding="utf-8").replace(DUE, written), encoding="utf-8")
        return [str(one) for one in load_library(content, None).warnings(today)]

    return warnings


def test_a_review_is_not_due_on_its_own_day(told: Told) -> None:
    assert told(DUE, date(2027, 6, 30)) == []


def test_a_review_is_due_the_day_after(told: Told) -> None:
    says = "warning: the review was due by 2027-06-30; hold it against its source"
    assert told(DUE, date(2027, 7, 1)) == [f"{HEAD}:10: {says}"]


def test_a_version_without_a_review_is_told(told: Told) -> None:
    says = "warning: review_by is missing; hold it against its source"
    assert told("", date(2026, 11, 21)) == [f"{HEAD}:2: {says}"]


def test_a_version_that_has_ended_needs_no_review(told: Told) -> None:
    assert told("until: 2026-01-31", date(2026, 11, 21)) == []


def test_check_prints_a_warning_and_says_that_all_is_sound(told: Told, content: Path) -> None:
    told("", date(2026, 11, 21))
    result = CliRunner().invoke(main, ["check", str(content)])
    assert result.exit_code == 0
    assert f"{HEAD}:2: warning: review_by is missing" in result.output
    assert "OK: " in result.output
