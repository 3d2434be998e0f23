"""How far a run is: lines without a terminal, a bar on one, nothing if it is to be quiet."""

import pytest

from service.population.progress import Progress


def test_without_terminal_the_end_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress().stage("Judging", 4, "patients") as advance:
        advance(2)
        advance(2)
    assert capsys.readouterr().err == "Judging: 4 of 4 patients, 0.0 minutes left\n"


def test_bytes_are_printed_as_megabytes(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress().stage("Grouping", 3 << 20, "bytes") as advance:
        advance(3 << 20)
    assert "3 of 3 MB" in capsys.readouterr().err


def test_terminal_has_a_bar_with_the_time_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    with Progress().stage("Judging", 4, "patients") as advance:
        advance(1)
    shown = capsys.readouterr().err
    assert "Judging" in shown
    assert "left:" in shown


def test_quiet_run_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(quiet=True).stage("Judging", 4, "patients") as advance:
        advance(4)
    assert capsys.readouterr().err == ""
