"""Draft orders with their numbers as the client wrote them, so that an answer can repeat them unchanged.

FHIR gives meaning to the digits of a decimal: 2.50 is not 2.5. Parsed JSON has lost them.
"""

import json
import re
from collections.abc import Iterator, Sequence

import orjson

from service.json_object import Json

DIGITS = 15  # of whole numbers that every reader of JSON keeps
_NEGATIVE_ZERO = re.compile(rb"[:,\[]\s*-0\s*[,}\]]")  # parsed JSON has lost its sign
_MEMBER = re.compile(r'"draftOrders"\s*:\s*')


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
