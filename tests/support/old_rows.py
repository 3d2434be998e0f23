"""Stores with old and with recent rows of each kind."""

from datetime import UTC, datetime, timedelta
from typing import Any

from service.store.database.transactions import Database
from service.store.tables import cards, decisions, feedback, gaps, kept_requests

NOW = datetime(2026, 11, 30, tzinfo=UTC)
LIMIT = NOW - timedelta(days=400)
DAY = timedelta(days=1)
OLD, RECENT = LIMIT - DAY, LIMIT + DAY


def filled(url: str, old: int, recent: int) -> None:
    """A store with so many decisions, each with a card and feedback, and a gap of each age."""
    moments = [OLD] * old + [RECENT] * recent
    of_all: dict[Any, list[dict[str, Any]]] = {decisions: [], cards: [], feedback: [], gaps: []}
    for n, at in enumerate(moments):
        of_all[decisions].append(
            {
                "id": f"d{n}",
                "at": at,
                "service": "s",
                "hook": "h",
                "awaits": "[]",
                "open": "[]",
                "milliseconds": 1.0,
            }
        )
        of_all[cards].append(
            {"card": f"c{n}", "decision": f"d{n}", "kind": "coverage", "criteria": "[]"}
            | {"suggestions": "{}"}
        )
        of_all[feedback].append(
            {"service": "s", "card": f"c{n}", "outcome": "accepted", "accepted": "[]"}
            | {"outcome_at": at, "received_at": at}
        )
    of_all[gaps] = [
        {"kind": "decisions", "missing": 1, "began_at": OLD - DAY, "ended_at": at, "reason": "r"}
        for at in (OLD, RECENT)
    ]
    database = Database(url)
    database.insert(of_all)
    database.close()


def keep_requests(url: str) -> None:
    """A kept request whose time is over, and one of the next half hour."""
    row = {"content": b"Ada Lovelace", "size": 12}
    now = datetime.now(UTC)
    times = (now, now + timedelta(minutes=30))
    database = Database(url)
    database.insert(
        {kept_requests: [{**row, "id": f"{n}", "expires_at": at} for n, at in enumerate(times)]}
    )
    database.close()
