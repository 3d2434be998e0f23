"""Writes the numbers of draft orders as the client wrote them, where an answer repeats parts of a draft.

FHIR gives meaning to the digits of a decimal: 2.50 is not 2.5. Parsed JSON has lost them.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from service.json_object import Json
from service.memo import IdentityMap

DIGITS = 15  # of whole numbers that every reader of JSON keeps
_NEGATIVE_ZERO = re.compile(rb"[:,\[]\s*-0\s*[,}\]]")  # parsed JSON has lost its sign
_MEMBER = re.compile(r'"draftOrders"\s*:\s*')


def with_numbers_as_written(answer: Json, raw: bytes, drafts: Sequence[Json]) -> Json:
    """The answer whose actions repeat parts of drafts with the numbers of these parts as in the body.

    A part is found again by its identity, because a changed order shares what is not changed.
    """
    if not any(_resources_of(answer)):
        return answer
    written: IdentityMap[object, object] = IdentityMap()
    for draft, again in zip(drafts, drafts_as_written(raw, drafts), strict=True):
        if again is not draft:
            _note(draft, again, written)
    if not written:
        return answer
    actions = {"systemActions": [_as_written(one, written) for one in _actions(answer)]}
    return {
        **answer,
        "cards": [_card_as_written(card, written) for card in answer["cards"]],
        **(actions if "systemActions" in answer else {}),
    }


def _actions(holder: Json) -> list[Json]:
    actions: list[Json] = holder.get("systemActions") or holder.get("actions") or []
    return actions


def _resources_of(answer: Json) -> Iterator[object]:
    """What stands in the actions of an answer."""
    suggestions = (one for card in answer["cards"] for one in card.get("suggestions", ()))
    for holder in (answer, *suggestions):
        yield from (action.get("resource") for action in _actions(holder))


def _card_as_written(card: Json, written: IdentityMap[object, object]) -> Json:
    if "suggestions" not in card:
        return card
    suggestions = [
        {**one, "actions": [_as_written(action, written) for action in _actions(one)]}
        for one in card["suggestions"]
    ]
    return {**card, "suggestions": suggestions}


def _note(value: object, again: Any, written: IdentityMap[object, object]) -> None:
    """Notes every object, list and decimal of a draft with its form as it was written."""
    if isinstance(value, dict | list | float):
        written[value] = again
    if isinstance(value, dict):
        for name, one in value.items():
            _note(one, again[name], written)
    elif isinstance(value, list):
        for one, other in zip(value, again, strict=True):
            _note(one, other, written)


def _as_written(value: object, written: IdentityMap[object, object]) -> Any:
    if value in written:
        return written[value]
    if isinstance(value, dict):
        return {name: _as_written(one, written) for name, one in value.items()}
    return [_as_written(one, written) for one in value] if isinstance(value, list) else value


def drafts_as_written(raw: bytes, orders: Sequence[Json]) -> list[Json]:
    """The same orders, with each number that orjson would write in another way as it is in the body.

    Such a number is an `orjson.Fragment`, which orjson writes out unchanged. The body has been parsed
    before and is sound JSON.
    """
    if not any(map(_has_float, orders)) and not _NEGATIVE_ZERO.search(raw):
        return list(orders)
    written = [resource for bundle in _bundles(raw.decode()) for resource in _resources(bundle)]
    return [_same_as(order, written) for order in orders]


def _bundles(body: str) -> Iterator[object]:
    """Every value of a member `draftOrders`, wherever it is: only what is equal to a draft is used."""
    decoder = json.JSONDecoder(parse_float=_fragment, parse_int=_whole)
    for match in _MEMBER.finditer(body):
        yield decoder.raw_decode(body, match.end())[0]


def _resources(bundle: object) -> list[Json]:
    entries = bundle.get("entry") if isinstance(bundle, dict) else None
    return [
        entry["resource"]
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, dict) and isinstance(entry.get("resource"), dict)
    ]


def _has_float(value: object) -> bool:
    match value:
        case dict():
            return any(map(_has_float, value.values()))
        case list():
            return any(map(_has_float, value))
        case _:
            return isinstance(value, float)


def _fragment(written: str) -> orjson.Fragment:
    return orjson.Fragment(written)


def _whole(written: str) -> object:
    """A whole number; one that orjson would write in another way stays as it is written."""
    if len(written) > DIGITS or written == "-0":
        return _fragment(written)
    return int(written)


def _same_as(order: Json, written: Sequence[Json]) -> Json:
    """The order among those that were parsed again: the one that has the same value."""
    value = orjson.dumps(order, option=orjson.OPT_SORT_KEYS)
    for candidate in written:
        again = orjson.loads(orjson.dumps(candidate))
        if orjson.dumps(again, option=orjson.OPT_SORT_KEYS) == value:
            return candidate
    return order
