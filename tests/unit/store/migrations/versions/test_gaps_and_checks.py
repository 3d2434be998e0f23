"""The tables `gaps` and `checks`."""

from pathlib import Path

from alembic import command
from sqlalchemy import create_engine, inspect

from service.store.database.migrate import alembic_config


def test_both_tables_are_added(file: Path) -> None:
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0002")
        inspector = inspect(connection)
        columns = {
            table: [one["name"] for one in inspector.get_columns(table)]
            for table in ("gaps", "checks")
        }
    engine.dispose()
    assert columns == {
        "gaps": ["key", "kind", "missing", "began_at", "ended_at", "reason"],
        "checks": ["name", "at"],
    }
