"""What the prescriber states in answered questionnaires."""

from dataclasses import replace

from support.fact_case import patient, said, worded, written
from support.stated import NO, found, response

from service.facts.case import Case
from service.facts.statements.statement import UNSTATED, outcome, statement
from service.policy.finding import Evidence, Finding, met, not_met, unknown
from service.policy.operators import Statement, TrialOutcome
from service.policy.truth import Reason

SHOWN = Evidence("QuestionnaireResponse/r1", written(0), "stated: yes", "attestation")
ASKED = Statement(ids=("own", "older"))


def with_answers(**found: Finding) -> Case:
    return replace(patient(), answers=found)


def test_question_without_an_answer_asks_for_a_statement() -> None:
    assert said(statement(with_answers(), ASKED)) == "unknown attestation"
    assert said(statement(with_answers(other=met(SHOWN)), ASKED)) == "unknown attestation"


def test_answer_under_the_first_id_decides() -> None:
    case = with_answers(own=not_met(SHOWN), older=met(SHOWN))
    assert said(statement(case, ASKED)) == "not_met"
    assert said(statement(with_answers(older=met(SHOWN)), ASKED)) == "met"


def test_yes_that_only_a_reviewer_may_accept_is_for_the_reviewer() -> None:
    asked = Statement(ids=("own",), for_review=True)
    assert said(statement(with_answers(own=met(SHOWN)), asked)) == "unknown review"
    assert said(statement(with_answers(own=not_met(SHOWN)), asked)) == "not_met"
    assert statement(with_answers(), asked).way == "review"


def test_no_about_the_time_before_treatment_is_no_answer_once_the_drug_was_given() -> None:
    asked = Statement(ids=("own",), before=True)
    dose = {"drug": "dupilumab 300 mg syringe", "days": 28, "on": "30 days ago"}
    treated = replace(patient(claims=[dose]), answers={"own": not_met(SHOWN)})
    assert said(statement(treated, asked)) == "unknown attestation"
    assert said(statement(with_answers(own=not_met(SHOWN)), asked)) == "not_met"


def test_answer_under_a_later_id_counts_before_one_that_does_not_count() -> None:
    refused = found(response(NO, author={"reference": "Patient/p1"})) or UNSTATED
    case = with_answers(own=refused, older=met(SHOWN))
    assert said(statement(case, ASKED)) == "met"
    assert said(statement(with_answers(own=refused), ASKED)) == "unknown attestation"


TRIAL = TrialOutcome(of=("ad.tci",), ids=("trial",))


def test_outcome_of_a_trial_is_what_was_stated() -> None:
    case = with_answers(trial=met(SHOWN))
    assert outcome(case, TRIAL) == met(SHOWN)


def test_stop_for_another_coded_reason_is_shown_beside_a_stated_failure() -> None:
    listed = {
        "drug": "tacrolimus ointment",
        "status": "stopped",
        "why": "Medication stopped - side effect",
    }
    case = patient(chart=[listed])
    stated = replace(case, answers={"trial": met(SHOWN)})
    finding = worded(outcome(stated, TRIAL))
    assert said(finding) == "met"
    assert finding.evidence[1].value.endswith(": stopped, medication stopped - side effect")
    assert outcome(case, TRIAL).evidence == ()
    failed = patient(chart=[{**listed, "why": "stopped, ineffective"}])
    supported = outcome(replace(failed, answers={"trial": met(SHOWN)}), TRIAL)
    assert len(supported.evidence) == 2


def test_coded_stop_for_inefficacy_supports_a_failure_and_never_states_it() -> None:
    listed = {"drug": "tacrolimus ointment", "status": "stopped", "why": "stopped, ineffective"}
    finding = worded(outcome(patient(chart=[listed]), TRIAL))
    assert said(finding) == "unknown review"
    assert finding.evidence[0].value.endswith(": stopped, ineffective")
    assert outcome(patient(), TRIAL) == unknown(Reason.ATTESTATION, way=finding.way)
