"""Findings: a truth with its reason, and which of them the record nearly shows."""

from datetime import date

import pytest

from service.policy.amount import Span
from service.policy.finding import Evidence, Finding, Remark, met, not_met, remark, unknown
from service.policy.truth import Reason, Truth, Way

CLAIM = Evidence("Claim/1", "2026-09-29", "30 days' supply", "claim")
STATEMENT = Evidence("QuestionnaireResponse/1", "2026-11-20", "yes", "attestation")


def test_met_and_not_met_have_no_reason() -> None:
    assert met(CLAIM, notes=(remark("a note"),)) == Finding(
        Truth.MET, evidence=(CLAIM,), notes=(remark("a note"),)
    )
    assert not_met(CLAIM, miss=remark("8 %, needs 10 %")) == Finding(
        Truth.NOT_MET, evidence=(CLAIM,), miss=remark("8 %, needs 10 %")
    )


def test_unknown_has_a_reason_and_is_settled_by_data_unless_another_way_is_given() -> None:
    assert unknown(Reason.STALE).way is Way.DATA
    found = unknown(
        Reason.REVIEW, CLAIM, way=Way.REVIEW, miss=remark("a miss"), notes=(remark("a note"),)
    )
    assert found == Finding(
        Truth.UNKNOWN, Reason.REVIEW, Way.REVIEW, (CLAIM,), remark("a miss"), (remark("a note"),)
    )


@pytest.mark.parametrize("reason", [Reason.REVIEW, Reason.WEAK_EVIDENCE])
def test_unknown_that_the_record_shows_leans(reason: Reason) -> None:
    assert unknown(reason, CLAIM).leans
    assert unknown(reason, STATEMENT, CLAIM).leans


@pytest.mark.parametrize(
    "finding",
    [
        unknown(Reason.REVIEW),
        unknown(Reason.REVIEW, STATEMENT),
        unknown(Reason.STALE, CLAIM),
        met(CLAIM),
        not_met(CLAIM),
    ],
    ids=["no evidence", "a statement alone", "another reason", "met", "not met"],
)
def test_unknown_without_evidence_of_the_record_does_not_lean(finding: Finding) -> None:
    assert not finding.leans


def test_another_way_changes_nothing_else() -> None:
    found = unknown(
        Reason.REVIEW, CLAIM, way=Way.REVIEW, miss=remark("a miss"), notes=(remark("a note"),)
    )
    assert found.settled_by(Way.TEST) == found._replace(way=Way.TEST)


def test_values_keep_their_names_and_order() -> None:
    day = date(2026, 11, 21)
    assert remark("too_old", span=Span(days=28), day=day) == Remark(
        "too_old", (("span", Span(days=28)), ("day", day))
    )


def test_remarks_of_one_kind_with_other_values_are_two() -> None:
    assert remark("before", count=1) != remark("before", count=2)
    assert remark("before", count=1) == remark("before", count=1)
    assert len({remark("before"), remark("before"), remark("after")}) == 2


def test_value_may_be_called_kind() -> None:
    assert remark("labelled", kind="x") == Remark("labelled", (("kind", "x"),))


def test_remark_with_another_value_keeps_the_rest() -> None:
    said = remark("stated", author="Dr. A", until=None)
    assert said.changed(until=3) == remark("stated", author="Dr. A", until=3)
