"""What would change the answer: every open set suffices, none is larger than needed."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.trees import ALL, POSITIVE_TREES, QUESTIONS, finding, group, leaf

from service.policy.criterion import Criterion, Op, leaves
from service.policy.finding import Evidence, Finding, met, unknown
from service.policy.judge import judge
from service.policy.open import blocking, needs, open_sets
from service.policy.operators import Operator
from service.policy.truth import Reason, Truth, Way


def named(tree: Criterion) -> Criterion:
    """The tree with each leaf named after its question, so that equal questions share a name."""
    if tree.operator is not None:
        return leaf(tree.operator, QUESTIONS.index(tree.operator))
    return group(tree.op, tuple(named(child) for child in tree.children), tree.n)


@settings(max_examples=300, deadline=None)
@given(POSITIVE_TREES, st.lists(st.sampled_from(ALL), min_size=5, max_size=5))
def test_each_open_set_suffices(drawn: Criterion, truths: list[Truth]) -> None:
    """Answered well, an open set makes an unknown tree met; with one part left out it does not."""
    tree = named(drawn)
    known = dict(zip(QUESTIONS, truths, strict=True))
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


def test_the_cheapest_set_comes_first() -> None:
    """A statement is asked for before a test, a test before a reviewer."""
    ways = dict(zip(QUESTIONS, (Way.REVIEW, Way.TEST, Way.ATTESTATION), strict=False))
    tree = group(Op.ANY, tuple(leaf(question, n) for n, question in enumerate(ways)))

    def ask(operator: Operator) -> Finding:
        return unknown(Reason.NOT_FOUND, way=ways[operator])

    found = open_sets(judge(tree, ask))
    assert [[node.criterion.id for node in one] for one in found] == [
        ["leaf2"],
        ["leaf1"],
        ["leaf0"],
    ]


def test_needs_leaves_known_parts_out() -> None:
    """The residual formula holds the unknown leaves only."""
    known = {QUESTIONS[0]: met()}
    inner = group(Op.ANY, (leaf(QUESTIONS[1], 1), leaf(QUESTIONS[2], 2)))
    tree = group(Op.ALL, (leaf(QUESTIONS[0], 0), inner, leaf(QUESTIONS[3], 3)))
    judged = judge(tree, lambda op: known.get(op) or unknown(Reason.NOT_FOUND))
    assert needs(judged) == {"all": [{"any": ["leaf1", "leaf2"]}, "leaf3"]}


def test_what_blocks_is_named_in_order() -> None:
    """Of a failing tree only the failing leaves that matter are named."""
    truths = dict(zip(QUESTIONS, (Truth.MET, Truth.NOT_MET, Truth.NOT_MET), strict=False))
    inner = group(Op.ANY, (leaf(QUESTIONS[1], 1), leaf(QUESTIONS[2], 2)))
    tree = group(Op.ALL, (leaf(QUESTIONS[0], 0), inner))
    assert blocking(judge(tree, lambda op: finding(truths[op]))) == ["leaf1", "leaf2"]


SUPPLY = Evidence("Claim/1", "2026-09-29", "30 days' supply", "claim")
STATEMENT = Evidence("QuestionnaireResponse/1", "2026-11-20", "yes", "attestation")
NOBODY_SAID = unknown(Reason.ATTESTATION, way=Way.ATTESTATION)


def _first(tree: Criterion, *found: Finding) -> list[str]:
    answers = dict(zip(QUESTIONS, found, strict=False))
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
def test_a_route_that_the_record_nearly_proves_comes_first(
    supply: Finding, first: list[str]
) -> None:
    """It lacks the outcome alone; a statement about everything else stands behind it."""
    assert _first(ROUTES, NOBODY_SAID, supply, NOBODY_SAID) == first


def test_a_route_with_a_test_missing_is_not_nearly_proven() -> None:
    """What nothing in the record shows is more than a word away."""
    shown = unknown(Reason.REVIEW, SUPPLY, way=Way.REVIEW)
    nothing = unknown(Reason.NOT_FOUND, way=Way.TEST)
    assert _first(ROUTES, NOBODY_SAID, shown, nothing) == ["leaf0"]
