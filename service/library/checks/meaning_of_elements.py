"""Elements of a resource that can change what an entry means, and what its source does with each."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from service.errors import Mistake
from service.fhir.elements import compile_path
from service.fhir.sources.entries_not_understood import MODIFIER, RULES
from service.library.documents.folders import Folder
from service.library.documents.validate import did_you_mean
from service.library.documents.yaml import Address
from service.library.element_tree import (
    UnknownStep,
    element_meanings,
    element_tree,
    follow,
    paths_of,
)
from service.library.shapes import SourceShape

# Elements that R4 does not mark, though they say whose or which entry it is, or whether it counts.
MEANINGFUL = frozenset(
    {
        "abatement",
        "authorizingPrescription",
        "basedOn",
        "category",
        "class",
        "courseOfTherapyType",
        "dataAbsentReason",
        "derivedFrom",
        "disposition",
        "error",
        "eventHistory",
        "focal",
        "focus",
        "formCode",
        "fundsReserve",
        "hasMember",
        "hospitalization",
        "interpretation",
        "order",
        "partOf",
        "period",
        "preAuthPeriod",
        "priorPrescription",
        "priority",
        "related",
        "relationship",
        "reported",
        "statusReason",
        "subrogation",
        "substitution",
        "supportingInformation",
        "type",
    }
)
# The same, inside parts of a resource.
MEANINGFUL_INSIDE = (
    "diagnosis.onAdmission",
    "diagnosis.type",
    "diagnosis.use",
    "dosage.asNeeded[x]",
    "dosageInstruction.asNeeded[x]",
    "insurance.focal",
    "payment.type",
    "qualification.period",
    "related.relationship",
)
WHY = {
    "modifier": "R4 marks it: it changes the meaning",
    "status": "says a status",
    "required": "a code of a closed list",
    "named": "may say whose, which or whether it is",
}
TYPES = ("boolean", "codeableconcept", "datetime", "reference", "string", "age", "period", "range")
Reasons = Mapping[str, str]


class Element(NamedTuple):
    """An element and why it can change the meaning; `done` is None if the source says nothing of it."""

    path: str
    why: str
    done: str | None


def elements(
    type_: str, read: Reasons, ignored: Reasons, used: frozenset[str] = frozenset()
) -> Iterator[Element]:
    """Every element of a type that can change the meaning, without those that all types have."""
    for path, kind in _meaningful(type_):
        done = next(
            (
                f"{word}: {why}"
                for word, reasons in (("read", read), ("ignored", ignored))
                for written, why in reasons.items()
                if _covers(written.removeprefix("$."), path)
            ),
            "used" if any(_covers(path, used_path) for used_path in used) else None,
        )
        yield Element(path, WHY[kind], done)


def _meaningful(type_: str) -> Iterator[tuple[str, str]]:
    marked = element_meanings().get(type_, {})
    yield from marked.items()
    named = dict.fromkeys(_choice_name(name) for name in element_tree().get(type_, {}))
    inside = (path for path in MEANINGFUL_INSIDE if _is_in_r4(type_, path))
    for path in (*(name for name in named if name.removesuffix("[x]") in MEANINGFUL), *inside):
        if path not in marked and path not in (RULES, MODIFIER):
            yield path, "named"


def _choice_name(name: str) -> str:
    """The name of a choice element as R4 writes it: `value[x]` for `valueQuantity`."""
    bare_names = (name[: -len(type_)] for type_ in TYPES if name.lower().endswith(type_))
    bare = next((name for name in bare_names if name in MEANINGFUL), None)
    return name if bare is None or name in MEANINGFUL else f"{bare}[x]"


def _is_in_r4(type_: str, path: str) -> bool:
    return _why_unknown(type_, path) is None


def _why_unknown(type_: str, path: str) -> str | None:
    """Why R4 has no such element; None if it has. `value[x]` is an element of several types."""
    *above, last = path.split(".")
    parent = follow(type_, tuple(above))
    if isinstance(parent, UnknownStep):
        return str(parent)
    elements = element_tree().get(parent, {})
    if last.endswith("[x]"):
        bare = last.removesuffix("[x]")
        if any(name.startswith(bare) and name[len(bare) :][:1].isupper() for name in elements):
            return None
    elif last in elements:
        return None
    return f"R4 knows no '{last}' in {'.'.join((type_, *above))}{did_you_mean(last, elements)}"


def _covers(written: str, path: str) -> bool:
    """Whether a path is the written one or lies below it."""
    if written.endswith("[x]") and path != written:
        bare = written.removesuffix("[x]")
        return path.startswith(bare) and path[len(bare) :][:1].isupper()
    return path == written or path.startswith(f"{written}.")


def used_paths(shape: SourceShape) -> frozenset[str]:
    """Every element that the paths of a source lead to or through, as dotted paths from the resource."""
    each = compile_path(shape.each) if shape.each else ()
    paths = [path for steps in paths_of(shape, "backbone") for path in (steps, (*each, *steps))]
    return frozenset(".".join(path) for path in paths)


def check_read_and_ignored(sources: Folder[SourceShape]) -> Iterator[Mistake]:
    """Mistakes: entries under `read` and `ignored` for elements that R4 does not have."""
    for document, shape in sources:
        about: list[tuple[str, Address, Reasons, Reasons]]
        about = [(shape.type, (), shape.read, shape.ignored)]
        about += [
            (type_, ("leads_to", type_), inner.read, inner.ignored)
            for type_, inner in shape.leads_to.items()
        ]
        for type_, address, read, ignored in about:
            if type_ not in element_tree():
                if address:  # an unknown type of the source itself is noted with its paths
                    yield document.mistake(address, f"the elements of '{type_}' are not known here")
                continue
            for key, reasons in (("read", read), ("ignored", ignored)):
                for path in reasons:
                    if message := _why_unknown(type_, path.removeprefix("$.")):
                        yield document.mistake((*address, key, path), message)
