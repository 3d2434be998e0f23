"""What the prescriber states in answered questionnaires."""

from dataclasses import replace
from typing import Any

import pytest
from support.fact_case import ordinal, patient, said, worded, written

from service.facts.case import Case
from service.facts.statements import (
    UNSTATED,
    Validity,
    answer_reader,
    answers,
    outcome,
    statement,
)
from service.policy.finding import Evidence, Finding, met, not_met, unknown
from service.policy.operators import Statement, TrialOutcome
from service.policy.truth import Reason

CASE = patient()
FORM = "https://example.org/form|1"
Json = dict[str, Any]


def response(answer: Json | None, days_ago: int = 0, id_: str = "r1", **change: object) -> Json:
    """One answer under the link `q`."""
    return {
        "resourceType": "QuestionnaireResponse",
        "id": id_,
        "status": "completed",
        "questionnaire": FORM,
        "authored": written(days_ago),
        "author": {"reference": "Practitioner/d1"},
        "item": [{"linkId": "q", "answer": [answer] if answer else []}],
        **change,
    }


YES, NO = {"valueBoolean": True}, {"valueBoolean": False}


def found(*responses: Json, oldest: int = 90) -> Finding | None:
    """The finding under `q`."""
    found = answers(
        responses,
        frozenset({FORM, FORM.split("|", maxsplit=1)[0]}),
        Validity(ordinal(oldest), ordinal(0), lambda made: made + oldest),
        answer_reader(CASE.record, CASE.knowledge),
    )
    return found.get("q")


def read(*responses: Json, oldest: int = 90) -> str | None:
    """The answer under `q` in a word; None where there is none that counts."""
    finding = found(*responses, oldest=oldest)
    if finding is None or (finding.miss is not None and finding.miss.kind == "not_counted"):
        return None
    return said(finding)


def test_yes_is_met_and_no_is_not_met() -> None:
    assert read(response(YES)) == "met"
    assert read(response(NO)) == "not_met"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"valueString": "Yes."}, "met"),
        ({"valueString": "no"}, "not_met"),
        ({"valueString": "perhaps"}, "unknown attestation"),
        ({"valueInteger": 1}, "met"),
        ({"valueInteger": 0}, "not_met"),
        ({"valueInteger": 2}, "unknown attestation"),
        ({"valueCoding": {"system": "http://snomed.info/sct", "code": "373066001"}}, "met"),
        ({"valueCoding": {"display": "No"}}, "not_met"),
        ({"valueDate": "2026-01-01"}, "unknown attestation"),
        (None, None),
    ],
)
def test_answer_of_another_kind_is_a_plain_yes_or_no_or_a_question(
    answer: Json | None, expected: str | None
) -> None:
    assert read(response(answer)) == expected


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"author": {"reference": "Patient/p1"}}, "it is the patient's own"),
        (
            {"author": {"display": "A friend"}},
            "it does not say who made it, or that cannot be found",
        ),
        ({"source": {"reference": "Patient/p1"}}, "it is the patient's own"),
        ({"status": "in-progress"}, "it is not finished"),
        ({"authored": "2026"}, "it has no day"),
        ({"authored": written(-1)}, "it is dated later than today"),
        ({"authored": written(91)}, f"it counted until {written(1)}"),
        (
            {"questionnaire": "https://example.org/form|0"},
            "it was made for another version of the policy",
        ),
    ],
)
def test_statement_that_does_not_count_says_why(change: Json, why: str) -> None:
    answer = worded(found(response(YES, **change)) or UNSTATED)
    assert answer[:3] == ("unknown", "attestation", "attestation")
    assert answer.miss == f"a statement was not counted, {why}"
    assert answer.evidence[0].value.startswith("stated: yes, by ")
    assert answer.evidence[0].value.endswith(f"; not counted, {why}")


def answered_by(who: str, **item: object) -> Json:
    """An item of the link `q` whose group somebody else answered."""
    url = "http://hl7.org/fhir/StructureDefinition/questionnaireresponse-author"
    extension = [{"url": url, "valueReference": {"reference": who}}]
    return {"linkId": "group", "extension": extension, "item": [{"linkId": "q", **item}]}


def test_item_that_the_patient_or_software_answered_is_no_statement_of_the_author() -> None:
    for who, why in (
        ("Patient/p1", "it is the patient's own"),
        ("http://cqframework.org/fhir/Device/clinical-quality-language", "a device made it"),
    ):
        for answer in (YES, NO):
            finding = worded(
                found(response(None, item=[answered_by(who, answer=[answer])])) or UNSTATED
            )
            assert finding[:3] == ("unknown", "attestation", "attestation")
            assert finding.miss == f"a statement was not counted, {why}"
    by_another = found(response(None, item=[answered_by("Practitioner/d2", answer=[YES])]))
    assert by_another is not None
    assert worded(by_another).evidence[0].value.startswith("stated: yes, by Practitioner/d2")


def test_answer_that_software_filled_in_leaves_those_of_persons() -> None:
    url = "http://hl7.org/fhir/us/davinci-dtr/StructureDefinition/information-origin"

    def filled(source: str, answer: Json) -> Json:
        parts = [{"url": "source", "valueCode": source}]
        return {**answer, "extension": [{"url": url, "extension": parts}]}

    assert read(response(filled("auto-client", YES))) is None
    assert read(response(filled("manual", YES))) == "met"
    # the newer one was not given by a person
    assert read(response(NO, 3), response(filled("auto", YES), 1, "r2")) == "not_met"
    assert read(response(filled("override", NO), 1), response(YES, 3, "r2")) == "not_met"


@pytest.mark.parametrize("status", ["entered-in-error", "stopped"])
def test_statement_that_was_taken_back_is_none(status: str) -> None:
    assert found(response(YES, status=status)) is None


def test_statement_that_counts_takes_the_place_of_those_that_do_not() -> None:
    refused = response(NO, 0, "r2", author={"reference": "Patient/p1"})
    assert read(response(YES, 5), refused) == "met"
    assert len((found(response(YES, 5), refused) or UNSTATED).evidence) == 1


def test_evidence_names_author_day_and_until_when_it_counts() -> None:
    answer = worded(
        found(response(YES, 3, author={"reference": "Practitioner/d1", "display": "Ada"}))
        or UNSTATED
    )
    (shown,) = answer.evidence
    assert (shown.date, shown.kind) == (written(3), "attestation")
    assert shown.value == f"stated: yes, by Ada, counts until {written(-87)}"


AT = "{}T{:02}:00:00+01:00"


def test_author_corrects_a_statement_of_the_same_day() -> None:
    day = written(0)
    morning, noon = (
        response(answer, id_=id_, authored=AT.format(day, hour))
        for answer, id_, hour in ((YES, "a", 8), (NO, "b", 12))
    )
    assert read(morning, noon) == read(noon, morning) == "not_met"
    colleague = {**noon, "author": {"reference": "Practitioner/d2"}}
    assert read(morning, colleague) == "unknown conflict"


def test_answer_under_a_later_id_counts_before_one_that_does_not_count() -> None:
    refused = found(response(NO, author={"reference": "Patient/p1"})) or UNSTATED
    case = with_answers(own=refused, older=met(SHOWN))
    assert said(statement(case, ASKED)) == "met"
    assert said(statement(with_answers(own=refused), ASKED)) == "unknown attestation"


@pytest.mark.parametrize(("days", "expected"), [(90, "met"), (91, None), (-1, None)])
def test_answer_counts_for_the_days_that_the_policy_allows(days: int, expected: str | None) -> None:
    assert read(response(YES, days)) == expected


@pytest.mark.parametrize(
    "change",
    [
        {"status": "in-progress"},
        {"status": "entered-in-error"},
        {"questionnaire": "https://example.org/other|1"},
        {"questionnaire": None},
        {"author": {"reference": "Patient/p1"}},
        {"author": None},
        {"authored": "2026"},
        {"authored": None},
    ],
)
def test_response_that_is_not_a_finished_one_of_the_prescriber_does_not_count(change: Json) -> None:
    assert read(response(YES, **change)) is None


def test_amended_response_counts() -> None:
    assert read(response(YES, status="amended")) == "met"


def test_response_of_an_unreadable_status_is_a_question() -> None:
    assert read(response(YES, status="odd")) == "unknown attestation"


def test_newest_answer_counts() -> None:
    assert read(response(YES, 10), response(NO, 5, "r2")) == "not_met"


def test_two_answers_of_one_day_that_disagree_are_a_conflict() -> None:
    assert read(response(YES), response(NO, 0, "r2")) == "unknown conflict"
    assert read(response(YES), response(YES, 0, "r2")) == "met"


def test_answer_deep_in_a_group_is_read_and_one_with_an_unknown_modifier_is_not() -> None:
    inner = [{"linkId": "q", "answer": [YES]}]
    assert read(response(None, item=[{"linkId": "group", "item": inner}])) == "met"
    odd = [{"linkId": "q", "answer": [YES], "modifierExtension": [{"url": "x"}]}]
    assert read(response(None, item=odd)) is None


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
