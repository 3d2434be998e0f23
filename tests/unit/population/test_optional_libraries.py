"""The optional libraries: what is missing is said with what to install."""

import sys
from pathlib import Path

import pytest

from service.errors import PopulationError
from service.population.optional_libraries import connected, library_of_extra, quoted


def test_missing_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(PopulationError, match=r"pip install 'dupilumab-cds\[population\]'"):
        library_of_extra("duckdb")


def test_connection_has_a_limit_of_memory(tmp_path: Path) -> None:
    connection = connected(str(tmp_path), 100)
    (limit,) = connection.execute("select current_setting('memory_limit')").fetchone()
    assert limit.startswith("95.")  # MiB
    connection.close()


def test_quoted_text_is_one_literal(tmp_path: Path) -> None:
    connection = connected(str(tmp_path), 100)
    text = "it's"
    assert connection.execute(f"select {quoted(text)}").fetchone() == (text,)
    connection.close()
