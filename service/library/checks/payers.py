"""Payers told apart: no name and no identifier of one is that of another, however it is spelled."""

import re
from collections.abc import Iterator

from service.errors import Mistake
from service.library.documents.folders import Shelf
from service.library.documents.yaml import Address, Document
from service.library.shapes import PayerShape

_AND = re.compile(r"\band\b")
_NO_LETTER = re.compile(r"[\W_]+")
Key = tuple[str, ...]
Named = tuple[Key, str, Address]


def check_payers(payers: Shelf[PayerShape]) -> Iterator[Mistake]:
    """Two payers with one name would be one: a member judged by the policy of the other."""
    first: dict[Key, tuple[Document, Address, str]] = {}
    for document, shape in payers:
        own: set[Key] = set()
        for key, written, at in _named(shape):
            there, its, payer = first.setdefault(key, (document, at, shape.payer))
            if payer != shape.payer and key not in own:
                where = f"{there.file}:{there.line(its)}"
                what = f"{written} names the payer '{payer}' too ({where})"
                yield document.mistake(at, f"{what}; strike it where it is wrong")
            own.add(key)


def _named(shape: PayerShape) -> Iterator[Named]:
    """Everything by which a coverage, or the reader of a card, knows this payer."""
    for index, name in enumerate(shape.names):
        yield _name(name), f"'{name}'", ("names", index)
    for at, name in (("name", shape.name), ("short", shape.short)):
        yield _name(name), f"'{name}'", (at,)
    for index, one in enumerate(shape.identifiers):
        system = (one.system or "").strip().rstrip("/").casefold()
        key = ("identifier", system, one.value.strip().casefold())
        yield key, f"the identifier '{one.value}'", ("identifiers", index)


def _name(name: str) -> Key:
    """Its letters and digits alone: case, spaces, marks and `&` for `and` tell no payers apart."""
    plain = _NO_LETTER.sub("", _AND.sub("", name.casefold()))
    return "name", plain or name.casefold()
