"""The store: feedback, decisions and used tokens; statements and requests where it keeps them."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from threading import BoundedSemaphore
from time import monotonic, sleep

from service.errors import (
    DatabaseShapeError,
    NoConnectionError,
    RefusedRowsError,
    SettingsError,
    StoreError,
)
from service.store.batch_writer import Writer
from service.store.database.bounded_calls import BoundedCalls
from service.store.database.connections import lasts
from service.store.database.transactions import Database
from service.store.outage import Failure, Outage
from service.store.ready_probe import REQUESTS, STATEMENTS, TABLES, Probe, failures_now
from service.store.request_store import RequestStore
from service.store.shadow_counts import ShadowCount, add_counts, stored_counts
from service.store.statements.statement_store import StatementStore
from service.store.tables import (
    DecisionRecord,
    GapRecord,
    Row,
    card_rows,
    cards,
    decision_row,
    decisions,
    feedback,
    feedback_row,
    gap_row,
    gaps,
)
from service.store.used_tokens import Seen, SeenTokens

# How many calls write feedback at once, and the seconds that one waits: for the database, for its turn,
# for a database that starts again. So many wait for a turn, and none while feedback cannot be stored: the
# other threads of the worker stay free for orders.
FEEDBACK_CALLS = 4
FEEDBACK_WAITING = 12
FEEDBACK_SECONDS = 5.0
FEEDBACK_TURN = 4.0
RESTART_SECONDS = 4.0
RESTART_PAUSE = 0.1
# How many seconds `/ready` waits for a try; fewer if the last one failed, as the answer is known already.
READY_SECONDS = 2.5
READY_SECONDS_FAILING = 0.5
log = logging.getLogger("service.store")


class Store:
    """Writes feedback before the answer is sent, and decisions after it.

    `statements` and `requests` are None unless the operator has them kept.
    """

    def __init__(
        self,
        database: Database,
        statement_days: int | None = None,
        *,
        keeps_requests: bool = False,
    ) -> None:
        quick = database.quick()
        self._database = database
        self._seen = SeenTokens(quick)
        self._tables = {
            **TABLES,
            **(STATEMENTS if statement_days is not None else {}),
            **(REQUESTS if keeps_requests else {}),
        }
        self._outages = {kind: Outage(kind) for kind in self._tables}
        self.statements = (
            StatementStore(database, self._outages["statements"], statement_days)
            if statement_days is not None
            else None
        )
        outage = self._outages.get("kept_requests") or Outage("kept_requests")
        # made in any case: it deletes what was kept before the operator turned it off
        self._requests = RequestStore(quick, outage)
        self.requests = self._requests if keeps_requests else None
        self._waiting = BoundedSemaphore(FEEDBACK_CALLS + FEEDBACK_WAITING)
        self._calls = BoundedCalls("feedback", FEEDBACK_CALLS, FEEDBACK_SECONDS)
        self._probe = Probe(self._try)
        # rows are made in the writer's thread, so that no answer waits for them
        self._writer = Writer[DecisionRecord](self._write_decisions, self._outages["decisions"])

    @classmethod
    def open(
        cls, url: str, statement_days: int | None = None, *, keeps_requests: bool = False
    ) -> "Store":
        """Makes or migrates the tables; the database need not be available yet.

        Keeps statements of prescribers only if it is said how many days beyond their last one, and
        requests for pages of orders only with `keeps_requests`.

        Raises DatabaseShapeError if this version does not know its tables, SettingsError for a wrong URL.
        """
        if statement_days is not None and not lasts(url):
            raise SettingsError(
                "CDS_STATEMENTS: a database in memory keeps no statements; name a file or a server in"
                " CDS_DATABASE_URL"
            )
        database = Database(url)
        store = cls(database, statement_days, keeps_requests=keeps_requests)
        try:
            database.prepare()
        except DatabaseShapeError as error:
            raise DatabaseShapeError(f"CDS_DATABASE_URL: {error}") from None
        except StoreError as error:
            for outage in store._outages.values():
                outage.begin(str(error))
        return store

    def watch(
        self,
        lost: Callable[[int], object],
        failing: Callable[[str, Failure | None], object],
    ) -> None:
        """From now on `lost` gets the number of decisions that are lost, `failing` each change by kind."""
        self._writer.notice = lost
        for kind, outage in self._outages.items():
            outage.notice = partial(failing, kind)
            outage.notice(outage.failure)
        self._requests.purge_later()

    def keep_feedback(self, service: str, items: Sequence[Mapping[str, object]]) -> None:
        """Writes all items or none; raises StoreError if they are not safely stored."""
        now = datetime.now(UTC)
        if not items:
            return
        rows = [feedback_row(item, service, now) for item in items]
        outage = self._outages["feedback"]
        waits = outage.failure is None and self._waiting.acquire(blocking=False)
        try:
            self._calls.run(
                partial(self._insert_feedback, rows), patience=FEEDBACK_TURN if waits else 0
            )
        except RefusedRowsError:
            raise
        except StoreError as error:
            outage.begin(str(error))
            raise StoreError(f"feedback cannot be stored: {error}") from None
        finally:
            if waits:
                self._waiting.release()
        outage.end()

    def _insert_feedback(self, rows: Sequence[Row]) -> None:
        """Inserts all rows or none; waits for a database that was there before and starts again."""
        until = monotonic() + RESTART_SECONDS
        while True:
            try:
                return self._database.insert({feedback: rows})
            except NoConnectionError:
                if self._outages["feedback"].failure or monotonic() > until:
                    raise
            sleep(RESTART_PAUSE)

    def keep_decisions(
        self, decided: Sequence[Mapping[str, object]], service: str, hook: str, milliseconds: float
    ) -> None:
        """Queues decisions without waiting; those that are lost are counted in `missed` and in `gaps`."""
        now = datetime.now(UTC)
        self._writer.add(
            [DecisionRecord(decision, service, hook, now, milliseconds) for decision in decided]
        )

    def note_token(self, id_: str, call: str, expires_at: int, now: int) -> Seen:
        """Notes a token and says whether it is new, was used for the same call (`again`), or `otherwise`."""
        return self._seen.note(id_, call, expires_at, now)

    def add_shadow_counts(self, counts: Sequence[ShadowCount]) -> None:
        """Adds counts of what was judged in shadow; raises StoreError if they are not stored."""
        add_counts(self._database, counts)

    def shadow_counts(self) -> list[ShadowCount]:
        """What was judged in shadow so far; raises StoreError."""
        return stored_counts(self._database)

    @property
    def missed(self) -> int:
        """How many decisions this process has lost."""
        return self._writer.missed

    def failures(self) -> dict[str, Failure]:
        """What cannot be stored now, with the reason and since when; empty if all can be."""
        if self.statements is not None:
            self.statements.purge_now_and_then()
        failing = self._failing()
        seconds = READY_SECONDS_FAILING if failing else READY_SECONDS
        if not self._probe.ended(seconds, anew=bool(failing)) and not failing:
            for outage in self._outages.values():
                outage.begin(f"the database did not answer within {seconds:g} s")
        return self._failing()

    def close(self) -> None:
        """Writes what is queued, then closes all connections."""
        self._writer.close()
        self._calls.close()
        if self.statements is not None:
            self.statements.close()
        self._requests.close()
        self._probe.close()
        self._seen.close()
        self._database.close()

    def _failing(self) -> dict[str, Failure]:
        return {kind: one.failure for kind, one in self._outages.items() if one.failure}

    def _try(self) -> None:
        failures = failures_now(self._database, self._tables)
        for kind, outage in self._outages.items():
            if kind in failures:
                outage.begin(failures[kind])
            elif outage is self._outages["decisions"] and self._writer.waits:
                # these are stored again once the ones that wait are written
                self._writer.try_again(READY_SECONDS_FAILING / 2)
            else:
                outage.end()

    def _write_decisions(self, batch: Sequence[DecisionRecord], gap: GapRecord | None) -> None:
        """Writes decisions with their cards, and how many were lost before them: all or nothing."""
        rows = {
            decisions: [decision_row(one) for one in batch],
            cards: [row for one in batch for row in _card_rows(one)],
            gaps: [] if gap is None else [gap_row("decisions", gap)],
        }
        self._database.insert(rows)


def _card_rows(decided: DecisionRecord) -> list[Row]:
    """The rows of its cards; a mistake of ours in them costs no decision."""
    try:
        return card_rows(decided)
    except Exception as error:  # noqa: BLE001 - whatever it is
        log.warning("cards of a decision not kept (%s)", type(error).__name__)
        return []
