"""From a policy and a way to ask facts to an assessment: path, tree, outcome, what is open."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from service.policy.criterion import Criterion, Op, group
from service.policy.judge import Ask, Judged, judge
from service.policy.model import Policy
from service.policy.open import Formula, blocking, needs, open_sets
from service.policy.operators import Exposed, one_of
from service.policy.truth import WAYS, Truth


class Outcome(StrEnum):
    """What the assessment says; never approved or denied: the payer decides."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    NOT_ADDRESSED = "not_addressed"
    ELSEWHERE = "elsewhere"
    NO_POLICY = "no_policy"


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that the card and its JSON twin say of one order."""

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


def assess(policy: Policy, live: tuple[str, ...], ask: Ask) -> Assessment:
    """The policy judged for the live indications on the path that the record shows."""
    path = _path(policy, ask)
    root = judge(_root(policy, path, live), ask)
    judged = {node.criterion.id: node for node in nodes(root)}
    indications = {id_: str(_indication_truth(policy, id_, judged)) for id_ in live}
    found = open_sets(root)
    awaits = sorted({node.finding.way for node in found[0]}, key=WAYS.index) if found else []
    return Assessment(
        Outcome(root.truth),
        policy,
        path,
        indications,
        root,
        [str(way) for way in awaits],
        needs(root),
        [[node.criterion.id for node in one] for one in found],
        blocking(root),
    )


def _path(policy: Policy, ask: Ask) -> str:
    """Renewal only when this payer approved before; unknown when only that is not knowable."""
    approved = judge(_approval(policy), ask).truth
    if approved is Truth.MET:
        return "renewal"
    exposed = ask(one_of(Exposed(of=(policy.drug,)))).truth
    if approved is Truth.NOT_MET or exposed is Truth.NOT_MET:
        return "initial"
    return "unknown"


def _approval(policy: Policy) -> Criterion:
    return next(one for one in policy.common_renewal if one.id == policy.approved_before)


@lru_cache(maxsize=256)
def _root(policy: Policy, path: str, live: tuple[str, ...]) -> Criterion:
    """The criteria of one path; with the path unknown, both trees under the question of approval."""
    if path != "unknown":
        return _phase(policy, path, live)
    both = tuple(_phase(policy, phase, live) for phase in ("renewal", "initial"))
    return group(
        Op.CHOOSE,
        (_approval(policy), *both),
        id_="path",
        says="Renewal if this payer approved the drug before, otherwise initial",
        cite=_approval(policy).cite,
    )


def _phase(policy: Policy, phase: str, live: tuple[str, ...]) -> Criterion:
    common = policy.common_initial if phase == "initial" else policy.common_renewal
    trees = [getattr(policy.indications[id_], phase) for id_ in live]
    any_of = group(
        Op.ANY,
        tuple(tree for tree in trees if tree is not None),
        id_=f"{phase}.indication",
        says="The criteria of the indication",
        cite=policy.ids.get(f"{phase}.indication", ""),
    )
    # The renewal list of the source opens with the approval by the payer, the initial one with
    # the indication: the order of the source is the order on the card.
    first = common[:1] if phase == "renewal" else ()
    rest = common[len(first) :]
    return group(
        Op.ALL,
        (*first, any_of, *rest),
        id_=phase,
        says=f"{phase.capitalize()} criteria",
        cite=policy.ids.get(phase, ""),
    )


def nodes(judged: Judged) -> list[Judged]:
    """A judged tree as a list, in reading order."""
    found: list[Judged] = []
    waiting = [judged]
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting.extend(reversed(node.children))
    return found


def _indication_truth(policy: Policy, id_: str, judged: dict[str, Judged]) -> Truth:
    trees = (policy.indications[id_].initial, policy.indications[id_].renewal)
    truths = {judged[tree.id].truth for tree in trees if tree is not None and tree.id in judged}
    return truths.pop() if len(truths) == 1 else Truth.UNKNOWN
