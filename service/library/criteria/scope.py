"""The names that a criterion may use, definitions, and the reader of one document of criteria."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.errors import Mistake
from service.library.documents.yaml import Address, Document
from service.library.shapes import FactShape, PolicyShape, RegimenShape, ValueSetShape


@dataclass(frozen=True)
class Names:
    """Every name that a criterion may use; `unsound` are those of documents not read.

    `dosed` are the value sets that have a table of daily doses.
    """

    facts: Mapping[str, FactShape]
    value_sets: Mapping[str, ValueSetShape]
    regimens: Mapping[str, RegimenShape]
    payers: frozenset[str]
    served: frozenset[str]
    unsound: frozenset[str]
    dosed: frozenset[str] = frozenset()


@dataclass
class Definition:
    """A test that is written once and used by its name, with the places where it stands."""

    name: str
    document: Document
    takes: tuple[str, ...]
    body: Mapping[str, Any]
    used: bool = False
    sound: bool = True

    @property
    def at(self) -> Address:
        """Where it stands in its document."""
        return ("define", self.name)


@dataclass
class CriterionReader:
    """What is needed to read the criteria of one document of a policy."""

    document: Document
    name: str
    policy: PolicyShape
    names: Names
    mistakes: list[Mistake]
    ids: dict[str, str] = field(default_factory=dict)
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    places: dict[str, tuple[Document, Address]] = field(default_factory=dict)
    references: frozenset[str] | None = None  # what `cite` names, where it is not lines of a policy

    def note(self, address: Address, message: str) -> None:
        """Notes a mistake at an address."""
        self.mistakes.append(self.document.mistake(address, message))

    def claim(self, id_: str, address: Address) -> None:
        """Takes an id, which no other criterion of the version may have."""
        if id_ in self.ids:
            self.note(address, f"the id '{id_}' stands already at {self.ids[id_]}")
            return
        if not id_.startswith(f"{self.name}."):
            self.note(address, f"the id '{id_}' does not begin with '{self.name}.'")
        self.ids[id_] = self.document.place(address)
        self.places[id_] = (self.document, address[:-1] if address[-1:] == ("id",) else address)
