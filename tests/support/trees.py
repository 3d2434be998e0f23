"""Random trees of criteria over a few questions, so that some questions stand more than once."""

from hypothesis import strategies as st

from service.policy.finding import Finding, met, not_met, unknown
from service.policy.model import Criterion, Op, repeated
from service.policy.operators import Operator, Statement
from service.policy.truth import Reason, Truth, Way

ALL = list(Truth)
KNOWN = (Truth.MET, Truth.NOT_MET)
QUESTIONS = tuple(Statement(ids=(name,)) for name in "abcde")


def leaf(question: Operator, number: int) -> Criterion:
    """A leaf that asks one question."""
    return Criterion(f"leaf{number}", "", "", Op.LEAF, operator=question)


def group(op: Op, children: tuple[Criterion, ...], n: int | None = None) -> Criterion:
    """A group with its repeated questions counted, as the library builds it."""
    return Criterion(str(op), "", "", op, children, n=n, repeated=repeated(children))


@st.composite
def groups(draw: st.DrawFn, inner: st.SearchStrategy[Criterion], ops: tuple[Op, ...]) -> Criterion:
    """A group of one of these kinds over inner trees."""
    op = draw(st.sampled_from(ops))
    size = {Op.NOT: 1, Op.CHOOSE: 3}.get(op) or draw(st.integers(1, 4))
    children = tuple(draw(inner) for _ in range(size))
    if op is Op.ONE_CLASS:  # each class is a whole of tests
        children = tuple(group(Op.ALL, (child, draw(inner))) for child in children)
    n = draw(st.integers(1, size)) if op is Op.AT_LEAST else None
    return group(op, children, n)


LEAVES = st.builds(leaf, st.sampled_from(QUESTIONS), st.integers(0, 99))
POSITIVE = (Op.ALL, Op.ANY, Op.AT_LEAST)
TREES = st.recursive(LEAVES, lambda inner: groups(inner, tuple(Op)[1:]), max_leaves=12)
POSITIVE_TREES = st.recursive(LEAVES, lambda inner: groups(inner, POSITIVE), max_leaves=12)


def finding(truth: Truth) -> Finding:
    """A finding of that truth."""
    return {Truth.MET: met(), Truth.NOT_MET: not_met()}.get(truth) or unknown(
        Reason.ATTESTATION, way=Way.ATTESTATION
    )
