"""Statements and half-filled forms: kept once, of one patient, read in time, deleted, purged."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, text

from service.errors import RefusedRowsError, StoreError
from service.store import (
    Delivery,
    DraftKey,
    KeptDraft,
    KeptStatement,
    PatientKey,
    StatementStore,
    Store,
)
from service.store.database.transactions import Database
from service.store.outage import Outage
from service.store.statements.statement_rows import DeliveryState

RESPONSE = {
    "resourceType": "QuestionnaireResponse",
    "item": [{"linkId": "a", "answer": [{"valueString": "naïve \x00 <b>"}]}],
}
USER = "Practitioner/7"
Json = dict[str, Any]


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

    def on(self, day: date) -> None:
        """Sets the clock to noon of a day."""
        self.now = datetime(day.year, day.month, day.day, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Kept:
    """A store that the tests of this file share, each with a patient of its own."""

    store: StatementStore
    clock: Clock
    reader: Engine


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kept(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kept]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('statements')}/cds.db"
    else:
        url = request.getfixturevalue("postgres").fresh()
    database, clock = Database(url), Clock()
    reader = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    store = StatementStore(database, Outage("statements"), days_after=30, now=lambda: clock.now)
    yield Kept(store, clock, reader)
    store.close()
    database.close()
    reader.dispose()


@pytest.fixture
def store(kept: Kept) -> StatementStore:
    kept.clock.on(date(2026, 11, 20))
    return kept.store


@pytest.fixture
def anna() -> PatientKey:
    return PatientKey("hospital", "https://ehr.example.org/fhir/", uuid4().hex)


@pytest.fixture
def made(anna: PatientKey) -> KeptStatement:
    return KeptStatement(
        id=uuid4().hex,
        of=anna,
        response=RESPONSE,
        author=USER,
        author_name="Dr. Ada",
        day=date(2026, 11, 20),
        expires=date(2027, 11, 20),
        content="sha256:0",
        shown=({"linkId": "a", "source": "Claim/1"},),
    )


@pytest.fixture
def form(anna: PatientKey) -> DraftKey:
    return DraftKey(anna, USER, "policy|2025-10-01/initial")


def keep_form(store: StatementStore, form: DraftKey, content: Json) -> None:
    """Keeps one half-filled form, in place of all others of its user about the patient."""
    store.keep_drafts(form.of, form.user, [KeptDraft(form, content)])


def count(kept: Kept, table: str, patient: PatientKey) -> int:
    asked = text(f"select count(*) from {table} where patient = :id")  # noqa: S608 - ours
    with kept.reader.connect() as connection:
        return int(connection.scalar(asked, {"id": patient.patient}) or 0)


def test_statement_comes_back_as_it_was_made(
    store: StatementStore, made: KeptStatement, kept: Kept
) -> None:
    assert store.keep(made)
    assert store.of(made.of) == (replace(made, stored_at=kept.clock.now),)


def test_statement_is_there_for_another_reader_at_once(
    store: StatementStore, made: KeptStatement, kept: Kept
) -> None:
    store.keep(made)
    assert count(kept, "statements", made.of) == 1


def test_form_that_is_sent_twice_is_kept_once(store: StatementStore, made: KeptStatement) -> None:
    assert store.keep(made)
    assert not store.keep(made)
    assert len(store.of(made.of)) == 1


def test_form_that_is_sent_again_a_moment_later_is_the_same(
    store: StatementStore, made: KeptStatement
) -> None:
    store.keep(replace(made, response={**RESPONSE, "authored": "2026-11-21T10:00:00+00:00"}))
    again = replace(made, response={**RESPONSE, "authored": "2026-11-21T10:00:01+00:00"})
    assert not store.keep(again)
    (kept,) = store.of(made.of)
    assert kept.response["authored"] == "2026-11-21T10:00:00+00:00"


def test_other_content_under_the_same_id_is_refused_and_not_passed_over(
    store: StatementStore, made: KeptStatement
) -> None:
    store.keep(made)
    other = replace(made.of, patient="p2")
    for changed in (replace(made, response={"a": 1}), replace(made, of=other)):
        with pytest.raises(RefusedRowsError, match="another statement has this id"):
            store.keep(changed)
    assert [one.response for one in store.of(made.of)] == [RESPONSE]


def test_another_client_server_or_patient_has_none_of_it(
    store: StatementStore, made: KeptStatement, form: DraftKey
) -> None:
    store.keep(made)
    keep_form(store, form, {"a": 1})
    id_ = made.of.patient
    for other in (
        replace(made.of, client="clinic"),
        replace(made.of, client=""),
        replace(made.of, server="https://ehr.example.org/other"),
        replace(made.of, patient=id_.upper()),
        replace(made.of, patient="%"),
        replace(made.of, patient=""),
    ):
        assert store.of(other) == ()
        assert store.drafts_of(other, USER) == ()
        assert store.delete(other) == 0
    assert len(store.of(made.of)) == 1


def test_slash_at_the_end_of_a_server_makes_no_other_server(
    store: StatementStore, made: KeptStatement
) -> None:
    store.keep(made)
    assert store.of(PatientKey("hospital", "https://ehr.example.org/fhir", made.of.patient))


def test_half_filled_form_is_kept_until_it_is_sent(
    store: StatementStore, made: KeptStatement, form: DraftKey
) -> None:
    keep_form(store, form, {"a": 1})
    other = replace(form, form="policy|2025-10-01/renewal")
    both = [KeptDraft(form, {"a": 2}), KeptDraft(other, {"b": 1})]
    store.keep_drafts(made.of, USER, both)
    assert {one.key: one.content for one in store.drafts_of(made.of, USER)} == {
        form: {"a": 2},
        other: {"b": 1},
    }
    assert store.drafts_of(made.of, "Practitioner/8") == ()
    store.keep(made, drafts=[form])
    assert [one.key for one in store.drafts_of(made.of, USER)] == [other]
    store.keep_drafts(made.of, USER, [])
    assert store.drafts_of(made.of, USER) == ()


def test_statements_of_one_page_are_kept_all_or_none(
    store: StatementStore, made: KeptStatement, form: DraftKey
) -> None:
    taken, fresh = made, replace(made, id=uuid4().hex)
    store.keep(taken)
    keep_form(store, form, {"a": 1})
    with pytest.raises(RefusedRowsError):
        store.keep(fresh, replace(taken, response={**RESPONSE, "item": []}), drafts=[form])
    assert [one.id for one in store.of(made.of)] == [taken.id]
    assert len(store.drafts_of(made.of, USER)) == 1
    assert store.keep(fresh, taken, drafts=[form])
    assert {one.id for one in store.of(made.of)} == {taken.id, fresh.id}
    assert store.drafts_of(made.of, USER) == ()
    assert not store.keep(fresh, taken)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """What calls return that begin in one moment."""
    ready = Barrier(len(calls))

    def after_all(call: Callable[[], object]) -> object:
        ready.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return [*threads.map(after_all, calls)]


def test_two_who_send_the_same_form_keep_it_once(
    store: StatementStore, made: KeptStatement, form: DraftKey
) -> None:
    for _ in range(10):
        one, other = (replace(made, id=uuid4().hex) for _ in range(2))
        told = at_once(
            partial(store.keep, one, other, drafts=[form]),
            partial(store.keep, other, one, drafts=[form]),
        )
        assert sorted(map(bool, told)) == [False, True]
    assert len(store.of(made.of)) == 20


def test_who_fills_in_forms_while_another_does_leaves_whole_forms(
    store: StatementStore, form: DraftKey
) -> None:
    other = replace(form, form="policy|2025-10-01/renewal")
    for _ in range(10):
        at_once(
            lambda: store.keep_drafts(form.of, USER, [KeptDraft(form, {"by": 1})]),
            lambda: store.keep_drafts(form.of, USER, [KeptDraft(form, {"by": 2})]),
            lambda: store.keep_drafts(form.of, USER, [KeptDraft(other, {"by": 3})]),
        )
        kept = {one.key: one.content for one in store.drafts_of(form.of, USER)}
        assert form in kept or other in kept


def test_statement_is_written_to_the_ehr_by_one_caller_alone(
    store: StatementStore, made: KeptStatement
) -> None:
    store.keep(replace(made, delivery=Delivery("due")))
    claim = partial(store.claim_delivery, made.id, 0)
    assert sorted(map(bool, at_once(claim, claim, claim))) == [False, False, True]
    assert store.claim_delivery(made.id, 1)
    store.note_delivery(made.id, Delivery("done", "QuestionnaireResponse/9", None, 2))
    assert not store.claim_delivery(made.id, 2)


def test_all_of_a_patient_is_deleted_and_of_nobody_else(
    store: StatementStore, made: KeptStatement, form: DraftKey, kept: Kept
) -> None:
    bob = replace(made.of, patient=uuid4().hex)
    store.keep(made)
    store.keep(replace(made, id=uuid4().hex, of=bob))
    keep_form(store, form, {"a": 1})
    assert store.delete(made.of) == 2
    assert count(kept, "statements", made.of) == count(kept, "statement_drafts", made.of) == 0
    assert count(kept, "statements", bob) == 1


@pytest.mark.parametrize(("days", "left"), [(30, 1), (31, 0)])
def test_statement_is_purged_so_many_days_after_the_last_one_on_which_it_counts(
    store: StatementStore, made: KeptStatement, kept: Kept, days: int, left: int
) -> None:
    store.keep(made)
    kept.clock.on(made.expires + timedelta(days=days))
    store.purge()
    assert len(store.of(made.of)) == left


@pytest.mark.parametrize(("days", "left"), [(30, 1), (31, 0)])
def test_form_that_nobody_goes_on_with_is_purged(
    store: StatementStore, form: DraftKey, kept: Kept, days: int, left: int
) -> None:
    keep_form(store, form, {"a": 1})
    kept.clock.on(date(2026, 11, 20) + timedelta(days=days))
    store.purge()
    assert len(store.drafts_of(form.of, USER)) == left


@pytest.mark.parametrize(("state", "after"), [("due", "none"), ("done", "done")])
def test_author_withdraws_a_statement(
    store: StatementStore, made: KeptStatement, state: DeliveryState, after: str
) -> None:
    store.keep(replace(made, delivery=Delivery(state)))
    other = replace(made.of, patient="somebody-else")
    assert not store.withdraw(other, made.author, made.id)
    assert not store.withdraw(made.of, "Practitioner/8", made.id)
    assert not store.withdraw(made.of, made.author, "x")
    assert not store.of(made.of)[0].is_withdrawn
    assert store.withdraw(made.of, made.author, made.id)
    assert store.withdraw(made.of, made.author, made.id)  # sent twice
    (kept,) = store.of(made.of)
    assert kept.response == {**made.response, "status": "entered-in-error"}
    assert (kept.is_withdrawn, kept.delivery.state) == (True, after)


def test_delivery_is_noted(store: StatementStore, made: KeptStatement, kept: Kept) -> None:
    store.keep(replace(made, delivery=Delivery("due")))
    tried = Delivery("done", "QuestionnaireResponse/9", None, 2, kept.clock.now)
    store.note_delivery(made.id, tried)
    assert store.of(made.of)[0].delivery == tried


def test_store_that_is_down_is_told_and_nobody_waits_for_it_twice(
    tmp_path: Path, made: KeptStatement
) -> None:
    (tmp_path / "file").write_text("no folder")
    database = Database(f"sqlite:///{tmp_path}/file/cds.db")
    store = StatementStore(database, Outage("statements"), days_after=30)
    with pytest.raises(StoreError, match="statements cannot be stored: "):
        store.keep(made)
    with pytest.raises(StoreError, match="statements cannot be read: "):
        store.of(made.of)
    with pytest.raises(StoreError, match="did not answer a moment ago"):
        store.of(made.of)
    store.close()


def test_reading_waits_for_no_lock_of_those_that_write(
    store: StatementStore, made: KeptStatement, kept: Kept
) -> None:
    store.keep(made)
    with kept.reader.connect() as connection:
        if kept.reader.dialect.name == "sqlite":
            connection.exec_driver_sql("begin immediate")
        else:
            connection.exec_driver_sql("lock table statements in exclusive mode")
        assert store.of(made.of)


def test_store_keeps_statements_only_if_it_is_told_so(url: str) -> None:
    without = Store.open(url)
    assert without.statements is None
    without.close()


def test_table_that_takes_no_row_is_told_by_its_kind(
    url: str, reader: Engine, made: KeptStatement
) -> None:
    opened = Store.open(url, statement_days=30)
    try:
        assert opened.statements is not None
        assert opened.statements.keep(made)
        with reader.begin() as connection:
            connection.execute(text("alter table statements rename to elsewhere"))
        with pytest.raises(StoreError, match="statements cannot be stored"):
            opened.statements.keep(made)
        assert {*opened.failures()} == {"statements"}
    finally:
        opened.close()
