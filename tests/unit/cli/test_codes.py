"""`codes`: its two commands."""

import pytest
from click.testing import CliRunner

from service.cli import main


@pytest.mark.parametrize(("command", "status"), [("import", 0), ("unmapped", 0), ("export", 2)])
def test_codes_are_imported_or_looked_for_in_requests(command: str, status: int) -> None:
    assert CliRunner().invoke(main, ["codes", command, "--help"]).exit_code == status
