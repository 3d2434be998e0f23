"""Which considerations apply to this record, by weight."""

from collections.abc import Iterable

from service.clinical.applicable_situations import PATHS, is_in_stage
from service.clinical.stages import Begins, beginning
from service.clinical.therapies_and_pathways import Clinical, Note, Pathway, Stage
from service.facts.case import Case
from service.facts.met_by_record import is_shown, surely_met
from service.facts.supply.on_drug import had_samples_alone
from service.memo import per_document

COMMON = "common"


def notes_for(
    case: Case, clinical: Clinical, indications: Iterable[str], path: str, situation: str | None
) -> tuple[Note, ...]:
    """The considerations that apply to this record and that the situation does not say, by weight."""
    live = tuple(indications)

    def matters(note: Note, about: str) -> bool:
        if note.samples and not had_samples_alone(case):
            return False
        courses = live if about == COMMON else (about,)
        pathways = [clinical.pathways.get((case.drug, indication)) for indication in courses]
        staged = any(_is_told(case, pathway, note.stages) for pathway in pathways or (None,))
        if not staged or (note.when is not None and not is_shown(case, note.when)):
            return False
        return note.not_with is None or not surely_met(case, note.not_with)

    notes = _notes(clinical, case.drug, live, path, situation)
    return tuple(note for note, about in notes if matters(note, about))


def _is_told(case: Case, pathway: Pathway | None, stages: frozenset[Stage]) -> bool:
    """Whether the stage fits; a note on starting is left out if the order surely continues the drug."""
    if not is_in_stage(case, pathway, stages):
        return False
    if pathway is None or Stage.NOT_STARTED not in stages:
        return True
    return beginning(case, pathway.course).begins is not Begins.CONTINUES


@per_document
def _notes(
    clinical: Clinical, drug: str, indications: tuple[str, ...], path: str, situation: str | None
) -> tuple[tuple[Note, str], ...]:
    """The notes for these indications, by weight, each with the name of its document."""
    notes = {
        note.id: (note, name)
        for name in (*indications, COMMON)
        for note in clinical.notes.get((drug, name), ())
        if (path in note.only or note.only == PATHS) and situation not in note.unless
    }
    return tuple(sorted(notes.values(), key=lambda entry: -entry[0].weight))
