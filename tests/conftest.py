"""What the tests count is printed at the end of a run: cells of leaves, mutants and survivors."""

import pytest
from cells.table import Table
from mutants.tally import Tally

CELLS = pytest.StashKey[Table]()
MUTANTS = pytest.StashKey[Tally]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[CELLS] = Table()
    config.stash[MUTANTS] = Tally()


@pytest.fixture
def cells_table(pytestconfig: pytest.Config) -> Table:
    """Where a test counts the cells of leaves."""
    return pytestconfig.stash[CELLS]


@pytest.fixture
def mutants_tally(pytestconfig: pytest.Config) -> Tally:
    """Where a test counts mutants."""
    return pytestconfig.stash[MUTANTS]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for title, lines in (
        ("leaves and what cases expect of them", list(config.stash[CELLS].lines())),
        ("mutants of the documents", list(config.stash[MUTANTS].lines())),
    ):
        if lines:
            terminalreporter.section(title)
            for line in lines:
                terminalreporter.write_line(line)
