"""What would turn an order that is not met: every set suffices, and none is smaller."""

from itertools import combinations, product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.boundary import answered
from support.every_change import fewest, turns
from support.trees import ALL, POSITIVE, POSITIVE_TREES, QUESTIONS, finding, group, groups, leaf

from service.policy.finding import Finding, not_met, unknown
from service.policy.judge import judge
from service.policy.model import Criterion, Op
from service.policy.operators import Operator
from service.policy.smallest_changes import smallest_changes
from service.policy.smallest_open_sets import MOST_SETS
from service.policy.truth import Reason, Truth, Way

A, B, C, D, E = QUESTIONS
NO_OTHER = "common.renewal.no_concurrent_immunomodulator"
BY_WEIGHT = "eoe.initial.age_weight"
OF_TESTS = st.builds(leaf, st.sampled_from((D, E)), st.just(0))
OF_BRANCHES = st.recursive(
    st.builds(leaf, st.sampled_from((A, B, C)), st.just(0)),
    lambda inner: groups(inner, POSITIVE),
    max_leaves=8,
)
# As in the policies: what the test of a choice asks is asked in no branch.
CHOICES = st.tuples(OF_TESTS, OF_BRANCHES, OF_BRANCHES).map(lambda parts: group(Op.CHOOSE, parts))
TREES = POSITIVE_TREES | CHOICES
Known = dict[Operator, Truth]


def named(tree: Criterion) -> Criterion:
    """The tree with each leaf named after its question."""
    if tree.operator is not None:
        return leaf(tree.operator, QUESTIONS.index(tree.operator))
    return group(tree.op, tuple(named(child) for child in tree.children), tree.n)


def truth_of(tree: Criterion, known: Known) -> Truth:
    """The truth of a tree whose questions are answered so."""
    return judge(tree, lambda operator: finding(known[operator])).truth


def can_turn(tree: Criterion, known: Known, changed: tuple[Operator, ...]) -> bool:
    """Whether some other answers to exactly these questions make the tree met."""
    answers = product(*([truth for truth in ALL if truth is not known[each]] for each in changed))
    return any(
        truth_of(tree, known | dict(zip(changed, each, strict=True))) is Truth.MET
        for each in answers
    )


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(TREES, st.lists(st.sampled_from(ALL), min_size=5, max_size=5))
def test_the_sets_are_all_those_with_the_fewest_questions(
    drawn: Criterion, truths: list[Truth]
) -> None:
    """Compared with every set of questions, each answered in every other way."""
    tree = named(drawn)
    known: Known = dict(zip(QUESTIONS, truths, strict=True))
    judged = judge(tree, lambda operator: finding(known[operator]))
    assume(judged.truth is Truth.NOT_MET)
    by_size = (
        {each for each in combinations(QUESTIONS, size) if can_turn(tree, known, each)}
        for size in range(1, len(QUESTIONS) + 1)
    )
    fewest = next((found for found in by_size if found), set())
    ids = {frozenset(f"leaf{QUESTIONS.index(op)}" for op in some) for some in fewest}
    sets = {frozenset(some) for some in smallest_changes(judged)}
    assert sets <= ids
    assert len(sets) == min(len(ids), MOST_SETS)


def test_nothing_turns_what_is_met_or_open() -> None:
    """The sets are for an order that is not met; an open one has its own."""
    tree = group(Op.ALL, (leaf(A, 0), leaf(B, 1)))
    assert smallest_changes(judge(tree, lambda _: finding(Truth.MET))) == []
    assert smallest_changes(judge(tree, lambda _: finding(Truth.UNKNOWN))) == []


def test_open_questions_belong_to_a_set_beside_what_failed() -> None:
    """An order that fails one criterion and leaves another open needs both."""
    tree = group(Op.ALL, (leaf(A, 0), leaf(B, 1), leaf(C, 2)))
    known: Known = {A: Truth.NOT_MET, B: Truth.UNKNOWN, C: Truth.MET}
    assert smallest_changes(judge(tree, lambda op: finding(known[op]))) == [["leaf0", "leaf1"]]


def test_what_is_open_is_cheaper_than_what_failed() -> None:
    """Of sets of one size the one in which the fewest facts must change comes first."""
    tree = group(Op.ALL, (leaf(A, 0), group(Op.ANY, (leaf(B, 1), leaf(C, 2)))))
    ways: dict[Operator, Way] = {B: Way.REVIEW, C: Way.ATTESTATION}
    failing = group(Op.ALL, (tree, group(Op.ANY, (leaf(D, 3), leaf(E, 4)))))

    def ask(operator: Operator) -> Finding:
        way = ways.get(operator)
        return unknown(Reason.REVIEW, way=way) if way else not_met()

    sets = smallest_changes(judge(failing, ask))
    assert sets[0] == ["leaf0", "leaf2", "leaf3"]
    assert len(sets) == 4


def test_of_several_classes_the_nearest_one_turns_it() -> None:
    """Each class must meet all of its tests; one more that is met brings its class nearer."""
    creams = group(Op.ALL, (leaf(A, 0), leaf(B, 1)))
    tablets = group(Op.ALL, (leaf(C, 2), leaf(D, 3)))
    known: Known = {A: Truth.NOT_MET, B: Truth.NOT_MET, C: Truth.MET, D: Truth.NOT_MET}
    judged = judge(group(Op.ONE_CLASS, (creams, tablets)), lambda op: finding(known[op]))
    assert smallest_changes(judged) == [["leaf3"]]


def test_exclusion_is_named_as_a_whole() -> None:
    tree = group(Op.ALL, (group(Op.NOT, (leaf(A, 0),)), leaf(B, 1)))
    assert smallest_changes(judge(tree, lambda _: finding(Truth.MET))) == [["not"]]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("disease", "path", "ids"),
    [
        ("ad", "renewal", ["ad.renewal.maintenance", f"{NO_OTHER}.systemic"]),
        ("crswnp", "renewal", ["crswnp.renewal.maintenance"]),
        ("eoe", "initial", [f"{BY_WEIGHT}.age", f"{BY_WEIGHT}.weight.of_child"]),
        ("pn", "initial", ["pn.initial.age", "pn.initial.findings.nodules20"]),
    ],
)
def test_the_sets_of_generated_patients_turn_the_order_and_none_is_smaller(
    disease: str, path: str, ids: list[str]
) -> None:
    """Each set is answered to the engine; of smaller ones every single one is tried."""
    failed = 0
    for _, advice in answered(disease, path, ids):
        [rendered] = advice.orders
        assessment = rendered.judgement.assessment
        assert all(turns(rendered, some) for some in assessment.open or assessment.changes)
        if assessment.root is not None and assessment.changes:
            assert fewest(assessment.root) == len(assessment.changes[0])
            failed += 1
    assert failed


def test_a_set_that_lacks_a_question_turns_nothing() -> None:
    _, advice = next(answered("ad", "initial", ["ad.initial.severity.bsa10"]))
    [rendered] = advice.orders
    some = rendered.judgement.assessment.open[0]
    assert turns(rendered, some)
    assert not turns(rendered, some[1:])
