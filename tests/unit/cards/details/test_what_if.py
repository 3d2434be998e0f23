"""What the truth of a tree would be if some questions were met, and whether they are one choice."""

import pytest

from service.cards.details.what_if import is_choice, truth_with
from service.policy.finding import Finding, met, not_met, unknown
from service.policy.judge import judge
from service.policy.judged_criterion import Judged
from service.policy.model import Criterion, Op
from service.policy.operators import Exposed, Operator
from service.policy.truth import Reason, Truth

FAILS, OPEN, HOLDS = not_met(), unknown(Reason.NOT_FOUND), met()


def leaf(id_: str) -> Criterion:
    return Criterion(id_, id_, "1", Op.LEAF, operator=Exposed(of=(id_,)))


def group(op: Op, *ids: str, id_: str = "g", n: int | None = None) -> Criterion:
    return Criterion(id_, id_, "1", op, tuple(map(leaf, ids)), n=n)


def judged(criterion: Criterion, **findings: Finding) -> Judged:
    def ask(operator: Operator) -> Finding:
        assert isinstance(operator, Exposed)
        return findings[operator.of[0]]

    return judge(criterion, ask)


@pytest.mark.parametrize(
    ("criterion", "findings", "truth"),
    [
        (group(Op.ALL, "a", "b"), {"a": FAILS, "b": HOLDS}, Truth.MET),
        (group(Op.ALL, "a", "b"), {"a": FAILS, "b": OPEN}, Truth.UNKNOWN),
        (group(Op.ALL, "a", "b"), {"a": FAILS, "b": FAILS}, Truth.NOT_MET),
        (group(Op.ANY, "a", "b"), {"a": FAILS, "b": FAILS}, Truth.MET),
        (group(Op.AT_LEAST, "a", "b", "c", n=2), {"a": FAILS, "b": FAILS, "c": HOLDS}, Truth.MET),
        (
            group(Op.AT_LEAST, "a", "b", "c", n=2),
            {"a": FAILS, "b": FAILS, "c": FAILS},
            Truth.NOT_MET,
        ),
        (group(Op.CHOOSE, "t", "a", "b"), {"t": HOLDS, "a": FAILS, "b": HOLDS}, Truth.MET),
        (group(Op.CHOOSE, "t", "b", "a"), {"t": HOLDS, "a": FAILS, "b": FAILS}, Truth.NOT_MET),
    ],
)
def test_a_question_that_were_met_changes_what_rests_on_it(
    criterion: Criterion, findings: dict[str, Finding], truth: Truth
) -> None:
    assert truth_with(judged(criterion, **findings), {"a"}) is truth


def test_an_exclusion_is_one_question() -> None:
    excluded = judged(group(Op.NOT, "a", id_="n"), a=HOLDS)
    assert excluded.truth is Truth.NOT_MET
    assert truth_with(excluded, {"n"}) is Truth.MET
    assert truth_with(excluded, set()) is Truth.NOT_MET


def test_ways_of_one_choice_are_a_choice_and_what_is_needed_together_is_none() -> None:
    choice = group(Op.ANY, "a", "b", id_="c")
    whole = Criterion("w", "w", "1", Op.ALL, (choice, leaf("d")))
    tree = judged(whole, a=FAILS, b=FAILS, d=FAILS)
    assert is_choice(tree, ["a", "b"])
    assert not is_choice(tree, ["a"])
    assert not is_choice(tree, ["a", "d"])
    both = Criterion("w", "w", "1", Op.ANY, (group(Op.ALL, "a", "b", id_="c"), leaf("d")))
    assert not is_choice(judged(both, a=FAILS, b=FAILS, d=FAILS), ["a", "b", "d"])
