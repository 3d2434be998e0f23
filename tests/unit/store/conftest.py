"""The store is tested on SQLite and on PostgreSQL alike."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that is not made yet (SQLite, in a folder that is not there) or empty (PostgreSQL)."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/deep/er/cds.db"
    fresh: str = request.getfixturevalue("postgres").fresh()
    return fresh


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A SQLite file that is not made yet."""
    return tmp_path / "cds.db"


@pytest.fixture
def reader(url: str) -> Iterator[Engine]:
    """Another program that reads the database."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    yield engine
    engine.dispose()
