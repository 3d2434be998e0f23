"""What is old is deleted, and nothing else."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from support.old_rows import LIMIT, filled, keep_requests

from service.errors import SettingsError
from service.store.retention import BATCH, older_than, purge


def left(reader: Engine, table: str, column: str = "key") -> list[Any]:
    with reader.connect() as connection:
        return [row[0] for row in connection.execute(text(f"select {column} from {table}"))]  # noqa: S608


def test_rows_older_than_the_moment_are_deleted_and_no_others(url: str, reader: Engine) -> None:
    filled(url, 2, 3)
    of_old = {"feedback": 2, "decisions": 2, "gaps": 1, "kept_requests": 0}
    assert older_than(url, LIMIT) == of_old
    assert len(left(reader, "feedback")) == 5
    assert purge(url, LIMIT) == {**of_old, "cards": 2}
    for table, column in (("decisions", "id"), ("cards", "decision")):
        assert sorted(left(reader, table, column)) == ["d2", "d3", "d4"]
    assert sorted(left(reader, "feedback", "card")) == ["c2", "c3", "c4"]
    assert len(left(reader, "gaps")) == 1
    assert {*purge(url, LIMIT).values()} == {0}


def test_kept_requests_are_deleted_once_they_have_expired_whatever_the_moment(
    url: str, reader: Engine
) -> None:
    keep_requests(url)
    assert older_than(url, LIMIT)["kept_requests"] == 1
    assert purge(url, LIMIT)["kept_requests"] == 1
    assert left(reader, "kept_requests", "id") == ["1"]
    assert purge(url, LIMIT)["kept_requests"] == 0


def test_more_than_a_batch_is_deleted(url: str, reader: Engine) -> None:
    filled(url, 2 * BATCH + 1, 1)
    assert purge(url, LIMIT)["decisions"] == 2 * BATCH + 1
    assert left(reader, "cards", "decision") == [f"d{2 * BATCH + 1}"]


def test_no_database_is_made_to_delete_from(file: Path) -> None:
    with pytest.raises(SettingsError, match="there is no file"):
        purge(f"sqlite:///{file}", LIMIT)
    assert not file.exists()
