"""The command line through its own face."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.fakes import hook_request, order

from service import __version__
from service.cli import main


def run(*arguments: str) -> tuple[int, str]:
    """The exit status and all that was printed."""
    result = CliRunner().invoke(main, arguments)
    return result.exit_code, result.output


def written(folder: Path, content: str) -> str:
    """A request file."""
    path = folder / "request.json"
    path.write_text(content)
    return str(path)


def test_the_version_is_told() -> None:
    assert run("--version") == (0, f"dupilumab-cds, version {__version__}\n")


def test_the_module_is_the_same_command() -> None:
    command = [sys.executable, "-m", "service", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    assert done.stdout == f"dupilumab-cds, version {__version__}\n"


def test_the_shipped_documents_are_sound() -> None:
    status, printed = run("check")
    assert printed.startswith("OK: ")
    assert status == 0


def test_a_folder_without_documents_is_not_checked(tmp_path: Path) -> None:
    status, printed = run("check", str(tmp_path))
    assert status == 2
    assert "holds no folder mappings" in printed


@pytest.mark.parametrize("how", ["option", "CDS_CLIENTS"])
def test_the_clients_file_is_checked_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    file = tmp_path / "clients.yaml"
    if how == "CDS_CLIENTS":
        monkeypatch.setenv(how, str(file))
    arguments = ("check", *(("--clients", str(file)) if how == "option" else ()))
    file.write_text("clients:\n  - id: local\n    holdds: {}\n")
    assert run(*arguments) == (1, "clients.yaml:3: unknown key 'holdds'; did you mean 'holds'?\n")
    file.write_text("clients:\n  - id: local\n  - id: hospital\n")
    status, printed = run(*arguments)
    assert printed.endswith(", 2 clients\n")
    assert status == 0


def test_missing_clients_file_exits_with_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDS_CLIENTS", "/nowhere.yaml")
    status, printed = run("check")
    assert status == 2
    assert "CDS_CLIENTS: there is no file /nowhere.yaml" in printed


def test_a_request_without_our_drug_has_no_assessments(tmp_path: Path) -> None:
    file = written(tmp_path, json.dumps(hook_request("order-sign", order())))
    assert run("assess", file, "--json", "--as-of", "2026-11-20") == (0, "[]\n")
    assert run("assess", file) == (0, "no order in this request is ours to judge\n")


BROKEN = {
    "not JSON": ("{", "not strict JSON at line 1 column"),
    "not a request": ("{}", "hook: required"),
    "another hook": (json.dumps(hook_request("patient-view")), "order-select, order-sign only"),
}


@pytest.mark.parametrize(("content", "message"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_named_and_the_status_is_2(
    tmp_path: Path, content: str, message: str
) -> None:
    status, printed = run("assess", written(tmp_path, content))
    assert status == 2
    assert message in printed
    assert "Traceback" not in printed


def test_missing_file_exits_with_2() -> None:
    assert run("assess", "/nowhere.json")[0] == 2


def test_wrong_day_exits_with_2(tmp_path: Path) -> None:
    status, printed = run("assess", written(tmp_path, "{}"), "--as-of", "soon")
    assert status == 2
    assert "--as-of: 'soon' is none of today, order, YYYY-MM-DD" in printed


def test_a_wrong_setting_stops_the_server_with_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDS_PORT", "http")
    status, printed = run("serve")
    assert status == 2
    assert "CDS_PORT" in printed
