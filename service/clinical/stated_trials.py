"""What the prescriber said of therapies before: that one was not enough, or that all are ruled out."""

from collections.abc import Iterator

from service.policy.assess import Assessment
from service.policy.judged import Judged, nodes
from service.policy.operators import Excluded, Outcome, Supply
from service.policy.truth import MET, NOT_MET


def stated_trials(assessment: Assessment) -> frozenset[str]:
    """The classes of which the policy's questions are answered so: no step asks for them again.

    What the pharmacy shows of them is for the reviewer; it may have been bought without a prescription.
    """
    return frozenset(
        name
        for tree in assessment.judged.values()
        for node in nodes(tree)
        for name in (_not_enough(node) if node.children else _ruled_out(node))
    )


def _ruled_out(node: Judged) -> Iterator[str]:
    """Of `every` class together; one of `any` may be any of them."""
    asked = node.criterion.operator
    if isinstance(asked, Excluded) and node.truth is MET:
        yield from asked.every


def _not_enough(node: Judged) -> Iterator[str]:
    """A trial whose outcome is stated, unless the record shows that there was no such supply."""
    met = [one.criterion.operator for one in node.children if one.finding.truth is MET]
    if any(isinstance(one, Outcome) for one in met):
        for one in node.children:
            asked = one.criterion.operator
            if isinstance(asked, Supply) and one.truth is not NOT_MET:
                yield from asked.of
