"""The stage of a patient in the course of the ordered drug: starting, again after a break, or going on.

Every situation, consideration and question uses it (docs/reference/therapies.md, "The course").
"""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from service.clinical.therapies_and_pathways import Course, Stage
from service.facts.case import Case
from service.facts.fills.fill import PHARMACY
from service.facts.fills.fills_of_class import fills_of
from service.facts.met_by_record import look_at_entries
from service.facts.supply.covered_days import sure_timeline, with_dates_at
from service.facts.supply.on_drug import Exposure, exposure, present_run, surely_off
from service.fhir.values.days import LAST, days_shown
from service.memo import cached_property, per_case
from service.policy.judge import judge
from service.policy.judged_criterion import Judged, nodes
from service.policy.model import Criterion, Op
from service.policy.truth import Truth


@dataclass(frozen=True)
class Effect:
    """The drug's effect on one patient; each truth is found when the stage depends on it."""

    case: Case
    course: Course
    exposure: Exposure

    @cached_property
    def harmed(self) -> Truth:
        """Whether the drug was stopped for a side effect."""
        return _stopped(self.case, self.course, self.course.harmed, self.exposure)

    @cached_property
    def failed(self) -> Truth:
        """Whether the drug was stopped for lack of effect."""
        return _stopped(self.case, self.course, self.course.failed, self.exposure)

    @cached_property
    def clear(self) -> Truth:
        """Whether nothing is left of the disease."""
        return _truth(self.case, self.course.clear)

    @cached_property
    def active(self) -> Truth:
        """Whether the disease is active."""
        return _active(self.case, self.course.active, self.exposure)

    @cached_property
    def improved(self) -> Truth:
        """Whether the disease is better than before the drug."""
        return _improved(self.case, self.course.improved)

    @cached_property
    def responded(self) -> Truth:
        """Whether there was ever a response."""
        return _once(self.case, self.course.responded)

    @cached_property
    def lost(self) -> Truth:
        """Whether a response is gone, where an active disease alone does not show that."""
        return _truth(self.case, self.course.lost) if self.course.lost else Truth.MET


def stage_of(exposure: Exposure, effect: Effect) -> Stage:  # noqa: C901, PLR0911 - one table of rules
    """The stage, from the first rule that fits; every combination has one.

    The table is in docs/reference/therapies.md; a test tries every combination.
    """
    begun, on, long = exposure
    if effect.harmed is Truth.MET:
        return Stage.INTOLERANT
    if begun is not Truth.MET:
        return Stage.NOT_STARTED if begun is Truth.NOT_MET else Stage.NOT_KNOWN
    if effect.failed is Truth.MET:
        return _failed(on, long)
    if on is not Truth.MET:
        if on is Truth.UNKNOWN:
            return Stage.NOT_KNOWN
        return Stage.RELAPSED if effect.active is Truth.MET else Stage.INTERRUPTED
    if long is Truth.NOT_MET:
        return Stage.STARTED
    if effect.clear is Truth.MET:
        return Stage.CLEARED
    if long is Truth.UNKNOWN:
        return Stage.NOT_KNOWN
    if effect.active is Truth.MET and effect.responded is Truth.MET and effect.lost is Truth.MET:
        return Stage.LOSS_OF_RESPONSE
    if effect.improved is Truth.MET:
        return Stage.RESPONDING
    if (
        effect.active is Truth.MET
        and effect.improved is Truth.NOT_MET
        and effect.responded is Truth.NOT_MET
    ):
        return Stage.INADEQUATE_RESPONSE
    return Stage.NOT_ASSESSED


def _failed(on: Truth, long: Truth) -> Stage:
    """The stage after stopping for lack of effect, which counts only if the drug was given long enough."""
    if long is Truth.MET:
        return Stage.INADEQUATE_RESPONSE
    if long is Truth.UNKNOWN or on is Truth.UNKNOWN:
        return Stage.NOT_KNOWN
    return Stage.STARTED if on is Truth.MET else Stage.INTERRUPTED


@per_case
def course_stage(case: Case, course: Course) -> Stage:
    """The stage of this patient in the course of the ordered drug, found once per request."""
    drug_exposure = exposure(case, course)
    stage = stage_of(drug_exposure, Effect(case, course, drug_exposure))
    for criterion in course.criteria:
        look_at_entries(case, criterion)
    return stage


def _stopped(
    case: Case, course: Course, criterion: Criterion | None, drug_exposure: Exposure
) -> Truth:
    """Whether the drug was stopped for this reason; unknown if the entry is older than the present supply.

    Such an entry does not show whether the drug was stopped before its restart, or today.
    """
    if criterion is None:
        return Truth.UNKNOWN
    judged = judge(criterion, case.ask)
    if judged.truth is not Truth.MET or drug_exposure.on is not Truth.MET:
        return judged.truth
    began = present_run(case, course)
    dates = [days_shown(proof.date) for proof in judged.finding.evidence if proof.date]
    days = [date.last for date in dates if date is not None]
    if began is None or not days or len(days) < len(dates):
        return Truth.MET
    return Truth.UNKNOWN if max(days) < began - course.longest_break.days else Truth.MET


def _active(case: Case, criterion: Criterion | None, drug_exposure: Exposure) -> Truth:
    """Whether the disease is active; off the drug only values from after the last supply count."""
    if criterion is None:
        return Truth.UNKNOWN
    judged = judge(criterion, case.ask)
    if judged.truth is not Truth.MET or drug_exposure.on is not Truth.NOT_MET:
        return judged.truth
    met = (node for node in nodes(judged) if node.truth is Truth.MET)
    dates = (days_shown(proof.date) for node in met for proof in node.finding.evidence)
    off = any(surely_off(case, date.first, 0) for date in dates if date is not None)
    return Truth.MET if off else Truth.UNKNOWN


def _truth(case: Case, criterion: Criterion | None) -> Truth:
    return judge(criterion, case.ask).truth if criterion else Truth.UNKNOWN


def _improved(case: Case, criterion: Criterion | None) -> Truth:
    return _of_measures(judge(criterion, case.ask)) if criterion else Truth.UNKNOWN


def _of_measures(judged: Judged) -> Truth:
    """The truth over several measures; a measure without any value does not leave it unknown."""
    if judged.truth is not Truth.UNKNOWN or judged.criterion.op is not Op.ANY:
        return judged.truth
    measured = [
        child for child in judged.children if child.truth is Truth.NOT_MET or _is_taken(child)
    ]
    return (
        Truth.NOT_MET
        if measured and all(child.truth is Truth.NOT_MET for child in measured)
        else Truth.UNKNOWN
    )


def _is_taken(judged: Judged) -> bool:
    """Whether a part that is not failed has evidence; a value against one part alone does not count."""
    return any(node.finding.evidence for node in nodes(judged) if node.truth is not Truth.NOT_MET)


def _shows(judged: Judged) -> bool:
    return any(node.finding.evidence for node in nodes(judged))


def _once(case: Case, criterion: Criterion | None) -> Truth:
    """Whether there was ever a response; not met if no value was recorded at all."""
    if criterion is None:
        return Truth.UNKNOWN
    judged = judge(criterion, case.ask)
    truth = _of_measures(judged)
    return truth if truth is not Truth.UNKNOWN or _shows(judged) else Truth.NOT_MET


class Begins(Enum):
    """What the order does; `UNKNOWN` if the record does not show it."""

    START = "start"
    RESTART = "restart"
    CONTINUES = "continues"
    UNKNOWN = "unknown"


class Beginning(NamedTuple):
    """What the order does; `until` is the last supplied day before a restart, None if it is not known."""

    begins: Begins
    until: int | None = None

    @property
    def is_start(self) -> bool:
        """Whether the order starts the drug, for the first time or again."""
        return self.begins in (Begins.START, Begins.RESTART)


def beginning(case: Case, course: Course | None) -> Beginning:
    """What the order does, from the supply on record and not its effect (docs/reference/therapies.md)."""
    if course is None:
        return Beginning(Begins.UNKNOWN)
    drug_exposure = exposure(case, course)
    if drug_exposure.begun is Truth.NOT_MET:
        return Beginning(Begins.START)
    if drug_exposure.begun is not Truth.MET:
        return Beginning(Begins.UNKNOWN)
    if drug_exposure.on is Truth.NOT_MET:
        return Beginning(Begins.RESTART, _last_day(case))
    # A supply that is first recorded today may be the one that this order asks for.
    return Beginning(
        Begins.CONTINUES
        if drug_exposure.on is Truth.MET and _before_today(case)
        else Begins.UNKNOWN
    )


def _before_today(case: Case) -> bool:
    handovers = (handover for _, handover in fills_of(case, (case.drug,)) if not handover.question)
    return any(handover.fill.start.first < case.today for handover in handovers)


def _last_day(case: Case) -> int | None:
    """The last day before today that was surely supplied; None if there is none."""
    handovers = (handover for _, handover in fills_of(case, (case.drug,)) if not handover.question)
    fills = [handover.fill for handover in handovers if handover.kind in PHARMACY]
    runs = sure_timeline(with_dates_at(fills, 1), LAST).joined(0)
    days = [last for _, last in runs if last < case.today]
    return max(days, default=None)
