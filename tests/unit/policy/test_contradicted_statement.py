"""Which entry of the record speaks against a statement, through groups and exclusions."""

from typing import Any

import pytest

from service.policy.contradicted_statement import contradicting_record, speaks_for
from service.policy.finding import Evidence, Finding, met, not_met, remark, unknown
from service.policy.judged_criterion import Judged
from service.policy.model import Criterion, Op
from service.policy.truth import Reason, Truth

CLAIM = Evidence("Claim/1", "2026-11-08 to 2026-12-07", "upadacitinib", "claim")
VALUE = Evidence("Observation/1", "2026-11-08", "8 %", "record")
STATED = Evidence(
    "QuestionnaireResponse/1", "2026-11-20", remark("stated_yes", author="Ada"), "attestation"
)
MET, NOT_MET = Truth.MET, Truth.NOT_MET
SHOWN, FAILED, SILENT = met(CLAIM), not_met(VALUE), unknown(Reason.NOT_FOUND)
LEANS = unknown(Reason.REVIEW, CLAIM)


def leaf(finding: Finding) -> Judged:
    return Judged(Criterion("leaf", "", "", Op.LEAF), finding)


def tree(op: Op, truth: Truth, *parts: Judged, n: int | None = None) -> Judged:
    criteria = tuple(part.criterion for part in parts)
    return Judged(Criterion("tree", "", "", op, criteria, n=n), Finding(truth), parts)


def found(judged: Judged, truth: Truth) -> Evidence | None:
    spoken = speaks_for(judged, truth)
    return None if spoken is None else spoken[0]


@pytest.mark.parametrize(
    ("finding", "truth", "expected"),
    [
        (SHOWN, MET, CLAIM),
        (SHOWN, NOT_MET, None),
        (FAILED, NOT_MET, VALUE),
        (FAILED, MET, None),
        (LEANS, MET, CLAIM),
        (LEANS, NOT_MET, None),
        (unknown(Reason.CONFLICT, CLAIM), MET, CLAIM),
        (unknown(Reason.CONFLICT, CLAIM), NOT_MET, CLAIM),
        (unknown(Reason.STALE, VALUE), NOT_MET, None),
        (SILENT, MET, None),
        (met(STATED), MET, None),
        (met(STATED, CLAIM), MET, CLAIM),
        (unknown(Reason.REVIEW, STATED), MET, None),
    ],
)
def test_question_speaks_for_what_it_shows_or_leans_to(
    finding: Finding, truth: Truth, expected: Evidence | None
) -> None:
    assert found(leaf(finding), truth) == expected


def test_exclusion_speaks_for_the_opposite() -> None:
    assert found(tree(Op.NOT, NOT_MET, leaf(SHOWN)), NOT_MET) == CLAIM
    assert found(tree(Op.NOT, NOT_MET, leaf(SHOWN)), MET) is None
    assert found(tree(Op.NOT, Truth.UNKNOWN, leaf(LEANS)), NOT_MET) == CLAIM


@pytest.mark.parametrize(
    ("op", "truth", "parts", "wanted", "expected"),
    [
        (Op.ANY, MET, (SILENT, SHOWN), MET, CLAIM),
        (Op.ANY, Truth.UNKNOWN, (SILENT, FAILED), NOT_MET, None),
        (Op.ANY, NOT_MET, (FAILED, FAILED), NOT_MET, VALUE),
        (Op.ALL, NOT_MET, (SHOWN, FAILED), NOT_MET, VALUE),
        (Op.ALL, Truth.UNKNOWN, (SHOWN, SILENT), MET, None),
        (Op.ALL, Truth.UNKNOWN, (SHOWN, LEANS), MET, CLAIM),
        (Op.AT_LEAST, MET, (SHOWN, SILENT), MET, CLAIM),
    ],
)
def test_group_speaks_by_one_part_or_by_all(
    op: Op, truth: Truth, parts: tuple[Finding, ...], wanted: Truth, expected: Evidence | None
) -> None:
    assert found(tree(op, truth, *map(leaf, parts), n=1), wanted) == expected


def test_choice_speaks_by_the_branch_that_is_taken() -> None:
    branches = (leaf(SHOWN), leaf(FAILED))
    assert found(tree(Op.CHOOSE, MET, leaf(SHOWN), *branches), MET) == CLAIM
    assert found(tree(Op.CHOOSE, NOT_MET, leaf(FAILED), *branches), NOT_MET) == VALUE
    assert found(tree(Op.CHOOSE, Truth.UNKNOWN, leaf(SILENT), *branches), MET) is None


def values(proof: Evidence, miss: Any = None) -> dict[str, Any]:
    return dict(contradicting_record("It is so", met(STATED), proof, miss).values)


def test_note_has_both_sides_with_their_days() -> None:
    note = values(CLAIM)
    assert (note["yes"], note["author"], note["day"]) == (True, "Ada", "2026-11-20")
    assert (note["shown"], note["until"], note["on"]) == ("upadacitinib", "2026-12-07", None)
    assert values(VALUE)["on"] == "2026-11-08"
