"""`population` writes the results, goes on, and says plainly what it lacks."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support.membership import CLIENTS, members, rows_of, write_export

from service.cli import main


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """An export of two patients."""
    return write_export(tmp_path / "in", members(2))


def called(*words: object) -> Result:
    """The command with these words."""
    settings = {"CDS_CLIENTS": str(CLIENTS), "CDS_CACHE_DIR": "", "CDS_AS_OF": "2026-11-21"}
    return CliRunner().invoke(main, ["population", *map(str, words)], env=settings)


def test_results_are_written_and_a_finished_run_is_not_done_again(
    export: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = called(export, "--out", out, "--workers", 1, "--quiet")
    assert (first.exit_code, first.output) == (0, f"{out / 'summary.html'}\n")
    assert {row["as_of"].isoformat() for row in rows_of(out)} == {"2026-11-21"}
    written = (out / "summary.html").stat().st_mtime_ns
    assert called(export, "--out", out, "--workers", 1).exit_code == 0
    assert (out / "summary.html").stat().st_mtime_ns == written


def test_what_was_not_read_is_said_before_the_result(export: Path, tmp_path: Path) -> None:
    (export / "manifest.json").write_text("{}", encoding="utf-8")
    (export / "Binary.ndjson").write_text("{broken\n", encoding="utf-8")
    done = called(export, "--out", tmp_path / "out", "--workers", 1, "--quiet")
    assert done.exit_code == 0
    assert done.stderr.splitlines() == [
        "1 lines were rejected: see rejects.csv",
        "1 files were not read: see rejects.csv",
    ]
    (export / "Observation.json").write_text("{}", encoding="utf-8")
    refused = called(export, "--out", tmp_path / "other")
    assert refused.exit_code == 2
    assert "they cannot be read: Observation.json;" in refused.output


def test_missing_extra_is_said_with_what_to_install(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    result = called(export, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert result.output == (
        "error: this command needs the library duckdb: pip install 'dupilumab-cds[population]'\n"
    )


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--client", "nobody"), "this client is not configured here"),
        (("--as-of", "yesterday"), "--as-of: 'yesterday' is none of today, order, YYYY-MM-DD"),
        (("--against", "."), "holds no folder"),
    ],
)
def test_what_cannot_be_done_is_said(
    export: Path, tmp_path: Path, words: tuple[str, str], why: str
) -> None:
    if words[1] == ".":
        words = (words[0], str(tmp_path))
    result = called(export, "--out", tmp_path / "out", *words)
    assert result.exit_code == 2
    assert why in result.output
