"""The audit of what ships: an advisory fails it, and nothing read is never called safe."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools/audit.py"
SAFE: dict[str, Any] = {"name": "flask", "version": "3.1.3", "vulns": []}
UNSAFE = {"name": "jinja2", "version": "2.0", "vulns": [{"id": "PYSEC-2014-8"}]}
UNREAD = {"name": "orjson", "skip_reason": "Dependency not found on PyPI"}
# what pip-audit answers, the exit status without and with --strict, what is said
ANSWERS: dict[str, tuple[object, int, int, str]] = {
    "nothing found": ({"dependencies": [SAFE]}, 0, 0, "1 packages read, 0 of them"),
    "an advisory": ({"dependencies": [SAFE, UNSAFE]}, 1, 1, "jinja2 2.0: PYSEC-2014-8"),
    "nothing read": ({"dependencies": [UNREAD]}, 0, 1, "NOT AUDITED"),
    "an advisory among unread": ({"dependencies": [UNREAD, UNSAFE]}, 1, 1, "PYSEC-2014-8"),
    "no packages": ({"dependencies": []}, 0, 1, "NOT AUDITED"),
    "a crash": ("Traceback", 0, 1, "NOT AUDITED"),
}


@pytest.mark.parametrize(("answer", "lenient", "strict", "says"), ANSWERS.values(), ids=ANSWERS)
def test_the_audit_ends_as_pip_audit_found(
    tmp_path: Path, answer: object, lenient: int, strict: int, says: str
) -> None:
    said = tmp_path / "said.json"
    said.write_text(json.dumps(answer))
    played = tmp_path / "pip-audit"
    played.write_text(f"#!/bin/sh\ncat {said}\nexit 1\n")
    played.chmod(0o755)
    for flags, status in (((), lenient), (("--strict",), strict)):
        command = [sys.executable, str(TOOL), *flags, str(played), "requirements.txt"]
        run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours
        assert run.returncode == status, run.stderr
        assert says in run.stdout
