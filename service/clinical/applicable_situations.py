"""Which situation a patient is in, and which of its steps are needed; what closes a gap comes first."""

from collections.abc import Iterator
from typing import NamedTuple

from service.clinical.dose_remarks import dose_remarks
from service.clinical.dose_taken import taken_below
from service.clinical.stages import Beginning, Begins, course_stage
from service.clinical.therapies_and_pathways import Clinical, Pathway, Situation, Stage, Step
from service.facts.case import Case
from service.facts.met_by_record import surely_met
from service.memo import per_case
from service.policy.assessment import Assessment, Outcome
from service.policy.finding import Remark
from service.policy.judge import judge
from service.policy.judged_criterion import Judged, nodes
from service.policy.model import Criterion, Op, leaves
from service.policy.operators import Excluded, Regimen, Supply, TrialOutcome
from service.policy.truth import Truth


class NeededStep(NamedTuple):
    """A step that this patient needs; `miss` is how far the record is from closing its gap, if known."""

    step: Step
    miss: Remark | None = None


@per_case
def needed_steps(
    case: Case, situation: Situation, stated: frozenset[str]
) -> tuple[NeededStep, ...]:
    """The steps for this patient, those that close a gap first.

    Classes that are `stated` as tried or as ruled out are not missing.
    """
    fits = [step for step in situation.order if _is_for(case, step)]
    gaps = [step for step in fits if step.missing and stated.isdisjoint(_classes(step.missing))]
    closing = [gap for step in gaps if (gap := _missing(case, step))]
    others = [step for step in fits if step.missing is None and not (closing and step.once_closed)]
    return (*closing, *map(NeededStep, others))


def _classes(missing: Criterion) -> frozenset[str]:
    """The classes of drugs that a gap asks for."""
    supplies = (leaf.operator for leaf in leaves(missing) if isinstance(leaf.operator, Supply))
    return frozenset(name for supply in supplies for name in supply.of)


def _is_for(case: Case, step: Step) -> bool:
    if step.unless is not None and surely_met(case, step.unless):
        return False
    return step.when is None or surely_met(case, step.when)


def _missing(case: Case, step: Step) -> NeededStep | None:
    """The step with its nearest miss; None unless the record surely lacks what the step supplies."""
    if step.missing is None:
        return None
    judged = judge(step.missing, case.ask)
    if judged.truth is not Truth.NOT_MET:
        return None
    # a `not` has no miss of its own: it is about the thing that is excluded
    failing = (
        node
        for node in nodes(judged)
        if node.truth is Truth.NOT_MET and node.criterion.op is not Op.NOT
    )
    # of several ways the one with evidence in the record is the nearest
    nearest = sorted(failing, key=lambda node: not node.finding.evidence)
    return NeededStep(
        step, next((node.finding.miss for node in nearest if node.finding.miss), None)
    )


def stated_trials(assessment: Assessment) -> frozenset[str]:
    """The classes that the prescriber stated as tried or ruled out: no step asks for them again.

    Missing fills do not contradict it here: the drug may have been bought without a prescription.
    """
    return frozenset(
        name
        for node in assessment.judged.values()
        for name in (_not_enough(node) if node.children else _ruled_out(node))
    )


def _ruled_out(node: Judged) -> Iterator[str]:
    """The classes that are ruled out; not those of `any`, since it is unknown which one is meant."""
    operator = node.criterion.operator
    if isinstance(operator, Excluded) and node.truth is Truth.MET:
        yield from operator.every


def _not_enough(node: Judged) -> Iterator[str]:
    """The classes of a trial with a stated outcome, unless the record shows that there was no supply."""
    met_operators = [
        child.criterion.operator for child in node.children if child.finding.truth is Truth.MET
    ]
    if any(isinstance(operator, TrialOutcome) for operator in met_operators):
        for child in node.children:
            operator = child.criterion.operator
            if isinstance(operator, Supply) and child.truth is not Truth.NOT_MET:
                yield from operator.of


PATHS = ("initial", "renewal")


def situations_of(
    case: Case, pathway: Pathway, assessment: Assessment, stated: frozenset[str]
) -> Iterator[Situation]:
    """The situations that surely apply to this patient and still have a step to take, in order.

    Classes that are `stated` as tried or as ruled out are not missing.
    """
    return (
        situation
        for situation in pathway.situations
        if _is_in(case, pathway, situation, assessment)
        and (not situation.order or needed_steps(case, situation, stated))
    )


def _is_in(case: Case, pathway: Pathway, situation: Situation, assessment: Assessment) -> bool:
    if assessment.path in PATHS and assessment.path not in situation.only:
        return False
    if not _fits_coverage(situation, assessment):
        return False
    if not is_in_stage(case, pathway, situation.stages):
        return False
    if not _fits_dose(case, pathway, situation, assessment):
        return False
    return situation.when is None or surely_met(case, situation.when)


def _fits_coverage(situation: Situation, assessment: Assessment) -> bool:
    if situation.coverage == "any" or _not_eligible(assessment):
        return True
    # A wrong dose is corrected on the order and is no gap of the disease. If one of several diseases
    # meets its criteria, no gap of another one has to be closed.
    open_ = assessment.outcome in (Outcome.UNKNOWN, Outcome.NOT_MET)
    return (
        situation.coverage == "unmet"
        and open_
        and str(Truth.MET) not in assessment.indications.values()
    )


def _fits_dose(case: Case, pathway: Pathway, situation: Situation, assessment: Assessment) -> bool:
    if situation.below_label and not _is_below_label(case, assessment):
        return False
    return not situation.taken_below_label or taken_less(case, pathway, assessment) is not None


def _is_below_label(case: Case, assessment: Assessment) -> bool:
    """Whether the order asks for less than the dose with which the label goes on."""
    regimen = _dose_asked(case, assessment)
    if regimen is None:
        return False
    remarks = dose_remarks(case, regimen, Beginning(Begins.CONTINUES), {})
    return any(dose_remark.kind == "below" for dose_remark in remarks)


def _dose_asked(case: Case, assessment: Assessment) -> Regimen | None:
    """The policy's question on the labelled dose; without a policy the label's own. None if neither asks."""
    root = assessment.root
    if root is None:
        label = case.knowledge.labels.get(case.drug)
        return label.asked if label else None
    leaf_ops = (leaf.operator for leaf in leaves(root.criterion))
    return next((operator for operator in leaf_ops if isinstance(operator, Regimen)), None)


def taken_less(case: Case, pathway: Pathway, assessment: Assessment) -> Remark | None:
    """A remark with the dose taken and the labelled one; None unless it was surely less."""
    regimen, course = _dose_asked(case, assessment), pathway.course
    return taken_below(case, regimen, course) if regimen and course else None


def is_in_stage(case: Case, pathway: Pathway | None, stages: frozenset[Stage]) -> bool:
    """Whether the patient is in one of the stages; true if none is required."""
    if not stages:
        return True
    course = pathway.course if pathway else None
    return course is not None and course_stage(case, course) in stages


def is_intolerant(clinical: Clinical, case: Case) -> bool:
    """Whether the drug was stopped for a side effect in the course of one of the order's diseases."""
    harmed = frozenset([Stage.INTOLERANT])
    live = (clinical.pathways.get((case.drug, indication)) for indication in case.indications)
    return any(is_in_stage(case, pathway, harmed) for pathway in live)


def _not_eligible(assessment: Assessment) -> bool:
    """Whether some criterion other than the dose keeps the order from being met."""
    policy = assessment.policy
    if assessment.outcome is not Outcome.NOT_MET or policy is None:
        return False
    about = (policy.indications[id_] for id_ in assessment.indications)
    trees = (
        tree
        for indication in about
        for tree in (indication.initial, indication.renewal)
        if tree is not None
    )
    judged = (assessment.judged[tree.id] for tree in trees if tree.id in assessment.judged)
    below = (node.criterion for tree in judged for node in nodes(tree))
    ids = {criterion.id for criterion in below if not isinstance(criterion.operator, Regimen)}
    return not ids.isdisjoint(assessment.blocking)
