"""Counts of what a candidate judged otherwise, added up in the database, without request and patient."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

import orjson
from sqlalchemy import Connection, DateTime, bindparam, select, text

from service.store.database.transactions import Database
from service.store.tables import shadow_counts

COLUMNS = ("content", "candidate_content", "policy", "candidate", "criterion", "answered", "shadow")
_NAMES = ("id", *COLUMNS, "count", "first_at", "last_at")
ADD = text(
    f"INSERT INTO {shadow_counts.name} ({', '.join(_NAMES)})"  # noqa: S608 - our own names
    f" VALUES ({', '.join(f':{name}' for name in _NAMES)}) ON CONFLICT (id) DO UPDATE SET"
    f" count = {shadow_counts.name}.count + excluded.count, last_at = excluded.last_at"
).bindparams(*(bindparam(name, type_=DateTime(timezone=True)) for name in ("first_at", "last_at")))


@dataclass(frozen=True, slots=True)
class ShadowCount:
    """How often an order (criterion "") or a criterion was answered one way, and in shadow the other."""

    content: str
    candidate_content: str
    policy: str
    candidate: str
    criterion: str
    answered: str
    shadow: str
    count: int


def add_counts(database: Database, counts: Iterable[ShadowCount]) -> None:
    """Adds counts to those that are stored: all or none; raises StoreError."""
    now = datetime.now(UTC)
    rows = [{**_row(one), "first_at": now, "last_at": now} for one in counts]
    # in one order, so that two processes do not wait for each other
    rows.sort(key=lambda row: str(row["id"]))

    def work(connection: Connection) -> None:
        connection.execute(ADD, rows)

    database.run(work)


def stored_counts(database: Database) -> list[ShadowCount]:
    """All counts, the most frequent first; raises StoreError."""
    columns = [shadow_counts.c[name] for name in (*COLUMNS, "count")]
    query = select(*columns).order_by(shadow_counts.c.count.desc(), shadow_counts.c.id)
    return database.run(lambda connection: [ShadowCount(*row) for row in connection.execute(query)])


def _row(one: ShadowCount) -> Mapping[str, object]:
    values = {name: getattr(one, name) for name in COLUMNS}
    id_ = sha256(orjson.dumps([*values.values()])).hexdigest()
    return {"id": id_, **values, "count": one.count}
