"""Therapies that must cover a day, as the documents write them: classes by name, doses by table."""

from collections.abc import Iterator, Mapping
from typing import Any

from service.library.criteria.scope import CriterionReader
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


def backgrounds(reader: CriterionReader, written: object, address: Address) -> tuple[Background, ...]:
    """A list of backgrounds, or one alone; what is wrong with one of them is noted."""
    if isinstance(written, Mapping):
        return tuple(_backgrounds(reader, {address: written}))
    if not isinstance(written, list) or not written:
        reader.note(address, "a list of backgrounds is needed here, like [{of: a value set}]")
        return ()
    return tuple(_backgrounds(reader, {(*address, n): entry for n, entry in enumerate(written)}))


def _backgrounds(reader: CriterionReader, parts: Mapping[Address, object]) -> Iterator[Background]:
    for where, raw in parts.items():
        given = _resolved_background(reader, raw, where) if isinstance(raw, Mapping) else raw
        background = validate_part(reader.document, where, given, Background, reader.mistakes)
        if background is None:
            continue
        for place, message in (*wrong_spans(raw, background), *_wrong_background(reader, background)):
            reader.note((*where, *place), message)
        yield background


def _resolved_background(reader: CriterionReader, raw: Mapping[str, Any], address: Address) -> dict[str, Any]:
    given = dict(raw)
    if "of" in given:
        given["of"] = class_names(reader, given["of"], (*address, "of"))
    if "accepts" in given:
        given["accepts"] = resolve_accepts(reader, given["accepts"], (*address, "accepts"))
    return given


def class_names(reader: CriterionReader, written: object, address: Address) -> object:
    """One class of drugs or several, each known by name."""
    named = [written] if isinstance(written, str) else written
    if not isinstance(named, list):
        return named
    if not named:
        reader.note(address, "a list of value sets is needed here")
    return [resolve_value_set(reader, name, CLASSES, address) for name in named]


def _wrong_background(reader: CriterionReader, asked: Background) -> Iterator[tuple[Address, str]]:
    for where, message in wrong_therapy(reader, asked):
        yield (where,) if where else (), message
    if asked.gap and not asked.run:
        yield ("gap",), "'gap' means nothing without 'run'"
