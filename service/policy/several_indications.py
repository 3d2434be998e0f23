"""Judges an order that may be for several diseases, each with its own specialist and dose."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from service.memo import per_document
from service.policy.finding import remark, unknown
from service.policy.judge import Ask, joined, judge
from service.policy.judged_criterion import Judged
from service.policy.model import Criterion, leaves
from service.policy.operators import Regimen, Specialty
from service.policy.truth import Reason, Truth, Way, at_least

# Gives the function that answers questions as if the order were for this indication alone.
AskFor = Callable[[str], Ask]
DEPENDS = remark("depends_on_disease")
_WORTH = (Truth.NOT_MET, Truth.UNKNOWN, Truth.MET)


class _Alone(NamedTuple):
    """One indication judged by itself: its own criteria, and common ones that depend on it."""

    id: str
    tree: Judged
    common: Mapping[str, Judged]

    @property
    def truth(self) -> Truth:
        """Whether both together are met."""
        truths = [self.tree.truth, *(judged.truth for judged in self.common.values())]
        return at_least(len(truths), truths)


def ask_alike(ask: Ask) -> AskFor:
    """The same answers for every indication."""
    return lambda _: ask


def judge_several(
    phase: Criterion, trees: Mapping[str, Criterion], ask: Ask, ask_for: AskFor
) -> tuple[Judged, tuple[str, ...]]:
    """The judged criteria of one path, and the indications that meet all of theirs.

    Criteria met for different diseases are never combined.
    """
    own = tuple(trees.values())
    common = tuple(criterion for criterion in phase.children if criterion.children != own)
    varying = [criterion for criterion in common if _varies(criterion)]
    alone = [
        _Alone(
            id_,
            judge(tree, ask_for(id_)) if _varies(tree) else judge(tree, ask),
            {criterion.id: judge(criterion, ask_for(id_)) for criterion in varying},
        )
        for id_, tree in trees.items()
    ]
    common_judged = _shown(alone) if alone else {}
    children = tuple(
        joined(criterion, tuple(each.tree for each in alone))
        if criterion.children == own
        else common_judged.get(criterion.id) or judge(criterion, ask)
        for criterion in phase.children
    )
    # One unknown disease may decide several questions, so they are not resolved case by case.
    whole = joined(
        phase, children, exact=not any(_differ(alone, criterion.id) for criterion in varying)
    )
    return whole, tuple(disease.id for disease in alone if disease.truth is Truth.MET)


@per_document
def _varies(criterion: Criterion) -> bool:
    """Whether the criterion depends on the disease: it asks for a specialist for it, or for its dose."""
    operators = (leaf.operator for leaf in leaves(criterion))
    return any(
        isinstance(operator, Regimen)
        or (isinstance(operator, Specialty) and bool(operator.of_disease))
        for operator in operators
    )


def _differ(alone: list[_Alone], id_: str) -> bool:
    return len({disease.common[id_].truth for disease in alone}) > 1


def _shown(alone: list[_Alone]) -> dict[str, Judged]:
    """The judged common criteria by id, as for the indication that is nearest to met.

    If that indication is open and another one differs, the disease must be known first.
    """
    best = max(
        alone, key=lambda disease: (_WORTH.index(disease.truth), _WORTH.index(disease.tree.truth))
    )
    if best.truth is not Truth.UNKNOWN or best.tree.truth is Truth.MET:
        return dict(best.common)
    live = [disease for disease in alone if disease.tree.truth is not Truth.NOT_MET]
    return {
        id_: _depending(judged) if _differ(live, id_) else judged
        for id_, judged in best.common.items()
    }


def _depending(judged: Judged) -> Judged:
    evidence = judged.finding.evidence
    return judged.settled(unknown(Reason.IMPRECISE, *evidence, way=Way.ORDER, miss=DEPENDS))
