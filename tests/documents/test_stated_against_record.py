"""In every shipped policy: what the record proves is never overruled without both being shown."""

from collections.abc import Callable

import pytest
from support.questionnaires import FORMS

from service.policy.assessment import criteria_of_path
from service.policy.contradicted_statement import CONTRADICTING
from service.policy.finding import Evidence, Finding, met, not_met, remark, unknown
from service.policy.judge import judge
from service.policy.judged_criterion import Judged, nodes
from service.policy.model import Criterion, walk
from service.policy.operators import Operator, Statement, TrialOutcome
from service.policy.truth import Reason, Truth, Way, negate
from service.questionnaires.form import Form

SETTLING = ("decides", "decides_before", "overrides")
RECORD = Evidence("Claim/1", "2026-11-08 to 2026-12-07", "what the record shows", "claim")
STATED = Evidence(
    "QuestionnaireResponse/1", "2026-11-20", remark("stated_yes", author="Ada"), "attestation"
)
SHOWS = {Truth.MET: met(RECORD), Truth.NOT_MET: not_met(RECORD)}
SAYS = {Truth.MET: met(STATED), Truth.NOT_MET: not_met(STATED)}
UNSTATED = unknown(Reason.ATTESTATION, way=Way.ATTESTATION)
Ask = Callable[[Operator], Finding]


def answering(record: Finding, statement: Finding) -> Ask:
    """Every question to the record is answered alike, and every question to the prescriber."""

    def ask(operator: Operator) -> Finding:
        return statement if isinstance(operator, (Statement, TrialOutcome)) else record

    return ask


def settled_by_statement(form: Form) -> list[Criterion]:
    """The criteria of a form that a statement settles where the record leaves them open."""
    tree = criteria_of_path(form.policy, form.path, (form.indication,))
    return [one for one in walk(tree) if one.statement in SETTLING]


def proofs(judged: Judged) -> set[Evidence]:
    return {proof for node in nodes(judged) for proof in node.finding.evidence}


@pytest.mark.parametrize("form", FORMS, ids=[one.id for one in FORMS])
def test_statement_against_the_record_is_a_conflict_or_both_are_noted(form: Form) -> None:
    looked_at = 0
    for criterion in settled_by_statement(form):
        for shown in SHOWS.values():
            alone = judge(criterion, answering(shown, UNSTATED)).truth
            if alone is Truth.UNKNOWN:
                continue
            looked_at += 1
            judged = judge(criterion, answering(shown, SAYS[negate(alone)]))
            noted = any(note.kind == CONTRADICTING for note in judged.finding.notes)
            assert proofs(judged) >= {RECORD, STATED}, criterion.id
            assert noted, criterion.id
            if judged.truth is not Truth.UNKNOWN:
                assert criterion.statement == "overrides", criterion.id
                assert (alone, judged.truth) == (Truth.NOT_MET, Truth.MET), criterion.id
            else:
                assert judged.finding.reason is Reason.CONFLICT, criterion.id
    assert looked_at


@pytest.mark.parametrize("form", FORMS, ids=[one.id for one in FORMS])
def test_statement_with_the_record_has_no_note(form: Form) -> None:
    for criterion in settled_by_statement(form):
        for shown in SHOWS.values():
            alone = judge(criterion, answering(shown, UNSTATED)).truth
            if alone is Truth.UNKNOWN:
                continue
            judged = judge(criterion, answering(shown, SAYS[alone]))
            assert judged.truth is alone, criterion.id
            assert all(note.kind != CONTRADICTING for note in judged.finding.notes), criterion.id


@pytest.mark.parametrize("form", FORMS, ids=[one.id for one in FORMS])
def test_no_of_the_prescriber_never_makes_a_criterion_met(form: Form) -> None:
    open_ = unknown(Reason.NOT_FOUND)
    for criterion in settled_by_statement(form):
        for shown in (open_, *SHOWS.values(), unknown(Reason.REVIEW, RECORD)):
            assert judge(criterion, answering(shown, SAYS[Truth.NOT_MET])).truth is not Truth.MET


@pytest.mark.parametrize("form", FORMS, ids=[one.id for one in FORMS])
def test_statement_over_what_a_reviewer_would_look_at_shows_both(form: Form) -> None:
    """The record shows it, but in doubt: an exclusion that is stated away, or a fact that is denied."""
    leaning = unknown(Reason.REVIEW, RECORD)
    for criterion in settled_by_statement(form):
        as_shown = judge(criterion, answering(SHOWS[Truth.MET], UNSTATED)).truth
        if as_shown is Truth.UNKNOWN:
            continue
        judged = judge(criterion, answering(leaning, SAYS[negate(as_shown)]))
        assert any(note.kind == CONTRADICTING for note in judged.finding.notes), criterion.id
