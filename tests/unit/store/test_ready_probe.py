"""Tries whether rows can be stored: one at a time, for all who ask."""

from collections.abc import Iterator
from threading import Event

import pytest
from sqlalchemy import Engine, text

from service.store.database.transactions import Database
from service.store.ready_probe import Probe, failures_now


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url)
    yield opened
    opened.close()


def test_database_that_stores_has_no_failures_and_one_row_of_the_try(
    database: Database, reader: Engine
) -> None:
    for _ in range(2):
        assert failures_now(database) == {}
    with reader.connect() as connection:
        assert connection.execute(text("select name from checks")).all() == [("write",)]
        for table in ("decisions", "cards", "feedback", "gaps"):
            assert connection.execute(text(f"select * from {table}")).all() == []  # noqa: S608 - ours


@pytest.mark.parametrize(
    ("dropped", "kind"),
    [("feedback", "feedback"), ("decisions", "decisions"), ("cards", "decisions")],
)
def test_kind_that_cannot_be_stored_is_told_alone(
    database: Database, reader: Engine, dropped: str, kind: str
) -> None:
    database.prepare()
    with reader.begin() as connection:
        connection.execute(text(f"alter table {dropped} rename to elsewhere"))
    (found,) = failures_now(database).items()
    assert found[0] == kind
    assert found[1].startswith("the database: its tables are not as this version made them")


# statements that have rows of a table left out, or refused, by the kind of database
RULES = {
    ("sqlite", "left out"): [
        "create trigger t before insert on feedback begin select raise(ignore); end"
    ],
    ("sqlite", "refused"): [
        "create trigger t before insert on feedback begin select raise(abort, 'no'); end"
    ],
    ("postgresql", "left out"): [
        "create function leave_out() returns trigger language plpgsql as 'begin return null; end'",
        "create trigger t before insert on feedback for each row execute function leave_out()",
    ],
    ("postgresql", "refused"): ["alter table feedback add constraint t check (card = 'x')"],
}


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("left out", "the database did not keep every row (0 of 1)"),
        ("refused", "the database refused a row"),
    ],
)
def test_kind_whose_rows_a_rule_of_the_database_stops_is_told(
    database: Database, reader: Engine, how: str, says: str
) -> None:
    database.prepare()
    with reader.begin() as connection:
        for statement in RULES[reader.dialect.name, how]:
            connection.execute(text(statement))
    assert failures_now(database) == {"feedback": says}


def test_without_a_row_of_the_try_nothing_can_be_stored(database: Database, reader: Engine) -> None:
    database.prepare()
    with reader.begin() as connection:
        connection.execute(text("drop table checks"))
    assert {*failures_now(database)} == {"decisions", "feedback"}


def test_all_who_ask_during_a_try_wait_for_that_one() -> None:
    tries: list[int] = []
    go_on = Event()

    def one_try() -> None:
        tries.append(1)
        go_on.wait(30)

    probe = Probe(one_try)
    assert not probe.ended(0.01, anew=False)
    assert not probe.ended(0.01, anew=True)
    go_on.set()
    assert probe.ended(30, anew=False)
    assert len(tries) == 1
    assert probe.ended(30, anew=True)
    assert len(tries) == 2
    probe.close()
    assert probe.ended(30, anew=False)
    assert len(tries) == 3
    probe.close()
