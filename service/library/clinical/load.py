"""Loads what is clinical: every document read, checked and wired."""

from collections.abc import Mapping
from pathlib import Path

from service.errors import Mistake
from service.library.clinical.part import Part
from service.library.clinical.pathways import build_gaps, build_notes, build_pathway
from service.library.clinical.therapies import build_therapy
from service.library.names import Names
from service.library.shapes.clinical import GapsShape, NotesShape, PathwayShape, TherapyShape
from service.library.shelves import Shelf, read_optional, read_shelf, unknown
from service.policy.clinical import Clinical, Note, Pathway, Therapy

COMMON = "common"


def load_clinical(root: Path, names: Names, mistakes: list[Mistake]) -> Clinical:
    """Therapies, pathways, notes and gaps below `mappings/`; a library may do without any of them."""
    therapies = _therapies(
        read_shelf(root, "therapies", TherapyShape, "therapy", mistakes), names, mistakes
    )
    gaps = read_optional(root, "gaps.yaml", GapsShape, mistakes)
    shelf = read_shelf(root, "pathways", PathwayShape, "pathway", mistakes)
    pathways = _pathways(shelf, therapies, names, mistakes)
    situations = frozenset(one.id for path in pathways.values() for one in path.situations)
    notes = read_shelf(root, "notes", NotesShape, "notes", mistakes)
    return Clinical(
        therapies,
        pathways,
        _notes(notes, situations, names, mistakes),
        build_gaps(gaps, names, mistakes) if gaps else {},
    )


def _therapies(
    shelf: Shelf[TherapyShape], names: Names, mistakes: list[Mistake]
) -> dict[str, Therapy]:
    found = {}
    drug = next(iter(sorted(names.served)), "")
    for document, shape in shelf:
        part = Part(document, shape.therapy, drug, shape.references, names, mistakes)
        found[shape.therapy] = build_therapy(part, shape)
    return found


def _pathways(
    shelf: Shelf[PathwayShape],
    therapies: Mapping[str, Therapy],
    names: Names,
    mistakes: list[Mistake],
) -> dict[tuple[str, str], Pathway]:
    found = {}
    for document, shape in shelf:
        part = Part(document, shape.pathway, shape.drug, shape.references, names, mistakes)
        _check_drug(part, shape.drug)
        found[shape.drug, shape.pathway] = build_pathway(part, shape, therapies)
    return found


def _notes(
    shelf: Shelf[NotesShape], situations: frozenset[str], names: Names, mistakes: list[Mistake]
) -> dict[tuple[str, str], tuple[Note, ...]]:
    found = {}
    for document, shape in shelf:
        part = Part(document, shape.notes, shape.drug, shape.references, names, mistakes)
        _check_drug(part, shape.drug)
        found[shape.drug, shape.notes] = build_notes(part, shape, situations)
    return found


def _check_drug(part: Part, drug: str) -> None:
    if drug not in part.names.served and part.names.served:
        part.reader.note(("drug",), unknown("served drug", drug, part.names.served))
