"""Whether a supply had begun by a day: a statement made before it speaks of something else."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from service.facts.case import PatientCase, when
from service.facts.fills.fill import PHARMACY, FoundFill
from service.facts.fills.fills_of_class import fills_of, not_taken_back
from service.facts.supply.covered_days import Timeline
from service.facts.supply.covered_days_of_classes import (
    ClassSupply,
    all_handovers,
    handovers_by_class,
    parts_where,
    surely_covered,
)
from service.facts.supply.supply_tests import test_of
from service.policy.operators import Sessions, Supply


def began_after(case: PatientCase, asked: Supply | Sessions, day: int) -> int | None:
    """The first day after `day` on which what passes the test began; None if it had begun, or none passes.

    It had begun if the runs of covered days that began by `day` pass the test without later ones.
    """
    if isinstance(asked, Sessions):
        return _first_session_after(case, asked, day)
    test = test_of(case, asked)
    line = surely_covered(case, asked, _counted(case, asked), case.today).least(test)
    if not test(line):
        return None
    later = [first for first, _ in line.joined(asked.gap.days if asked.gap else 0) if first > day]
    if not later:
        return None
    begun = Timeline(tuple(run for run in line.runs if run[0] < later[0]))
    return None if test(begun) else later[0]


def another_began_after(case: PatientCase, asked: Supply, day: int) -> int | None:
    """The same for each drug by itself: one drug in use hides no other one that began later."""
    handovers = all_handovers(_counted(case, asked))
    drugs = dict.fromkeys(handover.fill.ingredient for handover in handovers)
    each = (began_after(case, replace(asked, ingredients=(drug,)), day) for drug in drugs if drug)
    return max((first for first in each if first is not None), default=None)


def filled_after(case: PatientCase, classes: Sequence[str], day: int) -> Iterator[FoundFill]:
    """What pharmacies surely handed over of some classes after a day, up to today."""
    for fill, handover in fills_of(case, classes) if classes else ():
        sure = handover.kind in PHARMACY and not (handover.question or fill.doubtful)
        if sure and day < fill.start.first <= case.today:
            yield handover


def _counted(case: PatientCase, asked: Supply) -> list[ClassSupply]:
    accepted = asked.accepts or PHARMACY

    def decides(handover: FoundFill) -> bool:
        return handover.kind in accepted and not handover.question

    return parts_where(handovers_by_class(case, asked), decides)


def _first_session_after(case: PatientCase, asked: Sessions, day: int) -> int | None:
    """The first session, if all of them lie after the day."""
    hits = case.hits(case.knowledge.of_kind("sessions").sources, asked.of)
    given = not_taken_back(case, hits, asked.of)
    first = min((held.first for hit in given if (held := when(hit))), default=None)
    return first if first is not None and first > day else None
