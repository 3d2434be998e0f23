"""What the tests count is printed at the end of a run: cells of leaves, mutants, checks, sizes of the code.

Counts travel as properties of the tests' reports, because tests run in several processes.
"""

import gc
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from mutants.tally import Count, Tally
from support.cells.table import Row, Table
from support.each import Checks, make_all
from support.extent import FAST, ONE_OF
from support.postgres import MISSING, Postgres, programs
from support.pristine import Pristine, copy_documents

# Instants become days in this machine's zone: on every machine the tests run as on most servers, in UTC.
os.environ["TZ"] = "UTC"
time.tzset()

# No test measures time: an example that takes long on a busy machine is no failure.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server, started when the first test asks for it; no such test passes without one."""
    folder = programs()
    if folder is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    server = Postgres(folder)
    yield server
    server.stop()


@pytest.fixture
def cells_table(request: pytest.FixtureRequest) -> Iterator[Table]:
    """Where a test counts the cells of leaves."""
    table = Table()
    yield table
    for file, row in table.rows.items():
        request.node.user_properties.append(("cells", [file, *row]))


@pytest.fixture
def mutants_tally(request: pytest.FixtureRequest) -> Iterator[Tally]:
    """Where a test counts mutants."""
    tally = Tally()
    yield tally
    for what, one in tally.counts.items():
        request.node.user_properties.append(("mutants", [what, *one]))


@pytest.fixture
def all_hold(request: pytest.FixtureRequest) -> Callable[[Checks], None]:
    """Makes many checks in one test, and counts them."""

    def made(checks: Checks) -> None:
        request.node.user_properties.append(("checks", make_all(checks)))

    return made


@pytest.fixture(scope="session")
def pristine_documents(tmp_path_factory: pytest.TempPathFactory) -> Pristine:
    """A copy of all shipped documents, as each test finds it."""
    return Pristine(copy_documents(tmp_path_factory.mktemp("shipped")))


@pytest.fixture
def shipped_copy(pristine_documents: Pristine) -> Iterator[Path]:
    """A copy of all shipped documents, free to be changed: what a test changes is put back after it."""
    yield pristine_documents.content
    pristine_documents.put_back()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A fast run takes one of ten of the tests that break documents."""
    if FAST:
        documents = [one for one in items if one.nodeid.startswith("tests/documents/")]
        left_out = {*documents} - {*documents[::ONE_OF]}
        config.hook.pytest_deselected(items=[one for one in items if one in left_out])
        items[:] = [one for one in items if one not in left_out]


def pytest_collection() -> None:
    """While tests are collected nearly every new object stays: the collector of cycles has nothing to do."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Tests and documents stay to the end: the collector need not visit them again and again."""
    gc.freeze()
    gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    cells = sorted(_counted(terminalreporter, "cells"))
    mutants = sorted(_counted(terminalreporter, "mutants"))
    for title, lines in (
        (
            "leaves and what cases expect of them",
            Table({f: Row(*row) for f, *row in cells}).lines(),
        ),
        ("mutants of the documents", Tally({w: Count(*one) for w, *one in mutants}).lines()),
        ("many checks in one test", _checks(terminalreporter)),
        ("sizes, to look at", _counted(terminalreporter, "sizes")),
    ):
        printed = list(lines)
        if printed:
            terminalreporter.section(title)
            terminalreporter.write("\n".join([*printed, ""]))

    if without := [
        one for one in terminalreporter.stats.get("skipped", ()) if MISSING in str(one.longrepr)
    ]:
        terminalreporter.section("not tested on PostgreSQL")
        terminalreporter.write(f"{len(without)} tests were skipped: {MISSING}\n")


def _checks(reporter: pytest.TerminalReporter) -> Iterator[str]:
    """For each file with such tests: how many checks were made in how many tests."""
    checks, tests = Counter[str](), Counter[str]()
    for report, count in _reported(reporter, "checks"):
        file = report.nodeid.partition("::")[0]
        checks[file] += count
        tests[file] += 1
    for file, count in sorted(checks.items()):
        yield f"{file}: {count} checks in {tests[file]} tests"


def _counted(reporter: pytest.TerminalReporter, kind: str) -> Iterator[Any]:
    return (value for _, value in _reported(reporter, kind))


def _reported(
    reporter: pytest.TerminalReporter, kind: str
) -> Iterator[tuple[pytest.TestReport, Any]]:
    for reports in reporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) == "teardown":
                yield from (
                    (report, value) for name, value in report.user_properties if name == kind
                )
