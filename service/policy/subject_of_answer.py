"""What the answer to each question of a policy speaks of, which says how old the answer may be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from service.memo import per_document
from service.policy.amount import Span
from service.policy.model import Criterion, Op, Policy, leaves, walk
from service.policy.operators import (
    Compare,
    Episodes,
    Excluded,
    Operator,
    Recorded,
    Sessions,
    Statement,
    Supply,
    Trend,
    TrialOutcome,
)


@dataclass(frozen=True, slots=True)
class SpeaksOf:
    """What one answer speaks of.

    `within` are how old its subject may be today; `before_treatment` says that it is about the time
    before the first dose, and then `baseline_within` count from that dose. `on_the_drug` says that
    it can only be known from the first dose on, `trial` is the supply whose outcome it states, and
    `rules_out` is what the record must not show where the answer is yes, and `excluded` the classes of
    drugs that are not given where it is.
    """

    within: tuple[Span, ...] = ()
    before_treatment: bool = False
    baseline_within: tuple[Span, ...] = ()
    on_the_drug: bool = False
    trial: Supply | Sessions | None = None
    rules_out: tuple[Operator, ...] = ()
    excluded: tuple[str, ...] = ()


NOTHING_OF_ITS_OWN = SpeaksOf()


@per_document
def speaks_of(policy: Policy) -> Mapping[str, SpeaksOf]:
    """What the answers speak of, by the id of the criterion."""
    found: dict[str, SpeaksOf] = {}
    for criterion, on_the_drug in _criteria(policy):
        about = _of_criterion(policy, criterion, on_the_drug=on_the_drug)
        found.setdefault(criterion.id, about)
        found.update(_of_outcomes(criterion))
    return found


def _criteria(policy: Policy) -> Iterator[tuple[Criterion, bool]]:
    """Every criterion, and whether it is one of a disease under treatment."""
    diseases = policy.indications.values()
    renewal = [one.renewal for one in diseases if one.renewal is not None]
    for tree in policy.trees():
        for criterion in walk(tree):
            yield criterion, tree in renewal


def _of_criterion(policy: Policy, criterion: Criterion, *, on_the_drug: bool) -> SpeaksOf:
    operators = [leaf.operator for leaf in leaves(criterion) if leaf.operator is not None]
    values = [one for one in operators if isinstance(one, Compare | Recorded | Trend)]
    within = {one.within for one in values if one.within is not None}
    if policy.window_statements_valid and any(map(_is_about_a_window, operators)):
        within.add(policy.window_statements_valid)
    baselines = [one for one in values if _is_baseline(one)]
    before = criterion.statement == "decides_before" or bool(baselines)
    rules_out = tuple(operators) if criterion.op is Op.NOT else ()
    return SpeaksOf(
        within=tuple(within),
        before_treatment=before,
        baseline_within=tuple({one.baseline_within for one in baselines if one.baseline_within}),
        on_the_drug=on_the_drug,
        rules_out=rules_out,
        excluded=own.every if isinstance(own := criterion.operator, Excluded) else (),
    )


def _is_about_a_window(operator: Operator) -> bool:
    """Whether it asks about a window that ends today, or about today."""
    if isinstance(operator, Supply):
        return operator.now or operator.covered is not None
    return isinstance(operator, Episodes)


def _is_baseline(operator: Compare | Recorded | Trend) -> bool:
    """Whether its value is one from before the first dose, once there is one."""
    if isinstance(operator, Trend):
        return False
    return operator.pick == "baseline_if_treated" or bool(getattr(operator, "before_first", ()))


def _of_outcomes(criterion: Criterion) -> Iterator[tuple[str, SpeaksOf]]:
    """The outcome of a trial speaks of the supply beside it, a statement of the drug in use beside it."""
    supplies = [child.operator for child in criterion.children]
    for child in criterion.children:
        if isinstance(child.operator, TrialOutcome):
            trial = next((one for one in supplies if isinstance(one, Supply | Sessions)), None)
            yield child.id, SpeaksOf(trial=trial)
        elif isinstance(child.operator, Statement):
            current = (one for one in supplies if isinstance(one, Supply) and one.current_for)
            if (in_use := next(current, None)) is not None:
                yield child.id, SpeaksOf(trial=replace(in_use, at_dose=None))
