"""Pathways, notes and gaps from their documents."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from service.clinical.model import (
    Coding,
    Course,
    Gap,
    Note,
    Pathway,
    Side,
    Situation,
    Step,
    Therapy,
)
from service.errors import Mistake
from service.library.clinical.part import Part, coding
from service.library.criteria.scope import Names
from service.library.documents.folders import unknown
from service.library.documents.yaml import Address, Document
from service.library.shapes.clinical import (
    CourseShape,
    GapsShape,
    NotesShape,
    PathwayShape,
    SituationShape,
    StepShape,
)

NO_COURSE = "this pathway has no 'course', so that nobody is in a stage of it"
NOTHING_TO_CLOSE = "'once_closed' waits for a step with 'missing', and this situation has none"


class Known(NamedTuple):
    """The therapies that a pathway may name; `unsound` are told where they stand."""

    therapies: Mapping[str, Therapy]
    unsound: AbstractSet[str]

    def wrong(self, name: str, indication: str) -> str | None:
        """Why a pathway of this indication cannot name a therapy."""
        if name in self.unsound:
            return None
        if name not in self.therapies:
            return unknown("therapy", name, self.therapies)
        if indication not in self.therapies[name].uses:
            return f"'{name}' says nothing of the indication '{indication}'"
        return None


def build_pathway(part: Part, shape: PathwayShape, known: Known) -> Pathway:
    """One pathway; every step names a therapy for its indication."""
    found = tuple(
        _situation(part, shape, one, ("situations", index), known)
        for index, one in enumerate(shape.situations)
    )
    course = _course(part, shape.course, ("course",)) if shape.course else None
    return Pathway(shape.pathway, shape.drug, found, course)


MEASURES = ("harmed", "failed", "clear", "active", "improved", "responded", "lost")


def _course(part: Part, shape: CourseShape, at: Address) -> Course:
    part.cited(shape.cite, at)
    measures = {
        name: part.criterion(raw, (*at, name))
        for name in MEASURES
        if (raw := getattr(shape, name)) is not None
    }
    if (least := shape.least_supplied) and not least.relative:
        part.reader.note((*at, "least_supplied"), "a share of the labelled dose, like '75 %'")
    return Course(
        shape.judged_after, shape.longest_break, **measures, least_supplied=shape.least_supplied
    )


def _situation(
    part: Part, pathway: PathwayShape, shape: SituationShape, at: Address, known: Known
) -> Situation:
    indication, has_course = pathway.pathway, pathway.course is not None
    if shape.stages and not has_course:
        part.reader.note((*at, "stages"), NO_COURSE)
    steps = [one.therapy for one in shape.order]
    for index, step in enumerate(shape.order):
        where = (*at, "order", index)
        part.cited(step.cite, where)
        if wrong := known.wrong(step.therapy, indication):
            part.reader.note((*where, "therapy"), wrong)
        if step.therapy in steps[:index]:
            what = f"the therapy '{step.therapy}' stands twice in this situation"
            part.reader.note((*where, "therapy"), what)
    if any(one.once_closed for one in shape.order) and not any(one.missing for one in shape.order):
        part.reader.note((*at, "order"), NOTHING_TO_CLOSE)
    return Situation(
        part.claim(shape.id, at),
        shape.says,
        part.cited(shape.cite, at),
        None if shape.when is None else part.criterion(shape.when, (*at, "when")),
        tuple(_step(part, one, (*at, "order", index)) for index, one in enumerate(shape.order)),
        shape.only,
        shape.coverage,
        shape.action,
        shape.head or "",
        shape.indicator,
        tuple(
            Side(one.says, part.cited(one.cite, (*at, "sides", index)))
            for index, one in enumerate(shape.sides)
        ),
        frozenset(shape.stages),
        shape.below_label,
        shape.taken_below_label,
        shape.holds_dose,
    )


def _step(part: Part, shape: StepShape, at: Address) -> Step:
    said = (shape.therapy, shape.why, shape.cite, shape.behind)
    asked = (("when", shape.when), ("unless", shape.unless), ("missing", shape.missing))
    when, unless, missing = (
        None if raw is None else part.criterion(raw, (*at, name)) for name, raw in asked
    )
    return Step(*said, when, unless, missing, shape.once_closed, shape.waits_for)


def build_notes(part: Part, shape: NotesShape, situations: frozenset[str]) -> tuple[Note, ...]:
    """The considerations of one document; `situations` are those of all pathways."""
    found = []
    for index, one in enumerate(shape.lines):
        at: Address = ("lines", index)
        part.claim(one.id, at)
        cite = part.cited(one.cite, at)
        when, not_with = (
            None if raw is None else part.criterion(raw, (*at, name))
            for name, raw in (("when", one.when), ("not_with", one.not_with))
        )
        for name in set(one.unless) - situations:
            part.reader.note((*at, "unless"), unknown("situation", name, situations))
        if one.when is None and not one.stages:
            part.reader.note(
                at, "a line has a 'when' or 'stages': what holds for everybody has no line"
            )
        if when is not None or one.when is None:
            said = (one.weight, one.only, one.short, frozenset(one.unless), frozenset(one.stages))
            how = (one.samples, one.holds_dose, one.indicator)
            found.append(Note(one.id, one.says, cite, when, *said, not_with, *how))
    return tuple(found)


def build_gaps(
    document: Document, shape: GapsShape, names: Names, mistakes: list[Mistake]
) -> dict[str, Gap]:
    """How missing facts are supplied, by fact."""
    facts = [one.fact for one in shape.gaps]
    for index, one in enumerate(shape.gaps):
        at: Address = ("gaps", index, "fact")
        if one.fact not in names.facts and one.fact not in names.unsound:
            mistakes.append(document.mistake(at, unknown("fact", one.fact, names.facts)))
        if one.fact in facts[:index]:
            mistakes.append(document.mistake(at, f"the fact '{one.fact}' stands twice"))
        if (one.order is None) is not one.record:
            what = f"'{one.fact}' has an order or is recorded, one of them"
            mistakes.append(document.mistake(at, what))
    return {
        one.fact: Gap(one.fact, one.says, coding(one.order) or _recorded_as(one.fact, names))
        for one in shape.gaps
    }


def _recorded_as(fact: str, names: Names) -> Coding | None:
    """The first code of what a fact is recorded by, so that recording it can be asked for."""
    sets = names.facts[fact].value_sets if fact in names.facts else ()
    found = (
        Coding(system, line.code, line.display)
        for name in sets
        if (known := names.value_sets.get(name)) and known.kind == "observation"
        for system, lines in known.codes.items()
        for line in lines
    )
    return next(found, None)
