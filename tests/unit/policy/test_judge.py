"""An outcome is unknown only if two completions of the unknowns really differ."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.trees import ALL, KNOWN, QUESTIONS, TREES, finding, group, leaf

from service.policy.criterion import Criterion, Op
from service.policy.judge import judge
from service.policy.operators import Operator
from service.policy.truth import Truth, at_least, choose, negate


def two_valued(criterion: Criterion, given_: dict[Operator, bool]) -> bool:
    """The same tree in plain two-valued logic, written down once more."""
    if criterion.operator is not None:
        return given_[criterion.operator]
    values = [two_valued(child, given_) for child in criterion.children]
    match criterion.op:
        case Op.ALL:
            return all(values)
        case Op.ANY | Op.ONE_CLASS:
            return any(values)
        case Op.NOT:
            return not values[0]
        case Op.CHOOSE:
            return values[1] if values[0] else values[2]
        case _:
            return sum(values) >= (criterion.n or 0)


@settings(max_examples=400, deadline=None)
@given(TREES, st.lists(st.sampled_from(ALL), min_size=5, max_size=5))
def test_unknown_only_if_completions_differ(tree: Criterion, truths: list[Truth]) -> None:
    """All completions of the unknowns give the truth that the tree is judged to have."""
    known = dict(zip(QUESTIONS, truths, strict=True))
    open_ = [question for question, truth in known.items() if truth is Truth.UNKNOWN]
    outcomes = set()
    for values in product((True, False), repeat=len(open_)):
        completed = {q: t is Truth.MET for q, t in known.items()} | dict(
            zip(open_, values, strict=True)
        )
        outcomes.add(two_valued(tree, completed))
    expected = Truth.UNKNOWN if len(outcomes) > 1 else KNOWN[0] if True in outcomes else KNOWN[1]
    assert judge(tree, lambda operator: finding(known[operator])).truth is expected


@pytest.mark.parametrize(("test", "yes", "no"), list(product(ALL, repeat=3)))
def test_choose_cell_by_cell(test: Truth, yes: Truth, no: Truth) -> None:
    """The whole truth table of choose, against its definition."""
    branches = {Truth.MET: {yes}, Truth.NOT_MET: {no}}.get(test, {yes, no})
    expected = branches.pop() if len(branches) == 1 else Truth.UNKNOWN
    assert choose(test, yes, no) is expected


@pytest.mark.parametrize("truths", list(product(ALL, repeat=3)))
@pytest.mark.parametrize("n", [1, 2, 3])
def test_at_least_cell_by_cell(n: int, truths: tuple[Truth, ...]) -> None:
    """The whole truth table of n out of three, by counting completions."""
    options = [KNOWN if truth is Truth.UNKNOWN else (truth,) for truth in truths]
    outcomes = {sum(t is Truth.MET for t in one) >= n for one in product(*options)}
    expected = Truth.UNKNOWN if len(outcomes) > 1 else KNOWN[0] if True in outcomes else KNOWN[1]
    assert at_least(n, truths) is expected


def test_negation_keeps_unknown() -> None:
    """Not unknown is unknown."""
    assert [negate(truth) for truth in ALL] == [Truth.NOT_MET, Truth.MET, Truth.UNKNOWN]


def test_one_question_is_one_unknown() -> None:
    """Either it is so or it is not: asked twice, an unknown cancels out."""
    asked = leaf(QUESTIONS[0], 1)
    tree = group(Op.ANY, (asked, group(Op.NOT, (leaf(QUESTIONS[0], 2),))))
    assert judge(tree, lambda _: finding(Truth.UNKNOWN)).truth is Truth.MET
