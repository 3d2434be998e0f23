"""Parses CDS Hooks feedback: what the clinician did with a card."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from service.cds.strict_json import as_object, items, required_text
from service.errors import RequestError
from service.json_object import Json

ITEMS = 1_000
LONGEST_ID = 1_000  # our ids have 36 characters; a database index limits the length
_UTC = re.compile(r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:[Zz]|[+-]00:00)", re.ASCII)


@dataclass(frozen=True, slots=True)
class FeedbackItem:
    """What was done with one card; an override may have a reason code, a comment, or both."""

    card: str
    outcome: Literal["accepted", "overridden"]
    outcome_at: datetime
    accepted: tuple[str, ...] = ()
    reason_code: str | None = None
    reason_system: str | None = None
    reason_display: str | None = None
    comment: str | None = None


def parse_feedback(body: object) -> tuple[FeedbackItem, ...]:
    """Every item of a feedback body; raises RequestError with the place of the first mistake."""
    if not isinstance(body, dict):
        raise RequestError(400, "structure", "the body must be a JSON object")
    given = items(body, "feedback", "feedback")
    if len(given) > ITEMS:
        raise RequestError(413, "too-costly", f"feedback: more than {ITEMS} items in one call")
    return tuple(
        _item(as_object(item, f"feedback[{n}]"), f"feedback[{n}]") for n, item in enumerate(given)
    )


def _item(item: Json, place: str) -> FeedbackItem:
    outcome = required_text(item, "outcome", f"{place}.outcome")
    card = required_text(item, "card", f"{place}.card")
    if len(card) > LONGEST_ID:
        raise RequestError(400, "value", f"{place}.card: longer than {LONGEST_ID} characters")
    moment = _instant(required_text(item, "outcomeTimestamp", f"{place}.outcomeTimestamp"), place)
    match outcome:
        case "accepted":
            return FeedbackItem(card, "accepted", moment, _accepted(item, place))
        case "overridden":
            return _overridden(item, card, moment, f"{place}.overrideReason")
        case _:
            raise RequestError(400, "value", f"{place}.outcome: must be accepted or overridden")


def _accepted(item: Json, place: str) -> tuple[str, ...]:
    given = items(item, "acceptedSuggestions", f"{place}.acceptedSuggestions")
    if not given:
        raise RequestError(400, "required", f"{place}.acceptedSuggestions: must not be empty")
    places = (f"{place}.acceptedSuggestions[{n}]" for n in range(len(given)))
    return tuple(
        required_text(as_object(suggestion, here), "id", f"{here}.id")
        for suggestion, here in zip(given, places, strict=True)
    )


def _overridden(item: Json, card: str, moment: datetime, place: str) -> FeedbackItem:
    given = _optional_object(item, "overrideReason", place)
    coding = _optional_object(given, "reason", f"{place}.reason")
    return FeedbackItem(
        card,
        "overridden",
        moment,
        reason_code=required_text(coding, "code", f"{place}.reason.code") if coding else None,
        reason_system=_optional_text(coding, "system", f"{place}.reason.system"),
        reason_display=_optional_text(coding, "display", f"{place}.reason.display"),
        comment=_optional_text(given, "userComment", f"{place}.userComment"),
    )


def _optional_object(parent: Json, name: str, place: str) -> Json:
    value = parent.get(name)
    return {} if value is None else as_object(value, place)


def _optional_text(parent: Json, name: str, place: str) -> str | None:
    value = parent.get(name)
    if value is None or isinstance(value, str):
        return value
    raise RequestError(400, "structure", f"{place}: must be a string")


def _instant(value: str, place: str) -> datetime:
    match = _UTC.fullmatch(value)
    try:
        if match:
            day, time, fraction = match.groups()
            return datetime.fromisoformat(f"{day}T{time}.{(fraction or '')[:6]:0<6}+00:00")
    except ValueError:
        pass
    raise RequestError(400, "value", f"{place}.outcomeTimestamp: must be an RFC 3339 time in UTC")
