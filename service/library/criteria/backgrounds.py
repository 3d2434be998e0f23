"""Therapies that must cover a day, as the documents write them: classes by name, doses by table."""

from collections.abc import Iterator, Mapping
from typing import Any

from service.library.criteria.scope import Reader
from service.library.criteria.spans import wrong_spans
from service.library.criteria.supply import (
    CLASSES,
    resolve_accepts,
    resolve_value_set,
    wrong_therapy,
)
from service.library.documents.validate import validate_part
from service.library.documents.yaml import Address
from service.policy.operators import Background


def backgrounds(reader: Reader, written: object, at: Address) -> tuple[Background, ...]:
    """A list of backgrounds, or one alone; what is wrong with one of them is noted."""
    if isinstance(written, Mapping):
        return tuple(_backgrounds(reader, {at: written}))
    if not isinstance(written, list) or not written:
        reader.note(at, "a list of backgrounds is needed here, like [{of: a value set}]")
        return ()
    return tuple(_backgrounds(reader, {(*at, n): one for n, one in enumerate(written)}))


def _backgrounds(reader: Reader, parts: Mapping[Address, object]) -> Iterator[Background]:
    for where, raw in parts.items():
        given = _resolved(reader, raw, where) if isinstance(raw, Mapping) else raw
        found = validate_part(reader.document, where, given, Background, reader.mistakes)
        if found is None:
            continue
        for place, what in (*wrong_spans(raw, found), *_wrong(reader, found)):
            reader.note((*where, *place), what)
        yield found


def _resolved(reader: Reader, raw: Mapping[str, Any], at: Address) -> dict[str, Any]:
    given = dict(raw)
    if "of" in given:
        given["of"] = class_names(reader, given["of"], (*at, "of"))
    if "accepts" in given:
        given["accepts"] = resolve_accepts(reader, given["accepts"], (*at, "accepts"))
    return given


def class_names(reader: Reader, written: object, at: Address) -> object:
    """One class of drugs or several, each known by name."""
    named = [written] if isinstance(written, str) else written
    if not isinstance(named, list):
        return named
    if not named:
        reader.note(at, "a list of value sets is needed here")
    return [resolve_value_set(reader, one, CLASSES, at) for one in named]


def _wrong(reader: Reader, asked: Background) -> Iterator[tuple[Address, str]]:
    for where, what in wrong_therapy(reader, asked):
        yield (where,) if where else (), what
    if asked.gap and not asked.run:
        yield ("gap",), "'gap' means nothing without 'run'"
