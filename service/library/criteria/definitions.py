"""Reads definitions: a test that is written once and used by its name."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from service.errors import Mistake
from service.library.criteria.expansion import BINDING, BOUND, MARK, PART, READING
from service.library.criteria.heading import HEADING_KEYS, USE
from service.library.criteria.scope import Definition
from service.library.documents.validate import did_you_mean
from service.library.documents.yaml import Document, Wrong

WITH = "with"


def read_definitions(
    document: Document,
    written: Mapping[str, Any],
    definitions_so_far: Mapping[str, Definition],
    mistakes: list[Mistake],
) -> dict[str, Definition]:
    """The definitions of one file; a name may be defined only once in a version."""
    definitions = {name: _definition(document, name, raw) for name, raw in written.items()}
    for name, definition in definitions.items():
        wrong = list(_wrong(written[name]))
        if name in definitions_so_far:
            wrong.append(((), f"'{name}' stands already at {_place(definitions_so_far[name])}"))
        elif not wrong and _is_circular(definition, {**definitions_so_far, **definitions}):
            wrong.append(((), f"'{name}' uses itself"))
        mistakes += [
            document.mistake((*definition.at, *where), message) for where, message in wrong
        ]
        definition.sound = not wrong
    return definitions


def _definition(document: Document, name: str, raw: object) -> Definition:
    body = raw if isinstance(raw, dict) else {}
    takes = tuple(map(str, _listed(body.get(WITH, []))))
    rest = {key: value for key, value in body.items() if key != WITH}
    return Definition(name, document, takes, rest)


def _is_circular(definition: Definition, definitions: Mapping[str, Definition]) -> bool:
    """Whether a definition uses itself, directly or through others."""
    reached: set[str] = set()
    waiting = [definition]
    while waiting:
        names = {str(part[USE]) for part in _mappings(waiting.pop().body) if USE in part}
        waiting += [definitions[name] for name in names - reached if name in definitions]
        reached |= names
    return definition.name in reached


def _place(definition: Definition) -> str:
    return definition.document.place(definition.at)


def _wrong(raw: object) -> Wrong:
    if not isinstance(raw, dict):
        yield (), "a definition has one operator, and 'with' if it takes parameters"
        return
    for key in HEADING_KEYS:
        if key in raw and key != READING:
            yield (key,), f"'{key}' is said where the definition is used"
    for id_ in _ids({key: value for key, value in raw.items() if key != "id"}):
        if not id_.startswith(PART):
            yield (), f"the id '{id_}' in a definition begins with a dot, like '.supply'"
    takes = _listed(raw.get(WITH, []))
    if not all(isinstance(parameter, str) and parameter.isidentifier() for parameter in takes):
        yield (WITH,), "with is a list of names"
        return
    yield from _wrong_parameters(raw, takes)


def _wrong_parameters(raw: Mapping[str, Any], takes: list[str]) -> Wrong:
    strange = sorted(set(_unknown(raw, set(takes))))
    for mark in strange:
        yield (), f"no parameter '{mark}'{did_you_mean(mark[1:], takes)}"
    for name in takes:
        if name in (*HEADING_KEYS, USE):
            yield (WITH,), f"'{name}' is a key of every criterion and no parameter"
        elif not strange and f"{MARK}{name}" not in set(_texts(raw)):
            yield (WITH,), f"'{MARK}{name}' stands nowhere in the definition"


def _unknown(raw: object, takes: set[str]) -> Iterator[str]:
    """Marks like `$name` that name no parameter; `$class` is known inside `one_class`."""
    if isinstance(raw, dict):
        for key, value in raw.items():
            yield from _unknown(value, takes | ({BOUND} if key == BINDING else set()))
    elif isinstance(raw, list):
        for item in raw:
            yield from _unknown(item, takes)
    elif isinstance(raw, str) and raw.startswith(MARK) and raw[1:] not in takes:
        yield raw


def _ids(raw: object) -> Iterator[str]:
    return (str(mapping["id"]) for mapping in _mappings(raw) if "id" in mapping)


def _mappings(raw: object) -> Iterator[Mapping[str, Any]]:
    """Every mapping in a part of a document, the part itself included."""
    if isinstance(raw, dict):
        yield raw
    for part in raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ():
        yield from _mappings(part)


def _texts(raw: object) -> Iterator[str]:
    inner = raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ()
    for part in inner:
        yield from _texts(part)
    if isinstance(raw, str):
        yield raw


def _listed(written: object) -> list[Any]:
    return written if isinstance(written, list) else [written]


def unused(definitions: Iterable[Definition]) -> Iterator[Mistake]:
    """Mistakes: definitions that nothing uses, since their content was never checked."""
    for definition in definitions:
        if not definition.used:
            yield definition.document.mistake(definition.at, f"nothing uses '{definition.name}'")
