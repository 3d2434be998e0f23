"""`record`: what is refused before anything listens."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main


@pytest.mark.parametrize("url", ["cds.example", "ftp://cds.example", "https://"])
def test_an_address_that_is_none(tmp_path: Path, url: str) -> None:
    result = CliRunner().invoke(main, ["record", "--out", str(tmp_path), "--url", url])
    assert result.exit_code == 2
    assert "is no address of a service" in result.output
