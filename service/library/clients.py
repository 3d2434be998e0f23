"""The clients file: whom we serve and what each one's sources hold (DESIGN.md section 6)."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from service.errors import Mistake
from service.facts.model import Client
from service.library.reader import Address, read_document
from service.library.shapes import ClientShape, ClientsShape, ValueSetShape
from service.library.validate import validate

LOCAL = "local"
OUR_CODES = "https://dupilumab-cds.github.io/fhir/CodeSystem/finding"
Wrong = Iterator[tuple[Address, str]]
HELD_BY_DEFAULT: dict[str, bool | date] = {"record": True}


@dataclass(frozen=True)
class Held:
    """What clients may name: payers, and codes of value sets with those that stand for more."""

    payers: Container[str]
    codes: Container[tuple[str, str]]
    prefixes: tuple[tuple[str, str], ...]

    def has(self, system: str, code: str) -> bool:
        """Whether some value set holds a code."""
        beginnings = (code.startswith(one) for of, one in self.prefixes if of == system)
        return (system, code) in self.codes or any(beginnings)


def held_by(sets: Mapping[str, ValueSetShape], payers: Container[str]) -> Held:
    """What value sets hold and payers are called."""
    lines = [
        (system, line)
        for shape in sets.values()
        for by_system in (shape.codes, shape.questions)
        for system, of_system in by_system.items()
        for line in of_system
    ]
    prefixes = tuple((system, line.code) for system, line in lines if line.match == "prefix")
    return Held(payers, {(system, line.code) for system, line in lines}, prefixes)


def load_clients(
    path: Path | None,
    sets: Mapping[str, ValueSetShape],
    payers: Container[str],
    mistakes: list[Mistake],
) -> dict[str, Client]:
    """Every client by id; without a file only `local`, which holds its own record and no more."""
    if path is None:
        return {LOCAL: Client(LOCAL, HELD_BY_DEFAULT)}
    document = read_document(path, path.name, mistakes)
    shape = validate(document, ClientsShape, mistakes)
    if shape is None:
        return {}
    held = held_by(sets, payers)
    mistakes += [document.mistake(at, what) for at, what in _wrong(shape, held)]
    return {one.id: _client(one) for one in shape.clients}


def _wrong(shape: ClientsShape, held: Held) -> Wrong:
    ids = [one.id for one in shape.clients]
    for index, one in enumerate(shape.clients):
        at = ("clients", index)
        if one.id in ids[:index]:
            yield at, f"client '{one.id}' stands twice"
        if one.default_payer is not None and one.default_payer not in held.payers:
            yield (*at, "default_payer"), f"no payer '{one.default_payer}'"
        yield from _wrong_aliases(one, at, held)


def _wrong_aliases(client: ClientShape, at: Address, held: Held) -> Wrong:
    """Our own codes are a closed list; of a standard system a client may know more than we ask for."""
    for index, alias in enumerate(client.aliases):
        if alias.means_system is None and not held.has(OUR_CODES, alias.means):
            what = f"no value set holds the code '{alias.means}' of {OUR_CODES}"
            yield (*at, "aliases", index), what


def _client(shape: ClientShape) -> Client:
    holds = HELD_BY_DEFAULT | {str(name): held for name, held in shape.holds.items()}
    return Client(shape.id, holds, _aliases(shape), shape.default_payer)


def _aliases(shape: ClientShape) -> dict[tuple[str, str], tuple[str, str]]:
    """A client's own codes by the code they stand for, ours unless another system is named."""
    return {
        (one.system, one.code): (one.means_system or OUR_CODES, one.means) for one in shape.aliases
    }
