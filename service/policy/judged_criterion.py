"""A judged criterion: the tree that cards and twins show, and which of its routes is nearly proven."""

from collections.abc import Iterable
from typing import NamedTuple

from service.policy.finding import Finding
from service.policy.model import WHOLES, Criterion, Op
from service.policy.truth import REASONS, Reason, Truth

_MARKS = {(a, b): f"{a:d}{b:d}" for a in (False, True) for b in (0, 1, 2)}


class Judged(NamedTuple):
    """A criterion with its finding; `bound` is `one_class` judged for each of its classes."""

    criterion: Criterion
    finding: Finding
    children: tuple["Judged", ...] = ()
    stated: bool = False
    notices: tuple[str, ...] = ()
    bound: tuple["Judged", ...] = ()

    @property
    def truth(self) -> Truth:
        """The truth of the criterion."""
        return self.finding.truth

    @property
    def parts(self) -> tuple["Judged", ...]:
        """The judged parts that its truth depends on; its children are those that are shown."""
        return self.bound or self.children

    def settled(self, finding: Finding) -> "Judged":
        """The same criterion with the finding after statements were taken into account."""
        # speed: written out it takes 1.3 µs, by `_replace` 2.8
        criterion, _, children, _, notices, bound = self
        return Judged(criterion, finding, children, True, notices, bound)  # noqa: FBT003


def nodes(judged: Judged) -> list[Judged]:
    """A judged tree as a list, in reading order."""
    listed: list[Judged] = []
    waiting = [judged]
    while waiting:
        node = waiting.pop()
        listed.append(node)
        if node.children:
            waiting.extend(reversed(node.children))
    return listed


def pattern(judged: Judged) -> str:
    """A key of all that the remaining questions depend on: truths, ways, evidence; no patient data."""
    finding = judged.finding
    evidence = (2 if finding.is_recorded else 1) if finding.evidence else 0
    mark = _MARKS[judged.stated, evidence]
    own = f"{finding.truth}{mark}"
    if finding.truth is Truth.UNKNOWN:
        support = "s" if finding.leans else "a" if finding.reason is Reason.ATTESTATION else ""
        own += f"{finding.way}{support}"
    return own + "".join(map(pattern, judged.children)) if judged.children else own


def nearest(judged: Iterable[Judged]) -> Judged:
    """The first that is met, else the nearest open one, else the nearest failed one."""
    return min(judged, key=_distance)


def _distance(judged: Judged) -> tuple[int, ...]:
    """A sort key, smallest nearest to met: its truth, then how many nodes fail, are met, have evidence."""
    below = nodes(judged)
    truths = [node.truth for node in below]
    spoken = sum(bool(node.finding.evidence) for node in below)
    reason = REASONS.index(judged.finding.reason or Reason.NOT_FOUND)
    order = (Truth.MET, Truth.UNKNOWN, Truth.NOT_MET).index(judged.truth)
    return order, truths.count(Truth.NOT_MET), -truths.count(Truth.MET), -spoken, reason


def nearly_proven(judged: Judged) -> bool:
    """Whether an open route lacks only a confirmation or the prescriber's statement."""
    if judged.truth is not Truth.UNKNOWN:
        return False
    if judged.finding.leans:
        # A failed criterion that is left to the reviewer does not count.
        return getattr(judged.criterion.operator, "otherwise", None) is None
    if judged.criterion.op is Op.ANY:
        return any(map(nearly_proven, judged.children))
    if judged.criterion.op not in WHOLES:
        return False
    return any(map(_shown, judged.children)) and all(
        child.truth is Truth.MET
        or nearly_proven(child)
        or child.finding.reason is Reason.ATTESTATION
        for child in judged.children
    )


def _shown(judged: Judged) -> bool:
    if judged.truth is Truth.MET:
        return bool(judged.finding.evidence) or any(map(_shown, judged.children))
    return nearly_proven(judged)
