"""The clients file: whom we serve and what each one's sources hold (DESIGN.md section 6)."""

from datetime import date
from pathlib import Path

from service.errors import Mistake
from service.facts.model import Client
from service.library.reader import read_document
from service.library.shapes import ClientShape, ClientsShape
from service.library.validate import validate

LOCAL = "local"
OUR_CODES = "https://dupilumab-cds.github.io/fhir/CodeSystem/finding"
HELD_BY_DEFAULT: dict[str, bool | date] = {"record": True}


def load_clients(path: Path | None, mistakes: list[Mistake]) -> dict[str, Client]:
    """Every client by id; without a file only `local`, which holds its own record and no more."""
    if path is None:
        return {LOCAL: Client(LOCAL, HELD_BY_DEFAULT)}
    document = read_document(path, path.name, mistakes)
    shape = validate(document, ClientsShape, mistakes)
    if shape is None:
        return {}
    ids = [one.id for one in shape.clients]
    for index, id_ in enumerate(ids):
        if id_ in ids[:index]:
            mistakes.append(document.mistake(("clients", index), f"client '{id_}' stands twice"))
    return {one.id: _client(one) for one in shape.clients}


def _client(shape: ClientShape) -> Client:
    holds = HELD_BY_DEFAULT | {str(name): held for name, held in shape.holds.items()}
    return Client(shape.id, holds, _aliases(shape), shape.default_payer)


def _aliases(shape: ClientShape) -> dict[tuple[str, str], tuple[str, str]]:
    """A client's own codes by the code they stand for, ours unless another system is named."""
    return {
        (one.system, one.code): (one.means_system or OUR_CODES, one.means) for one in shape.aliases
    }
