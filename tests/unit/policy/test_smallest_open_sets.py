"""What would change the answer: every open set suffices, none is larger than needed."""

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.trees import ALL, POSITIVE_TREES, QUESTIONS, finding, group, leaf

from service.policy.finding import Evidence, Finding, met, not_met, unknown
from service.policy.judge import judge
from service.policy.judged_criterion import Judged
from service.policy.model import Criterion, Op, leaves
from service.policy.open_questions import needs
from service.policy.operators import Operator, Statement
from service.policy.smallest_open_sets import MOST_SETS, open_sets, residual
from service.policy.truth import Reason, Truth, Way


def named(tree: Criterion) -> Criterion:
    """The tree with each leaf named after its question, so that equal questions share a name."""
    if tree.operator is not None:
        return leaf(tree.operator, QUESTIONS.index(tree.operator))
    return group(tree.op, tuple(named(child) for child in tree.children), tree.n)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(POSITIVE_TREES, st.lists(st.sampled_from(ALL), min_size=5, max_size=5))
def test_each_open_set_answered_well_makes_the_tree_met(
    drawn: Criterion, truths: list[Truth]
) -> None:
    """Answered well, an open set makes an unknown tree met; with one part left out it does not."""
    tree = named(drawn)
    known: dict[Operator, Truth] = dict(zip(QUESTIONS, truths, strict=True))
    judged = judge(tree, lambda operator: finding(known[operator]))
    assume(judged.truth is Truth.UNKNOWN)
    found = [[node.criterion.id for node in one] for one in open_sets(judged)]
    assert found
    for one in found:
        assert _with(tree, known, one) is Truth.MET
        for left_out in one:
            assert _with(tree, known, [id_ for id_ in one if id_ != left_out]) is not Truth.MET


def _with(tree: Criterion, known: dict[Operator, Truth], answered: list[str]) -> Truth:
    by_id = {one.id: one.operator for one in leaves(tree)}
    settled = known | {by_id[id_]: Truth.MET for id_ in answered}
    return judge(tree, lambda operator: finding(settled[operator])).truth


def test_cheapest_open_set_comes_first() -> None:
    """A statement is asked for before a test, a test before a reviewer."""
    ways: dict[Operator, Way] = dict(
        zip(QUESTIONS, (Way.REVIEW, Way.TEST, Way.ATTESTATION), strict=False)
    )
    tree = group(Op.ANY, tuple(leaf(question, n) for n, question in enumerate(ways)))

    def ask(operator: Operator) -> Finding:
        return unknown(Reason.NOT_FOUND, way=ways[operator])

    found = open_sets(judge(tree, ask))
    assert [[node.criterion.id for node in one] for one in found] == [
        ["leaf2"],
        ["leaf1"],
        ["leaf0"],
    ]


SUPPLY = Evidence("Claim/1", "2026-09-29", "30 days' supply", "claim")
STATEMENT = Evidence("QuestionnaireResponse/1", "2026-11-20", "yes", "attestation")
NOBODY_SAID = unknown(Reason.ATTESTATION, way=Way.ATTESTATION)


def _first(tree: Criterion, *found: Finding) -> list[str]:
    answers: dict[Operator, Finding] = dict(zip(QUESTIONS, found, strict=False))
    return [one.criterion.id for one in open_sets(judge(tree, answers.__getitem__))[0]]


ROUTES = group(
    Op.ANY,
    (leaf(QUESTIONS[0], 0), group(Op.ALL, (leaf(QUESTIONS[1], 1), leaf(QUESTIONS[2], 2)))),
)


@pytest.mark.parametrize(
    ("supply", "first"),
    [
        (unknown(Reason.REVIEW, SUPPLY, way=Way.REVIEW), ["leaf1", "leaf2"]),
        (unknown(Reason.WEAK_EVIDENCE, SUPPLY), ["leaf1", "leaf2"]),
        (met(SUPPLY), ["leaf2"]),
        (unknown(Reason.REVIEW, way=Way.REVIEW), ["leaf0"]),
        (unknown(Reason.REVIEW, STATEMENT, way=Way.REVIEW), ["leaf0"]),
        (unknown(Reason.NOT_FOUND, SUPPLY), ["leaf0"]),
    ],
    ids=str,
)
def test_route_that_the_record_nearly_proves_comes_first(supply: Finding, first: list[str]) -> None:
    """It lacks the outcome alone; a statement about everything else stands behind it."""
    assert _first(ROUTES, NOBODY_SAID, supply, NOBODY_SAID) == first


def test_route_with_a_missing_test_comes_after_a_statement() -> None:
    """What nothing in the record shows is more than a word away."""
    shown = unknown(Reason.REVIEW, SUPPLY, way=Way.REVIEW)
    nothing = unknown(Reason.NOT_FOUND, way=Way.TEST)
    assert _first(ROUTES, NOBODY_SAID, shown, nothing) == ["leaf0"]


OPEN = unknown(Reason.NOT_FOUND)
FAILS = not_met()


def _judged(tree: Criterion, *found: Finding) -> Judged:
    answers: dict[Operator, Finding] = dict(zip(QUESTIONS, found, strict=False))
    return judge(tree, answers.__getitem__)


def _leaves(*numbers: int) -> tuple[Criterion, ...]:
    return tuple(leaf(QUESTIONS[number], number) for number in numbers)


@pytest.mark.parametrize("known", [met(), FAILS])
def test_decided_tree_leaves_no_question(known: Finding) -> None:
    judged = _judged(leaf(QUESTIONS[0], 0), known)
    assert needs(judged) is None
    assert open_sets(judged) == []


def test_count_needs_as_many_as_are_still_missing() -> None:
    judged = _judged(group(Op.AT_LEAST, _leaves(0, 1, 2, 3), 3), met(), OPEN, OPEN, FAILS)
    assert needs(judged) == {"at_least": 2, "of": ["leaf1", "leaf2"]}
    assert [[one.criterion.id for one in some] for some in open_sets(judged)] == [
        ["leaf1", "leaf2"]
    ]


def test_choice_is_settled_by_its_test_or_by_its_test_and_a_branch() -> None:
    judged = _judged(group(Op.CHOOSE, _leaves(0, 1, 2)), OPEN, met(), FAILS)
    assert [[one.criterion.id for one in some] for some in open_sets(judged)] == [["leaf0"]]


def test_at_most_five_sets_are_named() -> None:
    judged = _judged(group(Op.AT_LEAST, _leaves(0, 1, 2, 3, 4), 2), *[OPEN] * 5)
    assert len(open_sets(judged)) == MOST_SETS


def test_set_that_holds_another_one_is_left_out() -> None:
    tree = group(Op.ANY, (leaf(QUESTIONS[0], 0), group(Op.ALL, _leaves(0, 1))))
    named_ = [[one.criterion.id for one in some] for some in open_sets(_judged(tree, OPEN, OPEN))]
    assert named_ == [["leaf0"]]


def test_question_with_evidence_comes_before_one_without() -> None:
    tree = group(Op.ANY, _leaves(0, 1))
    assert _first(tree, OPEN, unknown(Reason.NOT_FOUND, SUPPLY)) == ["leaf1"]


def test_evidence_below_a_group_speaks_for_it() -> None:
    tree = group(Op.ANY, (leaf(QUESTIONS[0], 0), group(Op.NOT, _leaves(1))))
    judged = _judged(tree, OPEN, unknown(Reason.NOT_FOUND, SUPPLY))
    assert [one.criterion.id for one in open_sets(judged)[0]] == ["not"]


def _marked(*usual: int) -> Criterion:
    """Two ways, those with these numbers marked as usual."""
    ways = [replace(one, usual=n in usual) for n, one in enumerate(_leaves(0, 1))]
    return group(Op.ANY, tuple(ways))


DUE = unknown(Reason.NOT_FOUND, way=Way.TEST)
STATED = unknown(Reason.ATTESTATION, way=Way.ATTESTATION)


@pytest.mark.parametrize(
    ("usual", "other", "first"),
    [
        (DUE, DUE, ["leaf1"]),
        (DUE, STATED, ["leaf1"]),
        (DUE, unknown(Reason.NOT_FOUND, SUPPLY, way=Way.ATTESTATION), ["leaf0"]),
        (
            unknown(Reason.NOT_FOUND, SUPPLY, way=Way.TEST),
            unknown(Reason.NOT_FOUND, SUPPLY, way=Way.ATTESTATION),
            ["leaf1"],
        ),
        (FAILS, STATED, ["leaf0"]),
        (DUE, unknown(Reason.REVIEW, SUPPLY, way=Way.REVIEW), ["leaf0"]),
    ],
    ids=[
        "usual",
        "usual before a statement",
        "the record speaks for the other alone",
        "the record speaks for both",
        "usual failed",
        "other nearly proven",
    ],
)
def test_usual_way_comes_first_unless_the_record_speaks_for_another(
    usual: Finding, other: Finding, first: list[str]
) -> None:
    assert _first(_marked(1), other, usual) == first


def test_residual_holds_all_that_is_left_of_a_tree() -> None:
    tree = group(Op.ALL, _leaves(0, 1))
    left = residual(_judged(tree, met(), OPEN))
    assert (left.needs, left.open, left.blocking) == ("leaf1", [["leaf1"]], [])
    failed = residual(_judged(tree, met(), FAILS))
    assert (failed.needs, failed.open, failed.blocking) == (None, [], ["leaf1"])


def test_residual_is_the_same_after_any_number_of_other_trees() -> None:
    tree = group(Op.ALL, _leaves(0, 1))
    before = residual(_judged(tree, met(), OPEN))
    assert residual(_judged(tree, met(), OPEN)) == before
    for _ in range(3000):
        residual(_judged(leaf(QUESTIONS[0], 0), OPEN))
    assert residual(_judged(tree, met(), OPEN)) == before


def test_cheapest_of_many_sets_is_found_wherever_its_questions_stand() -> None:
    """Twenty sets of three: the three statements among six open questions come first."""
    asked_ = [Statement(ids=(str(number),)) for number in range(6)]
    ways = dict(zip(asked_, [Way.TEST, Way.ATTESTATION] * 3, strict=True))
    tree = group(Op.AT_LEAST, tuple(leaf(one, n) for n, one in enumerate(asked_)), 3)

    def ask(operator: Operator) -> Finding:
        return unknown(Reason.NOT_FOUND, way=next(w for one, w in ways.items() if one == operator))

    first = open_sets(judge(tree, ask))[0]
    assert [one.criterion.id for one in first] == ["leaf1", "leaf3", "leaf5"]
