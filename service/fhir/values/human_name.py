"""How a person or an organization is called, in one line."""

from collections.abc import Iterator

from service.fhir.elements import objects, read, text
from service.json_object import Json

PARTS = ("prefix", "given", "family", "suffix")


def name_of(resource: Json) -> str:
    """The first name of a person, or the name of an organization; empty if there is none."""
    written = resource.get("name")
    if isinstance(written, str):
        return text(written) or ""
    return next(filter(None, map(_in_line, objects(written))), "")


def _in_line(name: Json) -> str:
    return text(name.get("text")) or " ".join(_parts(name))


def _parts(name: Json) -> Iterator[str]:
    """The parts of a name in the order in which it is read."""
    for element in PARTS:
        yield from filter(None, map(text, read((element,), name)))
