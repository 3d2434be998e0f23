"""Drafts with coverage information: what is added or replaced, and when nothing is new."""

from collections.abc import Sequence

import orjson

from service.cards.crd.coverage_information import DATE
from service.json_object import Json


def with_extensions(order: Json, extensions: Sequence[Json], url: str) -> Json | None:
    """The order with these extensions, all else unchanged; None if it has the same already.

    Of extensions that it has, those that speak of the same coverages are replaced.
    """
    had = order.get("extension")
    had = had if isinstance(had, list) else []
    coverages = {_coverage(extension) for extension in extensions}
    before = [one for one in had if _is(one, url) and _coverage(one) in coverages]
    if list(map(_without_day, before)) == list(map(_without_day, extensions)):
        return None
    others = [one for one in had if not (_is(one, url) and _coverage(one) in coverages)]
    return {**order, "extension": [*others, *extensions]}


def without_extensions(order: Json, url: str) -> Json:
    """The order without extensions of this kind: what a client adds to it does not make another order."""
    had = order.get("extension")
    if not isinstance(had, list):
        return order
    others = [one for one in had if not _is(one, url)]
    rest = {name: value for name, value in order.items() if name != "extension"}
    return {**rest, "extension": others} if others else rest


def _is(extension: object, url: str) -> bool:
    return isinstance(extension, dict) and extension.get("url") == url


def _inner(extension: Json) -> list[Json]:
    parts = extension.get("extension")
    return [one for one in parts if isinstance(one, dict)] if isinstance(parts, list) else []


def _coverage(extension: Json) -> str | None:
    for part in _inner(extension):
        if part.get("url") == "coverage" and isinstance(part.get("valueReference"), dict):
            return str(part["valueReference"].get("reference"))
    return None


def _without_day(extension: Json) -> list[Json]:
    """The parts that tell whether something is new, in an order that no client changes."""
    parts = [part for part in _inner(extension) if part.get("url") != DATE]
    return sorted(parts, key=lambda part: orjson.dumps(part, option=orjson.OPT_SORT_KEYS))
