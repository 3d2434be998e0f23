"""Loads therapies, pathways, notes and gaps: reads, checks and links their documents."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.clinical.therapies_and_pathways import Clinical, Note, Pathway, Therapy
from service.errors import Mistake
from service.library.clinical.build_therapies import build_therapy
from service.library.clinical.clinical_reader import ClinicalReader, Problems
from service.library.clinical.pathways import KnownTherapies, build_gaps, build_notes, build_pathway
from service.library.criteria.scope import Names
from service.library.documents.folders import Documents, Folder, read_optional, read_shapes, unknown
from service.library.documents.yaml import Document
from service.library.shapes.clinical_shapes import (
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
    """Therapies, pathways, notes and gaps below `mappings/`; each of these folders may be missing.

    `indications` are those of all policies; None if a policy could not be read.
    """
    found, wrong, slipped = _load(
        read_shapes(documents, "therapies", TherapyShape, "therapy", mistakes),
        read_shapes(documents, "pathways", PathwayShape, "pathway", mistakes),
        read_shapes(documents, "notes", NotesShape, "notes", mistakes),
        read_optional(documents, "gaps.yaml", GapsShape, mistakes),
        names,
        indications,
    )
    mistakes += wrong
    slips += slipped
    return found


@per_arguments(most=8)
def _load(
    therapies: Folder[TherapyShape],
    pathways: Folder[PathwayShape],
    notes: Folder[NotesShape],
    gaps: tuple[Document, GapsShape] | None,
    names: Names,
    indications: frozenset[str] | None,
) -> tuple[Clinical, tuple[Mistake, ...], tuple[Mistake, ...]]:
    mistakes: list[Mistake] = []
    slips: list[Mistake] = []
    loading = _Loading(names, indications, mistakes, slips)
    therapies_by_name = loading.therapies(therapies)
    known_therapies = KnownTherapies(therapies_by_name, therapies.unsound)
    pathways_by_name = loading.pathways(pathways, known_therapies)
    situations = frozenset(
        situation.id for path in pathways_by_name.values() for situation in path.situations
    )
    clinical = Clinical(
        therapies_by_name,
        pathways_by_name,
        loading.notes(notes, situations),
        build_gaps(gaps[0].copy(), gaps[1], names, mistakes) if gaps else {},
    )
    return clinical, tuple(mistakes), tuple(slips)


@dataclass(frozen=True)
class _Loading:
    """Reads clinical documents, with the names they may use and the lists that mistakes go to."""

    names: Names
    indications: frozenset[str] | None
    mistakes: list[Mistake]
    slips: list[Mistake]

    def therapies(self, folder: Folder[TherapyShape]) -> dict[str, Therapy]:
        therapies = {}
        drug = next(iter(sorted(self.names.served)), "")
        for document, shape in folder:
            reader = self._part(document, shape.therapy, drug, shape.references)
            self._named(reader, "therapy", shape.therapy)
            for indication in shape.indications:
                self._indication(reader, ("indications", indication), indication)
            therapies[shape.therapy] = build_therapy(reader, shape)
        return therapies

    def pathways(
        self, folder: Folder[PathwayShape], known_therapies: KnownTherapies
    ) -> dict[tuple[str, str], Pathway]:
        pathways = {}
        for document, shape in folder:
            reader = self._part(document, shape.pathway, shape.drug, shape.references)
            if self._belongs(reader, "pathway", shape.pathway, shape.drug):
                pathways[shape.drug, shape.pathway] = build_pathway(reader, shape, known_therapies)
        return pathways

    def notes(
        self, folder: Folder[NotesShape], situations: frozenset[str]
    ) -> dict[tuple[str, str], tuple[Note, ...]]:
        notes = {}
        for document, shape in folder:
            reader = self._part(document, shape.notes, shape.drug, shape.references)
            if self._belongs(reader, "notes", shape.notes, shape.drug):
                notes[shape.drug, shape.notes] = build_notes(reader, shape, situations)
        return notes

    def _part(
        self, document: Document, name: str, drug: str, references: Mapping[str, ReferenceShape]
    ) -> ClinicalReader:
        problems = Problems(self.mistakes, self.slips)
        return ClinicalReader(document.copy(), name, drug, references, self.names, problems)

    def _belongs(self, reader: ClinicalReader, key: str, name: str, drug: str) -> bool:
        """Whether a document has its file's name; if not, nothing else of it is read."""
        if drug not in self.names.served and self.names.served:
            reader.note(("drug",), unknown("served drug", drug, self.names.served))
        if not self._named(reader, key, name):
            return False
        if name != COMMON or key != "notes":
            self._indication(reader, (key,), name)
        return True

    def _named(self, reader: ClinicalReader, key: str, name: str) -> bool:
        right = reader.reader.document.file.endswith(f"/{name}.yaml")
        if not right:
            reader.note((key,), f"'{name}' is not the file's name")
        return right

    def _indication(self, reader: ClinicalReader, address: tuple[str, ...], name: str) -> None:
        if self.indications is not None and name not in self.indications:
            reader.note(address, unknown("indication", name, self.indications))
