"""Drafts with coverage information: what is added or replaced, and when nothing is new."""

from collections.abc import Sequence

import orjson

from service.cards.crd.coverage_information import DATE
from service.fhir.elements import reference_parts, server_of
from service.json_object import Json


def with_extensions(
    order: Json, extensions: Sequence[Json], url: str, home: str | None = None
) -> Json | None:
    """The order with these extensions, all else unchanged; None if it has the same already.

    Of extensions that it has, those that speak of the same coverages are replaced, also where they name
    them by their address at the EHR, `home`.
    """
    had = order.get("extension")
    had = had if isinstance(had, list) else []
    coverages = {_coverage(extension, home) for extension in extensions}
    before = [one for one in had if _is(one, url) and _coverage(one, home) in coverages]
    if [_without_day(one, home) for one in before] == [
        _without_day(one, home) for one in extensions
    ]:
        return None
    others = [one for one in had if not (_is(one, url) and _coverage(one, home) in coverages)]
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


def _coverage(extension: Json, home: str | None) -> str | None:
    """The coverage of an extension by type and id, or by its address if it is not at the EHR."""
    for part in _inner(extension):
        if part.get("url") == "coverage" and isinstance(part.get("valueReference"), dict):
            reference = str(part["valueReference"].get("reference"))
            type_, id_ = reference_parts(reference)
            own = type_ is not None and server_of(reference) in (None, home)
            return f"{type_}/{id_}" if own else reference
    return None


def _without_day(extension: Json, home: str | None) -> list[Json]:
    """The parts that tell whether something is new, in an order that no client changes."""
    parts = [
        {"url": "coverage", "of": _coverage(extension, home)}
        if part.get("url") == "coverage"
        else part
        for part in _inner(extension)
        if part.get("url") != DATE
    ]
    return sorted(parts, key=lambda part: orjson.dumps(part, option=orjson.OPT_SORT_KEYS))
