"""A judged tree: its nodes in order, and which of several classes is nearest."""

import pytest
from support.trees import QUESTIONS, group, leaf

from service.policy.amount import Span
from service.policy.finding import Evidence, Finding, met, not_met, remark, unknown
from service.policy.judge import judge
from service.policy.judged_criterion import Judged, nearest, nearly_proven, nodes, pattern
from service.policy.model import Criterion, Op
from service.policy.operators import Operator, Supply
from service.policy.truth import Reason, Truth, Way

CLAIM = Evidence("Claim/1", "2026-09-29", "30 days' supply", "claim")
PLAIN = Judged(leaf(QUESTIONS[0], 0), met())


def judged(number: int, finding: Finding, *children: Judged) -> Judged:
    return Judged(leaf(QUESTIONS[number], number), finding, children)


def whole(*findings: Finding) -> Judged:
    """An `all` of several leaves, judged."""
    answers: dict[Operator, Finding] = dict(zip(QUESTIONS, findings, strict=False))
    children = tuple(leaf(QUESTIONS[n], n) for n in range(len(findings)))
    return judge(group(Op.ALL, children), answers.__getitem__)


def test_nodes_are_listed_in_reading_order() -> None:
    tree = judged(0, met(), judged(1, met(), judged(2, met())), judged(3, met()))
    assert [one.criterion.id for one in nodes(tree)] == ["leaf0", "leaf1", "leaf2", "leaf3"]


def test_truth_is_that_of_the_finding() -> None:
    assert judged(0, not_met()).truth is Truth.NOT_MET


def test_parts_are_the_classes_where_one_class_is_shown_for_all() -> None:
    first, second = judged(1, met()), judged(2, not_met())
    shown = Judged(leaf(QUESTIONS[0], 0), met(), (first,))
    assert shown.parts == (first,)
    assert shown._replace(bound=(first, second)).parts == (first, second)


def test_settled_node_is_stated_and_keeps_the_rest() -> None:
    before = Judged(leaf(QUESTIONS[0], 0), not_met(), (PLAIN,), notices=("n",), bound=(PLAIN,))
    after = before.settled(met(CLAIM))
    assert after == before._replace(finding=met(CLAIM), stated=True)


def test_met_class_is_nearest() -> None:
    classes = [whole(unknown(Reason.REVIEW)), whole(met()), whole(not_met())]
    assert nearest(classes) is classes[1]


def test_open_class_is_nearer_than_a_failed_one() -> None:
    classes = [whole(not_met()), whole(unknown(Reason.NOT_FOUND))]
    assert nearest(classes) is classes[1]


def test_class_with_more_met_tests_is_nearer() -> None:
    open_ = unknown(Reason.NOT_FOUND)
    classes = [whole(open_, open_), whole(met(), open_)]
    assert nearest(classes) is classes[1]


def test_class_with_fewer_failed_tests_is_nearer() -> None:
    classes = [whole(not_met(), not_met(), met()), whole(not_met(), unknown(Reason.REVIEW))]
    assert nearest(classes) is classes[1]


def test_class_of_which_the_record_speaks_is_nearer() -> None:
    classes = [whole(unknown(Reason.STALE)), whole(unknown(Reason.STALE, CLAIM))]
    assert nearest(classes) is classes[1]


def test_class_with_the_reason_nearer_to_an_answer_is_nearer() -> None:
    classes = [whole(unknown(Reason.NOT_FOUND)), whole(unknown(Reason.REVIEW))]
    assert nearest(classes) is classes[1]


def test_first_of_equal_classes_is_nearest() -> None:
    classes = [whole(not_met()), whole(not_met())]
    assert nearest(classes) is classes[0]


@pytest.mark.parametrize(
    "other",
    [
        PLAIN._replace(stated=True),
        PLAIN._replace(finding=met(CLAIM)),
        PLAIN._replace(finding=not_met()),
        PLAIN._replace(children=(PLAIN,)),
    ],
    ids=["stated", "with evidence", "another truth", "with a child"],
)
def test_pattern_tells_apart_what_other_questions_depend_on(other: Judged) -> None:
    assert pattern(PLAIN) != pattern(other)


def test_pattern_of_an_unknown_tells_its_way_and_what_is_shown() -> None:
    told = [
        judged(0, unknown(Reason.NOT_FOUND)),
        judged(0, unknown(Reason.NOT_FOUND, way=Way.TEST)),
        judged(0, unknown(Reason.ATTESTATION)),
        judged(0, unknown(Reason.NOT_FOUND, CLAIM)),
        judged(0, unknown(Reason.REVIEW, CLAIM)),
    ]
    assert len({pattern(one) for one in told}) == len(told)


def test_pattern_holds_nothing_of_a_patient() -> None:
    other = CLAIM._replace(reference="Claim/2", date="2020-01-01", value="60 days' supply")
    assert pattern(judged(0, met(CLAIM))) == pattern(
        judged(0, met(other, miss=remark("something")))
    )


CLAIM = Evidence("Claim/1", "2026-09-29", "30 days' supply", "claim")
SHOWN = unknown(Reason.WEAK_EVIDENCE, CLAIM)
STATEMENT_DUE = unknown(Reason.ATTESTATION, way=Way.ATTESTATION)
NOTHING = unknown(Reason.NOT_FOUND)


def near(tree: Criterion, *findings: Finding) -> bool:
    answers: dict[Operator, Finding] = dict(zip(QUESTIONS, findings, strict=False))
    return nearly_proven(judge(tree, answers.__getitem__))


def of(op: Op, *children: Criterion) -> Criterion:
    return group(op, children or tuple(leaf(QUESTIONS[n], n) for n in (0, 1)))


LEAF = leaf(QUESTIONS[0], 0)


@pytest.mark.parametrize("known", [met(CLAIM), not_met(CLAIM)])
def test_what_is_decided_is_not_nearly_proven(known: Finding) -> None:
    assert not near(LEAF, known)


def test_leaf_is_nearly_proven_when_the_record_shows_it() -> None:
    assert near(LEAF, SHOWN)
    assert not near(LEAF, NOTHING)


def test_failed_supply_that_is_left_to_the_reviewer_is_not_nearly_proven() -> None:
    asked = Supply(of=("steroids",), days=Span(days=28), otherwise="review")
    finding = unknown(Reason.REVIEW, CLAIM, way=Way.REVIEW)
    assert not nearly_proven(judge(leaf(asked, 0), lambda _: finding))
    plain = Supply(of=("steroids",), days=Span(days=28))
    assert nearly_proven(judge(leaf(plain, 0), lambda _: finding))


def test_alternative_is_nearly_proven_with_one_of_its_routes() -> None:
    assert near(of(Op.ANY), NOTHING, SHOWN)
    assert not near(of(Op.ANY), NOTHING, NOTHING)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (SHOWN, STATEMENT_DUE, True),
        (met(CLAIM), STATEMENT_DUE, True),
        (SHOWN, met(), True),
        (SHOWN, NOTHING, False),
        (met(), STATEMENT_DUE, False),
        (STATEMENT_DUE, STATEMENT_DUE, False),
    ],
)
def test_whole_is_nearly_proven_when_only_a_statement_is_missing(
    first: Finding, second: Finding, expected: bool
) -> None:
    assert near(of(Op.ALL), first, second) is expected


def test_evidence_deep_below_a_met_part_counts_as_shown() -> None:
    inner = group(Op.ALL, (leaf(QUESTIONS[1], 1), leaf(QUESTIONS[2], 2)))
    tree = group(Op.ALL, (inner, leaf(QUESTIONS[0], 0)))
    assert near(tree, STATEMENT_DUE, met(), met(CLAIM))
    assert not near(tree, STATEMENT_DUE, met(), met())


def test_choice_and_count_are_never_nearly_proven() -> None:
    counted = group(Op.AT_LEAST, (leaf(QUESTIONS[0], 0), leaf(QUESTIONS[1], 1)), 2)
    assert not near(counted, met(CLAIM), STATEMENT_DUE)
