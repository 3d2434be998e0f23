"""Loads what is clinical: every document read, checked and wired."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.clinical.model import Clinical, Note, Pathway, Therapy
from service.errors import Mistake
from service.library.clinical.part import Part, Told
from service.library.clinical.pathways import Known, build_gaps, build_notes, build_pathway
from service.library.clinical.therapies import build_therapy
from service.library.criteria.scope import Names
from service.library.documents.folders import Documents, Shelf, read_optional, read_shelf, unknown
from service.library.documents.yaml import Document
from service.library.shapes.clinical import (
    GapsShape,
    NotesShape,
    PathwayShape,
    ReferenceShape,
    TherapyShape,
)
from service.memo import per_arguments

COMMON = "common"


def load_clinical(
    documents: Documents,
    names: Names,
    indications: frozenset[str] | None,
    mistakes: list[Mistake],
    slips: list[Mistake],
) -> Clinical:
    """Therapies, pathways, notes and gaps below `mappings/`; a library may do without any of them.

    `indications` are those of all policies; None where nobody can say which there are.
    """
    found, wrong, slipped = _load(
        read_shelf(documents, "therapies", TherapyShape, "therapy", mistakes),
        read_shelf(documents, "pathways", PathwayShape, "pathway", mistakes),
        read_shelf(documents, "notes", NotesShape, "notes", mistakes),
        read_optional(documents, "gaps.yaml", GapsShape, mistakes),
        names,
        indications,
    )
    mistakes += wrong
    slips += slipped
    return found


@per_arguments(most=8)
def _load(
    therapies: Shelf[TherapyShape],
    pathways: Shelf[PathwayShape],
    notes: Shelf[NotesShape],
    gaps: tuple[Document, GapsShape] | None,
    names: Names,
    indications: frozenset[str] | None,
) -> tuple[Clinical, tuple[Mistake, ...], tuple[Mistake, ...]]:
    mistakes: list[Mistake] = []
    slips: list[Mistake] = []
    loading = _Loading(names, indications, mistakes, slips)
    of_drugs = loading.therapies(therapies)
    ways = loading.pathways(pathways, Known(of_drugs, therapies.unsound))
    situations = frozenset(one.id for path in ways.values() for one in path.situations)
    found = Clinical(
        of_drugs,
        ways,
        loading.notes(notes, situations),
        build_gaps(gaps[0].copy(), gaps[1], names, mistakes) if gaps else {},
    )
    return found, tuple(mistakes), tuple(slips)


@dataclass(frozen=True)
class _Loading:
    """What every document is held against."""

    names: Names
    indications: frozenset[str] | None
    mistakes: list[Mistake]
    slips: list[Mistake]

    def therapies(self, shelf: Shelf[TherapyShape]) -> dict[str, Therapy]:
        found = {}
        drug = next(iter(sorted(self.names.served)), "")
        for document, shape in shelf:
            part = self._part(document, shape.therapy, drug, shape.references)
            self._named(part, "therapy", shape.therapy)
            for one in shape.indications:
                self._indication(part, ("indications", one), one)
            found[shape.therapy] = build_therapy(part, shape)
        return found

    def pathways(self, shelf: Shelf[PathwayShape], known: Known) -> dict[tuple[str, str], Pathway]:
        found = {}
        for document, shape in shelf:
            part = self._part(document, shape.pathway, shape.drug, shape.references)
            if self._belongs(part, "pathway", shape.pathway, shape.drug):
                found[shape.drug, shape.pathway] = build_pathway(part, shape, known)
        return found

    def notes(
        self, shelf: Shelf[NotesShape], situations: frozenset[str]
    ) -> dict[tuple[str, str], tuple[Note, ...]]:
        found = {}
        for document, shape in shelf:
            part = self._part(document, shape.notes, shape.drug, shape.references)
            if self._belongs(part, "notes", shape.notes, shape.drug):
                found[shape.drug, shape.notes] = build_notes(part, shape, situations)
        return found

    def _part(
        self, document: Document, name: str, drug: str, references: Mapping[str, ReferenceShape]
    ) -> Part:
        return Part(
            document.copy(), name, drug, references, self.names, Told(self.mistakes, self.slips)
        )

    def _belongs(self, part: Part, key: str, name: str, drug: str) -> bool:
        """Whether a document stands where its name says; its ids are not looked at otherwise."""
        if drug not in self.names.served and self.names.served:
            part.reader.note(("drug",), unknown("served drug", drug, self.names.served))
        if not self._named(part, key, name):
            return False
        if name != COMMON or key != "notes":
            self._indication(part, (key,), name)
        return True

    def _named(self, part: Part, key: str, name: str) -> bool:
        right = part.reader.document.file.endswith(f"/{name}.yaml")
        if not right:
            part.reader.note((key,), f"'{name}' is not the file's name")
        return right

    def _indication(self, part: Part, at: tuple[str, ...], name: str) -> None:
        if self.indications is not None and name not in self.indications:
            part.reader.note(at, unknown("indication", name, self.indications))
