"""Alembic's own commands work on our migrations."""

from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from service.store.database.migrate import alembic_config
from service.store.tables import REVISION


def test_alembic_migrates_the_connection_that_it_is_given(file: Path) -> None:
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0001")
        assert "gaps" not in inspect(connection).get_table_names()
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "head")
        assert "gaps" in inspect(connection).get_table_names()
    engine.dispose()


def test_newest_migration_is_the_revision_of_the_tables() -> None:
    scripts = ScriptDirectory.from_config(alembic_config(None))
    assert scripts.get_heads() == [REVISION]
