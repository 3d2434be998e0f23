"""The tables `statements` and `statement_drafts`."""

from pathlib import Path

from alembic import command
from sqlalchemy import create_engine, inspect

from service.store.database.migrate import alembic_config
from service.store.tables import statement_drafts, statements


def test_both_tables_are_added_as_the_service_knows_them(file: Path) -> None:
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0004")
        inspector = inspect(connection)
        for table in (statements, statement_drafts):
            columns = [one["name"] for one in inspector.get_columns(table.name)]
            assert columns == [column.name for column in table.columns]
            indexes = {
                (one["name"], bool(one["unique"])) for one in inspector.get_indexes(table.name)
            }
            assert indexes == {(index.name, index.unique) for index in table.indexes}
    engine.dispose()
