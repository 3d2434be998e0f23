"""Which open routes the record nearly proves."""

import pytest
from support.trees import QUESTIONS, group, leaf

from service.policy.amount import Span
from service.policy.criterion import Criterion, Op
from service.policy.finding import Evidence, Finding, met, not_met, unknown
from service.policy.judge import judge
from service.policy.leaning import nearly_proven
from service.policy.operators import Operator, Supply
from service.policy.truth import Reason, Way

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
