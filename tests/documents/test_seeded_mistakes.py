"""Mistakes in the policies of many payers are told with file and line: a few of those of the bench."""

import os
import subprocess
import sys

import pytest
from support.paths import ROOT


@pytest.mark.slow
def test_mistakes_of_many_payers_are_told_with_file_and_line() -> None:
    command = [sys.executable, "bench/seeded_mistakes.py", "--payers", "6", "--every", "6"]
    done = subprocess.run(  # noqa: S603 - our own command
        command,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.startswith("5 of 5 told with file and line"), done.stdout
