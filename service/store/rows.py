"""What a feedback item and a decision look like as rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import orjson

Row = dict[str, object]
DECISION = ("id", "policy", "effective", "content", "path", "indication", "outcome")
COVERAGE = "coverage"
FEEDBACK = ("card", "outcome", "reason_code", "reason_system", "reason_display", "comment")


def feedback_row(item: Mapping[str, object], service: str, received_at: datetime) -> Row:
    """One row of `feedback`."""
    texts = {name: _text(item.get(name)) for name in FEEDBACK}
    accepted = _array(item.get("accepted"))
    at = item["outcome_at"]
    return {
        **texts,
        "accepted": accepted,
        "outcome_at": at,
        "service": service,
        "received_at": received_at,
    }


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision, and the call that it answered."""

    decision: Mapping[str, object]
    service: str
    hook: str
    at: datetime
    milliseconds: float


def decision_row(decided: Decided) -> Row:
    """One row of `decisions`: only what it names is kept, whatever else the decision holds."""
    decision = decided.decision
    return {
        **{name: _text(decision.get(name)) for name in DECISION},
        "order_hash": _hashed(decision.get("order")),
        "awaits": _array(decision.get("awaits")),
        "open": _array(decision.get("open")),
        "service": decided.service,
        "hook": decided.hook,
        "at": decided.at,
        "milliseconds": round(decided.milliseconds, 3),
    }


def card_rows(decided: Decided) -> list[Row]:
    """One row of `cards` for each card: what feedback on it and on its suggestions speaks of."""
    decision = decided.decision
    asked = _array([*_ids(decision.get("blocking")), *_ids(decision.get("open"))])
    given = decision.get("cards") or ()
    return [
        {
            "card": card,
            "decision": _text(decision.get("id")),
            "kind": kind,
            "criteria": asked if kind == COVERAGE else _array(criteria),
            "suggestions": orjson.dumps(about).decode(),
        }
        for card, kind, about, criteria in given  # type: ignore[attr-defined]  # tuples, see advise
    ]


def _ids(value: object) -> list[object]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _text(value: object) -> str | None:
    # PostgreSQL takes no NUL in a text
    return None if value is None else str(value).replace("\0", "")


def _array(value: object) -> str:
    return orjson.dumps(value or [], default=_listed).decode()


def _listed(value: object) -> list[object]:
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    raise TypeError


def _hashed(reference: object) -> str | None:
    return None if reference is None else sha256(str(reference).encode()).hexdigest()
