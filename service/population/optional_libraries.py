"""The libraries of the optional extra `population`, imported only when a membership is judged."""

from importlib import import_module
from types import ModuleType
from typing import Any

from service.errors import PopulationError

INSTALL = "pip install 'dupilumab-cds[population]'"


def library_of_extra(name: str) -> ModuleType:
    """A library of the extra; raises PopulationError with what to install where it is missing."""
    try:
        return import_module(name)
    except ImportError:
        raise PopulationError(f"this command needs the library {name}: {INSTALL}") from None


def connected(temporary: str, memory_mb: int, threads: int = 1) -> Any:
    """A DuckDB connection within so much memory; what does not fit goes to the folder `temporary`."""
    duckdb = library_of_extra("duckdb")
    connection = duckdb.connect()
    connection.execute(
        f"set threads={threads}; set memory_limit='{memory_mb}MB';"
        " set preserve_insertion_order=false; set enable_progress_bar=false"
    )
    connection.execute(f"set temp_directory={quoted(temporary)}")
    return connection


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
