"""`replay`: the differences, the exit code, a JUnit file, and answers that are accepted."""

from pathlib import Path

from click.testing import CliRunner
from support.recordings import recorded

from service.cli import main


def test_differences_and_exit_codes(tmp_path: Path) -> None:
    (file,) = recorded(tmp_path, "crswnp-fully-met")
    run = CliRunner().invoke
    assert run(main, ["replay", str(tmp_path)]).exit_code == 0
    file.write_text(file.read_text().replace('"outcome": "met"', '"outcome": "not_met"'))
    report = tmp_path / "report.xml"
    different = run(main, ["replay", str(tmp_path), "--junit", str(report)])
    assert different.exit_code == 1
    assert "outcome: not_met → met" in different.output
    assert 'failures="1"' in report.read_text()
    assert "accepted" in run(main, ["replay", str(tmp_path), "--accept"]).output
    assert run(main, ["replay", str(tmp_path)]).exit_code == 0


def test_misuse_is_said(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["replay", str(tmp_path)]).exit_code == 2
    both = ["replay", str(tmp_path), "--url", "x", "--content", "y"]
    assert "exclude each other" in CliRunner().invoke(main, both).output
