"""Which steps of a situation a patient still needs; steps that close a gap come first."""

from collections.abc import Iterator
from typing import NamedTuple

from service.clinical.model import Situation, Step
from service.facts.case import Case
from service.facts.needed_entries import surely_met
from service.memo import per_case
from service.policy.assess import Assessment
from service.policy.finding import Remark
from service.policy.judge import judge
from service.policy.judged import Judged, nodes
from service.policy.model import Criterion, Op, leaves
from service.policy.operators import Excluded, Supply, TrialOutcome
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
