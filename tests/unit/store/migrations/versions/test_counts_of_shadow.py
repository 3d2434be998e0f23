"""The table `shadow_counts`."""

from pathlib import Path

from alembic import command
from sqlalchemy import create_engine, inspect

from service.store.database.migrate import alembic_config
from service.store.tables import shadow_counts


def test_table_is_added_as_it_is_used(file: Path) -> None:
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0003")
        columns = [one["name"] for one in inspect(connection).get_columns("shadow_counts")]
    engine.dispose()
    assert columns == [column.name for column in shadow_counts.columns]
