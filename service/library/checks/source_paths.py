"""Checks the paths of sources against the elements of FHIR R4: a mistyped path would find nothing."""

from collections.abc import Iterator
from typing import NamedTuple

from service.errors import Mistake
from service.fhir.elements import Steps, compile_path
from service.library.documents.folders import Folder
from service.library.documents.validate import did_you_mean
from service.library.documents.yaml import Address, Document
from service.library.element_tree import (
    ANYTHING,
    RESOURCE_TYPES,
    UnknownStep,
    element_tree,
    follow,
)
from service.library.shapes import SourceShape

CODED = ("CodeableConcept", "Coding", "Annotation", "text")
DAYS = ("date", "dateTime", "instant", "Period")
MEASURED = ("Quantity", "Duration", "Count", "decimal", "integer")
NOT_IN_R4 = "not_in_r4"
NESTED = 2  # length of the address of a path that lies below another key than the list's
Base = tuple[str, str]  # a type, and its name in messages
Bases = dict[str, Base | None]


class Role(NamedTuple):
    """What the paths under a key start from, and the types that they may lead to."""

    bases: tuple[str, ...]
    types: tuple[str, ...] = ()
    noun: str = ""


ROLES = {
    "subject": Role(("resource",), ("Reference",), "a reference"),
    "references": Role(("resource",), ("Reference",), "a reference"),
    "concepts": Role(("part",), CODED, "a code"),
    "asked.each": Role(("resource",)),
    "asked.concepts": Role(("part",), CODED, "a code"),
    "asked.references": Role(("resource",), ("Reference",), "a reference"),
    "asked.dates": Role(("part", "resource"), DAYS, "a day"),
    "drafts.subject": Role(("resource",), ("Reference",), "a reference"),
    "drafts.concepts": Role(("resource",), CODED, "a code"),
    "inside": Role(("part",), CODED, "a code"),
    "dates": Role(("part", "resource"), DAYS, "a day"),
    "method": Role(("resource",), CODED, "a code"),
    "against": Role(("resource",), CODED, "a code"),
    "forbids": Role(("resource",), ("boolean",), "a boolean"),
    "sample": Role(("resource",), CODED, "a code"),
    "pharmacy.path": Role(("resource",), CODED, "a code"),
    "places": Role(("part", "resource"), CODED, "a code"),
    "departments": Role(("part", "resource"), CODED, "a code"),
    "medical.path": Role(("resource",), CODED, "a code"),
    "days": Role(("resource",), MEASURED, "an amount"),
    "about": Role(("resource",), ("Reference",), "a reference"),
    "absent": Role(("resource",), CODED, "a code"),
    "taken_from": Role(("resource",), (*CODED, "Reference"), "a code or a reference"),
    "notes": Role(("resource",), ("text",), "a text"),
    "outcome": Role(("resource",), CODED, "a code"),
    "ended": Role(("resource",)),
    "begun": Role(("resource",), DAYS, "a day"),
    "backbone": Role(("resource",)),
    "amounts": Role(("part", "resource"), ("decimal", "integer"), "a number"),
    "rules.path": Role(("part", "resource"), (*CODED, "boolean"), "a code"),
    "partly.path": Role(("resource",), CODED, "a code"),
    "days_listed.category": Role(("entry",), CODED, "a code"),
    "days_listed.value": Role(("entry",), MEASURED, "an amount"),
    "days_listed.order": Role(("entry",), ("integer",), "a number"),
    "days_listed.named_by": Role(("part",), ("integer",), "a number"),
    "money.charged.category": Role(("entry",), CODED, "a code"),
    "money.charged.value": Role(("entry",), ("decimal",), "a number"),
    "money.paid.category": Role(("entry",), CODED, "a code"),
    "money.paid.value": Role(("entry",), ("decimal",), "a number"),
    "money.plain": Role(("part", "resource"), ("decimal",), "a number"),
    "rules.among.category": Role(("entry",), (*CODED, "uri"), "a code"),
    "rules.among.value": Role(("entry",), CODED, "a code"),
    "voids.among.category": Role(("entry",), (*CODED, "uri"), "a code"),
    "voids.among.value": Role(("entry",), CODED, "a code"),
    "decision.path": Role(("resource",), CODED, "a code"),
    "reviews.category": Role(("entry",), (*CODED, "uri"), "a code"),
    "reviews.value": Role(("entry",), CODED, "a code"),
    "review_numbers.category": Role(("entry",), (*CODED, "uri"), "a code"),
    "review_numbers.value": Role(("entry",), ("text",), "a text"),
    "authorization_numbers.category": Role(("entry",), (*CODED, "uri"), "a code"),
    "authorization_numbers.value": Role(("entry",), ("text",), "a text"),
    "line_dates.category": Role(("entry",), (*CODED, "uri"), "a code"),
    "line_dates.value": Role(("entry",), DAYS, "a day"),
    "related.relationship": Role(("entry",), CODED, "a code"),
    "related.to": Role(("entry",), ("Reference", "Identifier"), "a reference"),
    "related.names": Role(("resource",), ("Reference",), "a reference"),
    "each": Role(("resource",)),
    "parts": Role(("resource",)),
    "days_listed.entries": Role(("resource",)),
    "reasons.each": Role(("resource",)),
    "reasons.role.path": Role(("part",), CODED, "a code"),
    "related.each": Role(("resource",)),
    "plan.type": Role(("resource",), CODED, "a code"),
    "plan.named.entries": Role(("resource",)),
}
ELSE = Role(("part", "resource"))


def check_paths(sources: Folder[SourceShape]) -> Iterator[Mistake]:
    """Every path of a source that R4 does not know, or that leads to a type that cannot be read there."""
    for document, shape in sources:
        if shape.type in element_tree():
            for address, message in _wrong(document, shape):
                yield document.mistake(address, message)
        elif shape.type in RESOURCE_TYPES:
            message = (
                f"the elements of {shape.type} are not known here; tools/r4_elements.py adds them"
            )
            yield document.mistake(("type",), message)


def _wrong(document: Document, shape: SourceShape) -> Iterator[tuple[Address, str]]:
    bases = _bases(shape)
    texts = _texts(document.data, ())
    paths = [
        (address, text) for address, text in texts if text.startswith("$") or _key(address) in ROLES
    ]
    excused = shape.not_in_r4
    for address, text in paths:
        message = _why_wrong(
            text, address, _listed_at(shape, address) or _entry_at(document, bases, address)
        )
        if message is not None and text not in excused:
            yield address, message
        elif message is None and text in excused:
            yield (NOT_IN_R4, text), f"'{text}' is in R4; strike it here"
    written = [text for _, text in paths]
    for text in excused:
        if text not in written:
            yield (NOT_IN_R4, text), f"no path '{text}' in this file{did_you_mean(text, written)}"


def _key(address: Address) -> str:
    """The keys of an address, without places in lists."""
    return ".".join(step for step in address if isinstance(step, str))


def _texts(data: object, address: Address) -> Iterator[tuple[Address, str]]:
    """Every text of a document with its address."""
    if isinstance(data, str):
        yield address, data
    inner = data.items() if isinstance(data, dict) else []
    for step, value in enumerate(data) if isinstance(data, list) else inner:
        yield from _texts(value, (*address, step))


def _bases(shape: SourceShape) -> Bases:
    """What paths may start from: the resource, a part that carries a code, an entry of a list."""
    listed = shape.days_listed
    return {
        "resource": (shape.type, shape.type),
        "part": _inner(shape.type, shape.each),
        "entry": _inner(shape.type, listed.entries if listed else None),
    }


def _listed_at(shape: SourceShape, address: Address) -> Bases | None:
    """The starts of a path inside an entry of a list: the entry itself; None outside such lists."""
    match address:
        case ("reasons", int(index), "at" | "order" | "role", *_) if shape.reasons[index].each:
            entry = _inner(shape.type, shape.reasons[index].each)
            return {"part": entry, "resource": entry}
        case ("asked", int(index), "concepts" | "dates", *_):
            part = _inner(shape.type, shape.asked[index].each)
            return {"part": part, "resource": (shape.type, shape.type)}
        case ("drafts", int(index), *_):
            draft = shape.drafts[index].type
            return {"resource": (draft, draft)}
        case ("plan", "named", "category" | "value") if shape.plan and shape.plan.named:
            entry = _inner(shape.type, shape.plan.named.entries)
            return {"part": entry, "resource": entry}
        case _:
            return None


def _entry_at(document: Document, bases: Bases, address: Address) -> Bases:
    """The starts of a path that is written beside a list: an entry of that list is one of them."""
    holder: object = document.data
    for step in address[:-1] if isinstance(address[-1], str) else address[:-2]:
        holder = holder[step] if isinstance(holder, dict | list) else None  # type: ignore[index]  # an address of this very document
    listed = holder.get("entries", holder.get("each")) if isinstance(holder, dict) else None
    if len(address) < NESTED or not isinstance(listed, str):
        return bases
    inner = (_inner(base[0], listed) for base in (bases["part"], bases["resource"]) if base)
    return {**bases, "entry": next((entry for entry in inner if entry), None)}


def _inner(type_: str, path: str | None) -> Base | None:
    """Type and name of the element at a path; None if the path is wrong, which is noted elsewhere."""
    steps = () if path is None else _steps(path)
    end = None if steps is None else follow(type_, steps)
    return (end, ".".join((type_, *(steps or ())))) if isinstance(end, str) else None


def _steps(path: str) -> Steps | None:
    try:
        return compile_path(path)
    except ValueError:  # the mistake is noted where the source is built
        return None


def _why_wrong(text: str, address: Address, bases: Bases) -> str | None:
    role = ROLES.get(_key(address), ELSE)
    steps, tried = _steps(text), dict.fromkeys(bases[name] for name in role.bases)
    if steps is None or None in tried:
        return None
    ends = [follow(base[0], steps, base[1]) for base in tried if base]
    types = [end for end in ends if isinstance(end, str)]
    if not types:
        return _nearest([end for end in ends if isinstance(end, UnknownStep)])
    if role.types and not {*role.types, ANYTHING} & {*types}:
        needed = ", ".join(role.types)
        return f"'{text}' is of the type {types[0]}; {role.noun} is needed here ({needed})"
    return None


def _nearest(astray: list[UnknownStep]) -> str:
    """The message for the start from which the path leads furthest, or for which there is a hint."""
    return str(max(astray, key=lambda miss: (miss.depth, bool(miss.meant))))
