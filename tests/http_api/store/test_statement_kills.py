"""An acknowledged statement is kept, whatever is killed at whatever moment."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from support.paths import ROOT
from support.postgres import Postgres

# Four threads keep statements one after the other, and say each id once it was acknowledged.
KEEPS = """
import os, sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from service.store import KeptStatement, PatientKey, Store
kept = Store.open(sys.argv[1], 30).statements
def keep(caller):
    for n in range(100_000):
        day, id_ = date(2026, 11, 20), f"{caller}-{n}"
        patient = PatientKey("hospital", "https://ehr.example.org/fhir", "p1")
        kept.keep(KeptStatement(id_, patient, {"n": n}, "Practitioner/7", "", day, day, ""))
        os.write(1, f"{id_}\\n".encode())  # whole, also beside other threads
with ThreadPoolExecutor(4) as pool:
    list(pool.map(keep, range(4)))
"""
FIRST = 40


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/cds.db"
    fresh: str = request.getfixturevalue("postgres").fresh()
    return fresh


def started(url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", KEEPS, url],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def acknowledged(process: subprocess.Popen[str], killed: Callable[[], None]) -> set[str]:
    """The ids that were acknowledged until something was killed, and while it was."""
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(FIRST)]
    killed()
    # it ends by itself: nothing more is acknowledged
    lines += process.stdout.readlines()
    process.wait(60)
    assert process.returncode != 0
    return {line.strip() for line in lines if line.endswith("\n")}


def there(url: str) -> set[str]:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        ids = {str(row[0]) for row in connection.execute(text("select id from statements"))}
    engine.dispose()
    return ids


def test_statements_acknowledged_before_the_process_was_killed_are_kept(url: str) -> None:
    with started(url) as process:
        ids = acknowledged(process, lambda: os.kill(process.pid, signal.SIGKILL))
    assert len(ids) >= FIRST
    assert ids <= there(url)


def test_statements_acknowledged_before_postgresql_was_killed_are_kept(postgres: Postgres) -> None:
    url = postgres.fresh()
    with started(url) as process:
        try:
            ids = acknowledged(process, postgres.kill)
        finally:
            postgres.start()
    assert len(ids) >= FIRST
    assert ids <= there(url)
