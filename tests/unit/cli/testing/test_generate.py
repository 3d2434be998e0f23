"""`generate`: files of boundary patients, and what is refused."""

from pathlib import Path

from click.testing import CliRunner

from service.cli import main

POLICY = "bcbsms/L.5.01.513"


def test_cases_are_written_once(tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    arguments = ["generate", POLICY, "--out", out, "--count", "4", "--seed", "2"]
    result = CliRunner().invoke(main, arguments)
    assert result.output.startswith("4 of ")
    assert len([*(tmp_path / "out/requests").iterdir()]) == 4
    assert CliRunner().invoke(main, arguments).exit_code == 2


def test_a_wrong_name_or_day_is_said(tmp_path: Path) -> None:
    for arguments in (["no/policy"], [POLICY, "--as-of", "soon"]):
        result = CliRunner().invoke(main, ["generate", *arguments, "--out", str(tmp_path / "o")])
        assert result.exit_code == 2
        assert result.output.startswith("error: ")
