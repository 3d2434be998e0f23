"""The names that a criterion may use, and the reader of one document of criteria."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from service.errors import DocumentsError, Mistake
from service.library.criteria.spans import wrong_spans
from service.library.documents.folders import read_documents, read_shapes, unknown
from service.library.documents.validate import validate_part
from service.library.documents.yaml import Address, Document
from service.library.shapes import FactShape, PolicyShape, RegimenShape, ValueSetShape
from service.library.shapes.operator_shapes import OperatorShape, Q, shape_of


@dataclass(frozen=True)
class Names:
    """Every name that a criterion may use; `unsound` are names of documents that have mistakes.

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
    """A test that is written once and used by its name; `takes` are its parameters."""

    name: str
    document: Document
    takes: tuple[str, ...]
    body: Mapping[str, Any]
    used: bool = False
    sound: bool = True

    @property
    def at(self) -> Address:
        """Its address in its document."""
        return ("define", self.name)


@dataclass
class CriterionReader:
    """Reads the criteria of one document: the names it may use, ids taken so far, the list for mistakes."""

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

    def operator(self, kind: type[Q], written: object, given: object, address: Address) -> Q | None:
        """An operator; None if its shape has mistakes, which are noted, as are wrong spans of time.

        `given` is what is written there with names resolved: lists for single names, kinds of evidence.
        """
        shape = self.shape(kind, written, given, address)
        return None if shape is None else shape.operator()

    def shape(
        self, kind: type[Q], written: object, given: object, address: Address
    ) -> OperatorShape[Q] | None:
        """As `operator`, for one that stands inside another."""
        shape = validate_part(self.document, address, given, shape_of(kind), self.mistakes)
        if shape is not None:
            for where, message in wrong_spans(written, shape):
                self.note((*address, *where), message)
        return shape

    def claim(self, id_: str, address: Address) -> None:
        """Registers an id; no other criterion of the version may have it."""
        if id_ in self.ids:
            self.note(address, f"the id '{id_}' stands already at {self.ids[id_]}")
            return
        if not id_.startswith(f"{self.name}."):
            self.note(address, f"the id '{id_}' does not begin with '{self.name}.'")
        self.ids[id_] = self.document.place(address)
        self.places[id_] = (self.document, address[:-1] if address[-1:] == ("id",) else address)


NEAR, VERY_NEAR = 0.5, 0.7


MOST_NAMED = 5
# Kinds with one fact each, which operators use without naming it.
UNNAMED = ("supply", "sessions", "outcome", "exclusion", "specialty", "approval", "pharmacy")


def read_facts(content: Path) -> list[FactShape]:
    """The facts of a content folder that a policy may name; DocumentsError with every mistake."""
    mistakes: list[Mistake] = []
    documents = read_documents(content, "mappings/facts")
    facts = read_shapes(documents, "facts", FactShape, "fact", mistakes)
    if mistakes:
        raise DocumentsError(mistakes)
    nameable = (shape for shape in facts.shapes.values() if shape.kind not in UNNAMED)
    return sorted(nameable, key=lambda fact: fact.fact)


def unknown_fact(name: str, fact_names: Collection[str]) -> str:
    """The message for an unknown fact, with the nearest name of its group, or a very near one of another."""
    group, _, last = name.rpartition(".")
    own = sorted(name for name in fact_names if group and name.rpartition(".")[0] == group)
    if not own:
        return unknown("fact", name, fact_names)
    nearest = _near(last, own, NEAR) or _near(last, fact_names, VERY_NEAR)
    if nearest:
        return f"no fact '{name}'; did you mean '{nearest}'?"
    named = ", ".join(f"'{name}'" for name in own[:MOST_NAMED])
    which = "the facts" if len(own) <= MOST_NAMED else "some facts"
    return f"no fact '{name}'; {which} of '{group}' are {named}"


def _near(last: str, facts: Iterable[str], cutoff: float) -> str | None:
    """The fact with the nearest last word; None if none is near enough."""
    by_last = {name.rpartition(".")[2]: name for name in facts}
    close = get_close_matches(last, by_last, n=1, cutoff=cutoff)
    return by_last[close[0]] if close else None
