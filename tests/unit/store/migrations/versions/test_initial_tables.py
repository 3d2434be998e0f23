"""The four tables of versions before Alembic."""

from pathlib import Path

from alembic import command
from sqlalchemy import create_engine, inspect

from service.store.database.migrate import alembic_config
from service.store.migrations.versions.initial_tables import initial


def test_tables_that_are_there_are_left_and_the_others_made(file: Path) -> None:
    engine = create_engine(f"sqlite:///{file}")
    initial.create_all(engine, tables=[initial.tables["feedback"]])
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0001")
        there = {*inspect(connection).get_table_names()}
    engine.dispose()
    assert there == {"feedback", "decisions", "cards", "seen_tokens", "alembic_version"}
