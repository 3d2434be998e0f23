"""Reads the criteria, citations and codes of one document of therapies, pathways or notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.clinical.therapies_and_pathways import POLICY, Coding
from service.errors import Mistake
from service.library.criteria.bounds import wrong_windows
from service.library.criteria.scope import CriterionReader, Names
from service.library.criteria.tree import parse_criterion
from service.library.documents.validate import did_you_mean
from service.library.documents.yaml import Address, Document
from service.library.policies.policy_head import head_for
from service.library.policies.probable_mistakes import slips_of_tree
from service.library.shapes import PolicyShape
from service.library.shapes.clinical_shapes import CodingShape, ReferenceShape
from service.policy.model import Criterion, walk
from service.policy.operators import Statement, TrialOutcome

ONLY_RECORD = "only the record is asked here; there is no statement and no trial"


@dataclass(frozen=True)
class Problems:
    """The lists to which mistakes and slips are added."""

    mistakes: list[Mistake]
    slips: list[Mistake]


class ClinicalReader:
    """Reads one document in which `cite` names a reference of that document, not lines of a policy."""

    def __init__(
        self,
        document: Document,
        name: str,
        drug: str,
        references: Mapping[str, ReferenceShape],
        names: Names,
        problems: Problems,
    ) -> None:
        self._head: PolicyShape = head_for(drug)
        self.names = names
        self.slips = problems.slips
        self.references = references
        self.reader = CriterionReader(
            document, name, self._head, names, problems.mistakes, references=frozenset(references)
        )

    def criterion(self, raw: object, address: Address) -> Criterion | None:
        """One criterion; it may ask the record only. None if it could not be read."""
        criterion = parse_criterion(self.reader, raw, address)
        parts = list(walk(criterion)) if criterion else []
        for part in parts:
            for keys, message in wrong_windows(part.operator, self.names.facts, self._head.trial):
                self.reader.note((*address, *keys), message)
        if any(
            part.statement or isinstance(part.operator, Statement | TrialOutcome) for part in parts
        ):
            self.reader.note(address, ONLY_RECORD)
        if criterion is not None:
            self.slips += slips_of_tree(criterion, self.reader.places)
        return criterion

    def criteria(self, raw: Sequence[object], address: Address) -> tuple[Criterion, ...]:
        """A list of criteria."""
        criteria = (self.criterion(written, (*address, index)) for index, written in enumerate(raw))
        return tuple(criterion for criterion in criteria if criterion is not None)

    def cited(self, cite: str, address: Address) -> str:
        """The titles of the references that a citation names; an unknown reference is noted as a mistake."""
        titles = []
        for name in cite.split(", "):
            if name in self.references:
                reference = self.references[name]
                titles.append(POLICY if reference.policy else reference.short or reference.title)
            else:
                message = f"no reference '{name}' here{did_you_mean(name, self.references)}"
                self.reader.note((*address, "cite"), message)
        return "; ".join(titles)

    def named(self, cite: str) -> str:
        """The titles of a criterion's references; unknown ones were noted when it was read."""
        references = (self.references[name] for name in cite.split(", ") if name in self.references)
        return "; ".join(
            POLICY if reference.policy else reference.short or reference.title
            for reference in references
        )

    def note(self, address: Address, message: str) -> None:
        """Notes a mistake at an address of the document."""
        self.reader.note(address, message)

    def claim(self, id_: str, address: Address) -> str:
        """Registers an id, which may stand only once in the document, and returns it."""
        self.reader.claim(id_, (*address, "id"))
        return id_


def coding(shape: CodingShape | None) -> Coding | None:
    """A code for an order; None if none is written."""
    return Coding(shape.system, shape.code, shape.display) if shape else None
