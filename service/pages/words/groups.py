"""Words for what stands around the questions: every way of nesting, every role of a statement."""

from collections.abc import Mapping

from service.policy.criterion import Op

NESTING: Mapping[Op, str] = {
    Op.ALL: "ALL of these",
    Op.ANY: "ANY of these (one is enough)",
    Op.NOT: "NOT this",
    Op.AT_LEAST: "AT LEAST {n} of these",
    Op.CHOOSE: "ONE BRANCH: the test picks which",
    Op.ONE_CLASS: "ONE AND THE SAME CLASS of these",
}
BRANCHES = ("Test", "If the test is met", "If the test is not met")

STATEMENTS: Mapping[str, str] = {
    "decides": "A yes or no of the prescriber settles it where the record leaves it open;"
    " against the record it is a conflict for the reviewer.",
    "decides_before": "A yes of the prescriber settles it where the record leaves it open, and so does a no"
    " of a patient who never had the drug; after that a no may be about today and settles nothing.",
    "overrides": "A yes of the prescriber settles it, also against the record;"
    " a no settles it where the record leaves it open.",
    "outcome": "The prescriber states whether the trials below failed; this never replaces their supply.",
    "part": "A yes or no of the prescriber settles the parts below that ask for one;"
    " the record must show the rest.",
}


def nesting(op: Op, n: int | None) -> str:
    """How a group depends on what stands below it."""
    return NESTING.get(op, str(op)).format(n=n)
