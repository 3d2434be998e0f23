"""What one leaf can come to: derived from what it asks and from what may be stated about it."""

from support.cells.rules import MET, NOT_MET, RULES, Cells, Known

from service.policy.model import Criterion
from service.policy.truth import REASONS

CELLS = (MET, NOT_MET, *map(str, REASONS))
# Why a leaf never comes to a cell, where nothing of the leaf says more.
NEVER = {
    MET: "found or not, the answer is the reviewer's or the prescriber's",
    NOT_MET: "finding nothing never means that there is none here",
    "attestation": "the record can answer it",
    "review": "nothing here is left to the reviewer, and no code of its value sets is a question",
    "weak_evidence": "any evidence that it finds decides",
    "imprecise": "no day and no amount is read that could be partial",
    "unit": "no amount is read",
    "unmapped": "no drug and no substance is read",
    "conflict": "it comes from one thing alone, and no statement can be against it",
    "stale": "no window is asked for",
    "incomplete": "no list is searched",
    "not_supplied": "no list is searched",
    "not_held": "the first source that is searched never proves that there is none",
    "not_found": "the first source that is searched is complete where it is held",
}


def possible(criterion: Criterion, known: Known) -> Cells:
    """The cells that a leaf can come to, by the record or by a statement about it."""
    asked = criterion.operator
    if asked is None:
        return set()
    cells = RULES[type(asked)](asked, known)
    if getattr(asked, "open_set", False) and NOT_MET in cells:
        cells = cells - {NOT_MET} | {"review"}
    if criterion.statement in ("decides", "decides_before", "overrides"):
        against = {MET} if criterion.statement == "overrides" else {MET, NOT_MET}
        # A statement is against the record only where the record decides, and settles what it leaves.
        settles = {MET, NOT_MET} if cells - {MET} else set()
        cells = cells | settles | ({"conflict"} if cells & against else set())
    return cells
