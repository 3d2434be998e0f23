"""`serve`: what stops the start before anything is served."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.paths import ROOT

from service.cli import main
from service.web.shared_memory import folder_in_memory


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


@pytest.mark.slow
def test_start_on_a_port_that_is_taken_leaves_the_files_of_its_server(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        folder = folder_in_memory(port)
        folder.mkdir(mode=0o700)
        kept = folder / ("k" * 32)
        kept.write_bytes(b"a request that a page is about")
        settings = {"CDS_PORT": str(port), "CDS_DATABASE_URL": f"sqlite:///{tmp_path / 'x.db'}"}
        try:
            done = subprocess.run(
                [sys.executable, "-m", "service", "serve"],
                env={**os.environ, **settings, "PYTHONPATH": str(ROOT)},
                cwd=tmp_path,
                check=False,
                capture_output=True,
                timeout=120,
            )
            assert done.returncode != 0
            assert kept.exists()
        finally:
            kept.unlink(missing_ok=True)
            folder.rmdir()
