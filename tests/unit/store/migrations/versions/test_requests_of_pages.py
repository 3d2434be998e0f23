"""The table `kept_requests`."""

from pathlib import Path

from alembic import command
from sqlalchemy import create_engine, inspect

from service.store.database.migrate import alembic_config
from service.store.tables import kept_requests


def test_table_is_added_as_it_is_used(file: Path) -> None:
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0005")
        columns = [one["name"] for one in inspect(connection).get_columns("kept_requests")]
        indexes = {one["name"] for one in inspect(connection).get_indexes("kept_requests")}
    engine.dispose()
    assert columns == [column.name for column in kept_requests.columns]
    assert indexes == {index.name for index in kept_requests.indexes}
