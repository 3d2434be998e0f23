"""One document of therapies, pathways or notes while it is read: its criteria, citations and codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.clinical.model import POLICY, Coding
from service.errors import Mistake
from service.library.criteria.scope import Names, Reader
from service.library.criteria.tree import parse_criterion
from service.library.criteria.windows import wrong_windows
from service.library.documents.validate import did_you_mean
from service.library.documents.yaml import Address, Document
from service.library.policies.head_fallback import head_for
from service.library.policies.slips import slips_of_tree
from service.library.shapes import PolicyShape
from service.library.shapes.clinical import CodingShape, ReferenceShape
from service.policy.criterion import Criterion, walk
from service.policy.operators import Outcome, Statement

ONLY_RECORD = "only the record is asked here; there is no statement and no trial"


@dataclass(frozen=True)
class Told:
    """Where mistakes and slips of the documents are noted."""

    mistakes: list[Mistake]
    slips: list[Mistake]


class Part:
    """A reader of one document in which `cite` names a reference."""

    def __init__(
        self,
        document: Document,
        name: str,
        drug: str,
        references: Mapping[str, ReferenceShape],
        names: Names,
        told: Told,
    ) -> None:
        self._head: PolicyShape = head_for(drug)
        self.names = names
        self.slips = told.slips
        self.references = references
        self.reader = Reader(
            document, name, self._head, names, told.mistakes, references=frozenset(references)
        )

    def criterion(self, raw: object, at: Address) -> Criterion | None:
        """One criterion, which asks the record alone."""
        found = parse_criterion(self.reader, raw, at)
        parts = list(walk(found)) if found else []
        for one in parts:
            for keys, what in wrong_windows(one.operator, self.names.facts, self._head.trial):
                self.reader.note((*at, *keys), what)
        if any(one.statement or isinstance(one.operator, Statement | Outcome) for one in parts):
            self.reader.note(at, ONLY_RECORD)
        if found is not None:
            self.slips += slips_of_tree(found, self.reader.places)
        return found

    def criteria(self, raw: Sequence[object], at: Address) -> tuple[Criterion, ...]:
        """A list of criteria."""
        found = (self.criterion(one, (*at, index)) for index, one in enumerate(raw))
        return tuple(one for one in found if one is not None)

    def cited(self, cite: str, at: Address) -> str:
        """The titles of the references that a citation names; each of them stands in the document."""
        found = []
        for name in cite.split(", "):
            if name in self.references:
                known = self.references[name]
                found.append(POLICY if known.policy else known.short or known.title)
            else:
                what = f"no reference '{name}' here{did_you_mean(name, self.references)}"
                self.reader.note((*at, "cite"), what)
        return "; ".join(found)

    def named(self, cite: str) -> str:
        """The titles of the references of a criterion, which was read and noted before."""
        known = (self.references[name] for name in cite.split(", ") if name in self.references)
        return "; ".join(POLICY if one.policy else one.short or one.title for one in known)

    def claim(self, id_: str, at: Address) -> str:
        """An id that nothing else of the document has."""
        self.reader.claim(id_, (*at, "id"))
        return id_


def coding(shape: CodingShape | None) -> Coding | None:
    """A code for an order."""
    return Coding(shape.system, shape.code, shape.display) if shape else None
