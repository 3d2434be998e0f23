"""Used tokens, until they expire."""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from service.errors import StoreError
from service.store.database.transactions import Database
from service.store.used_tokens import SeenTokens

NOW = 1_000


@pytest.fixture
def seen(url: str) -> Iterator[SeenTokens]:
    database = Database(url)
    database.prepare()
    tokens = SeenTokens(database.quick())
    yield tokens
    tokens.close()


def test_first_use_of_a_token_is_new_and_the_second_the_same_call_again(seen: SeenTokens) -> None:
    assert seen.note("t1", "call-1", NOW + 300, NOW) == "new"
    assert seen.note("t1", "call-1", NOW + 300, NOW) == "again"


def test_token_used_for_another_call_is_told(seen: SeenTokens) -> None:
    seen.note("t1", "call-1", NOW + 300, NOW)
    assert seen.note("t1", "call-2", NOW + 300, NOW) == "otherwise"


def test_another_token_is_new(seen: SeenTokens) -> None:
    seen.note("t1", "call-1", NOW + 300, NOW)
    assert seen.note("t2", "call-1", NOW + 300, NOW) == "new"


@pytest.mark.parametrize(("now", "expected"), [(NOW + 300, "again"), (NOW + 301, "new")])
def test_id_of_a_token_is_free_once_it_has_expired(
    seen: SeenTokens, now: int, expected: str
) -> None:
    seen.note("t1", "call-1", NOW + 300, NOW)
    assert seen.note("t1", "call-1", now + 300, now) == expected


def test_for_a_database_that_failed_nobody_waits_until_it_works_again(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    tokens = SeenTokens(Database(f"sqlite:///{tmp_path}/file/cds.db"))
    with pytest.raises(StoreError):
        tokens.note("t1", "call-1", NOW + 300, NOW)
    with pytest.raises(StoreError, match="the store did not answer a moment ago"):
        tokens.note("t1", "call-1", NOW + 300, NOW)
    (tmp_path / "file").unlink()
    assert soon(tokens) == "new"
    tokens.close()


def soon(tokens: SeenTokens) -> str:
    """What is said of a token once the database is asked again."""
    until = monotonic() + 30
    while True:
        try:
            return tokens.note("t2", "call-1", NOW + 300, NOW)
        except StoreError:
            if monotonic() > until:
                raise
            sleep(0.01)
