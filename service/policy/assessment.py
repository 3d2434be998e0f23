"""Makes an assessment from a policy and a function that answers questions: path, tree, outcome."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from service.memo import per_document
from service.policy.initial_or_renewal import (
    earlier_approval,
    initial_or_renewal,
    renewal_criterion,
)
from service.policy.judge import Ask, joined, judge
from service.policy.judged_criterion import Judged, nodes
from service.policy.model import Criterion, Op, Policy, group
from service.policy.open_questions import Formula
from service.policy.several_indications import AskFor, ask_alike, judge_several
from service.policy.smallest_changes import smallest_changes
from service.policy.smallest_open_sets import residual
from service.policy.truth import WAYS, Truth


class Outcome(StrEnum):
    """The outcome of an assessment; never approved or denied, since the payer decides."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    NOT_ADDRESSED = "not_addressed"
    ELSEWHERE = "elsewhere"
    NO_POLICY = "no_policy"


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that the card and its JSON twin say of one order.

    `open` are sets of open questions of an order that is `unknown`, `changes` those of one that is `not_met`.
    """

    outcome: Outcome
    policy: Policy | None = None
    path: str | None = None
    indications: dict[str, str] = field(default_factory=dict)
    root: Judged | None = None
    awaits: list[str] = field(default_factory=list)
    needs: Formula | None = None
    open: list[list[str]] = field(default_factory=list)
    blocking: list[str] = field(default_factory=list)
    reason: str | None = None
    judged: dict[str, Judged] = field(default_factory=dict)
    met_for: tuple[str, ...] = ()
    changes: list[list[str]] = field(default_factory=list)

    @property
    def indication(self) -> str | None:
        """The ids of the live indications in one word; None where there are none."""
        return "+".join(self.indications) or None


def assess(
    policy: Policy,
    live: tuple[str, ...],
    ask: Ask,
    ask_for: AskFor | None = None,
) -> Assessment:
    """The assessment for the live indications, on the path that the record shows.

    `ask_for` gives the function that answers for one of several indications alone.
    """
    path = initial_or_renewal(policy, ask)
    asking = Asking(ask, ask_for or ask_alike(ask))
    root, met_for = _judge_root(policy, path, live, asking)
    judged = {node.criterion.id: node for node in nodes(root)}
    indications = {id_: str(_indication_truth(policy, id_, judged)) for id_ in live}
    left = residual(root)
    return Assessment(
        Outcome(root.truth),
        policy,
        path,
        indications,
        root,
        _awaits([judged[id_] for id_ in left.open[0]] if left.open else []),
        left.needs,
        left.open,
        left.blocking,
        judged=judged,
        met_for=met_for if root.truth is Truth.MET else (),
        changes=smallest_changes(root),
    )


class Asking(NamedTuple):
    """The functions that answer questions: for the order, and for one of its indications alone."""

    ask: Ask
    ask_for: AskFor


def _judge_root(
    policy: Policy, path: str, live: tuple[str, ...], asking: Asking
) -> tuple[Judged, tuple[str, ...]]:
    """The judged tree of the whole policy, and the indications for which it is met."""
    root, (ask, ask_for) = _root(policy, path, live), asking
    if len(live) == 1:
        return judge(root, ask), live
    if path != "unknown":
        return judge_several(root, _trees(policy, path, live), ask, ask_for)
    test, *branches = root.children
    both = [
        judge_several(branch, _trees(policy, branch.id, live), ask, ask_for) for branch in branches
    ]
    met_for = tuple(indication for indication in both[0][1] if indication in both[1][1])
    children = (judge(test, ask), *(judged for judged, _ in both))
    return joined(root, children), met_for


def _trees(policy: Policy, path: str, live: tuple[str, ...]) -> dict[str, Criterion]:
    """The criteria by indication; an indication without any is left out."""
    trees = {id_: getattr(policy.indications[id_], path) for id_ in live}
    return {id_: tree for id_, tree in trees.items() if tree is not None}


def _awaits(questions: list[Judged]) -> list[str]:
    """What would settle the open questions, each way once, the cheapest first."""
    return [
        str(way) for way in sorted({question.finding.way for question in questions}, key=WAYS.index)
    ]


@per_document
def _root(policy: Policy, path: str, live: tuple[str, ...]) -> Criterion:
    """The criteria of one path; if the path is unknown, both trees under the criterion of a renewal."""
    if path != "unknown":
        return criteria_of_path(policy, path, live)
    both = tuple(criteria_of_path(policy, each, live) for each in ("renewal", "initial"))
    return group(
        Op.CHOOSE,
        (renewal_criterion(policy), *both),
        id_="path",
        says="Renewal if this payer approved the drug before, otherwise initial",
        cite=earlier_approval(policy).cite,
    )


def criteria_of_path(policy: Policy, path: str, live: tuple[str, ...]) -> Criterion:
    """The criteria of one path for these indications, in the order of the policy's text."""
    common = policy.common(path)
    any_of = group(
        Op.ANY,
        tuple(_trees(policy, path, live).values()),
        id_=f"{path}.indication",
        says="The criteria of the indication",
        cite=policy.ids.get(f"{path}.indication", ""),
    )
    # The card keeps the order of the source: there the renewal list begins with the payer's approval,
    # the initial one with the indication.
    first = common[:1] if path == "renewal" else ()
    rest = common[len(first) :]
    if first and first[0].id == policy.approved_before:
        first = (renewal_criterion(policy),)
    return group(
        Op.ALL,
        (*first, any_of, *rest),
        id_=path,
        says=f"{path.capitalize()} criteria",
        cite=policy.ids.get(path, ""),
    )


def _indication_truth(policy: Policy, id_: str, judged: dict[str, Judged]) -> Truth:
    trees = (policy.indications[id_].initial, policy.indications[id_].renewal)
    truths = {judged[tree.id].truth for tree in trees if tree is not None and tree.id in judged}
    return truths.pop() if len(truths) == 1 else Truth.UNKNOWN
