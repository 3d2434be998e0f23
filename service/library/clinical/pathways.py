"""Builds pathways, notes and gaps from their documents."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from service.clinical.therapies_and_pathways import (
    Course,
    Note,
    Pathway,
    ProposedTest,
    Side,
    Situation,
    Step,
    Therapy,
)
from service.errors import Mistake
from service.library.clinical.clinical_reader import ClinicalReader, coding
from service.library.criteria.scope import Names
from service.library.documents.folders import unknown
from service.library.documents.yaml import Address, Document
from service.library.shapes.clinical_shapes import (
    CourseShape,
    GapsShape,
    NotesShape,
    PathwayShape,
    SituationShape,
    StepShape,
)

NO_COURSE = "this pathway has no 'course', so that nobody is in a stage of it"
NOTHING_TO_CLOSE = "'once_closed' waits for a step with 'missing', and this situation has none"


class KnownTherapies(NamedTuple):
    """The therapies that a pathway may name; `unsound` are those whose own document has mistakes."""

    therapies: Mapping[str, Therapy]
    unsound: AbstractSet[str]

    def wrong(self, name: str, indication: str) -> str | None:
        """Why a pathway of this indication cannot name a therapy; None if it can."""
        if name in self.unsound:
            return None
        if name not in self.therapies:
            return unknown("therapy", name, self.therapies)
        if indication not in self.therapies[name].uses:
            return f"'{name}' says nothing of the indication '{indication}'"
        return None


def build_pathway(
    reader: ClinicalReader, shape: PathwayShape, known_therapies: KnownTherapies
) -> Pathway:
    """One pathway; each step must name a therapy that has the pathway's indication."""
    situations = tuple(
        _situation(reader, shape, situation, ("situations", index), known_therapies)
        for index, situation in enumerate(shape.situations)
    )
    course = _course(reader, shape.course, ("course",)) if shape.course else None
    return Pathway(shape.pathway, shape.drug, situations, course)


MEASURES = ("harmed", "failed", "clear", "active", "improved", "responded", "lost")


def _course(reader: ClinicalReader, shape: CourseShape, address: Address) -> Course:
    reader.cited(shape.cite, address)
    measures = {
        name: reader.criterion(raw, (*address, name))
        for name in MEASURES
        if (raw := getattr(shape, name)) is not None
    }
    if (least := shape.least_supplied) and not least.relative:
        reader.note((*address, "least_supplied"), "a share of the labelled dose, like '75 %'")
    return Course(
        shape.judged_after, shape.longest_break, **measures, least_supplied=shape.least_supplied
    )


def _situation(
    reader: ClinicalReader,
    pathway: PathwayShape,
    shape: SituationShape,
    address: Address,
    known_therapies: KnownTherapies,
) -> Situation:
    if shape.stages and pathway.course is None:
        reader.note((*address, "stages"), NO_COURSE)
    _check_steps(reader, pathway.pathway, shape, address, known_therapies)
    return Situation(
        reader.claim(shape.id, address),
        shape.says,
        reader.cited(shape.cite, address),
        None if shape.when is None else reader.criterion(shape.when, (*address, "when")),
        tuple(
            _step(reader, step, (*address, "order", index))
            for index, step in enumerate(shape.order)
        ),
        shape.only,
        shape.coverage,
        shape.action,
        shape.head or "",
        shape.indicator,
        tuple(
            Side(side.says, reader.cited(side.cite, (*address, "sides", index)))
            for index, side in enumerate(shape.sides)
        ),
        frozenset(shape.stages),
        shape.below_label,
        shape.taken_below_label,
        shape.holds_dose,
    )


def _check_steps(
    reader: ClinicalReader,
    indication: str,
    shape: SituationShape,
    address: Address,
    known_therapies: KnownTherapies,
) -> None:
    """Notes a wrong citation, an unknown therapy, one that stands twice, and gaps that no step closes."""
    steps = [step.therapy for step in shape.order]
    for index, step in enumerate(shape.order):
        where = (*address, "order", index)
        reader.cited(step.cite, where)
        if wrong := known_therapies.wrong(step.therapy, indication):
            reader.note((*where, "therapy"), wrong)
        if step.therapy in steps[:index]:
            message = f"the therapy '{step.therapy}' stands twice in this situation"
            reader.note((*where, "therapy"), message)
    if any(step.once_closed for step in shape.order) and not any(
        step.missing for step in shape.order
    ):
        reader.note((*address, "order"), NOTHING_TO_CLOSE)


def _step(reader: ClinicalReader, shape: StepShape, address: Address) -> Step:
    head = (shape.therapy, shape.why, shape.cite, shape.behind)
    asked = (("when", shape.when), ("unless", shape.unless), ("missing", shape.missing))
    when, unless, missing = (
        None if raw is None else reader.criterion(raw, (*address, name)) for name, raw in asked
    )
    return Step(*head, when, unless, missing, shape.once_closed, shape.waits_for)


def build_notes(
    reader: ClinicalReader, shape: NotesShape, situations: frozenset[str]
) -> tuple[Note, ...]:
    """The considerations of one document; `situations` are those of all pathways."""
    notes = []
    for index, line in enumerate(shape.lines):
        address: Address = ("lines", index)
        reader.claim(line.id, address)
        cite = reader.cited(line.cite, address)
        when, not_with = (
            None if raw is None else reader.criterion(raw, (*address, name))
            for name, raw in (("when", line.when), ("not_with", line.not_with))
        )
        for name in set(line.unless) - situations:
            reader.note((*address, "unless"), unknown("situation", name, situations))
        if line.when is None and not line.stages:
            reader.note(
                address, "a line has a 'when' or 'stages': what holds for everybody has no line"
            )
        if when is not None or line.when is None:
            scope = (
                line.weight,
                line.only,
                line.short,
                frozenset(line.unless),
                frozenset(line.stages),
            )
            how = (line.samples, line.holds_dose, line.indicator)
            notes.append(Note(line.id, line.says, cite, when, *scope, not_with, *how))
    return tuple(notes)


def build_gaps(
    document: Document, shape: GapsShape, names: Names, mistakes: list[Mistake]
) -> dict[str, ProposedTest]:
    """By fact, what is ordered or recorded when the fact is missing."""
    facts = [gap.fact for gap in shape.gaps]
    for index, gap in enumerate(shape.gaps):
        address: Address = ("gaps", index, "fact")
        if gap.fact not in names.facts and gap.fact not in names.unsound:
            mistakes.append(document.mistake(address, unknown("fact", gap.fact, names.facts)))
        if gap.fact in facts[:index]:
            mistakes.append(document.mistake(address, f"the fact '{gap.fact}' stands twice"))
        if (gap.order is None) is not gap.record:
            message = f"'{gap.fact}' has an order or is recorded, one of them"
            mistakes.append(document.mistake(address, message))
    return {gap.fact: ProposedTest(gap.fact, gap.says, coding(gap.order)) for gap in shape.gaps}
