"""One order on the page of questions: what the record shows, and not the answers of the page itself."""

from support.cases.run import library
from support.order_stories import advised, known

from service.pages.question_page import MOST_EVIDENCE, AskedOnPage, shown_order

TRIAL = "ad.initial.trial.tcs_and_tci"
ASKED = AskedOnPage(TRIAL, "Did both fail?", "Lines 28, 167")


def test_question_shows_the_record_with_source_and_day() -> None:
    order = shown_order(library(), known(advised("p001-claims")), 1, [ASKED], [])
    (question,) = order.questions
    assert (order.outcome, order.left, question.answer) == ("unknown", 1, "")
    assert question.evidence[0].date == "2026-09-15"
    assert question.evidence[0].reference.startswith("ExplanationOfBenefit/")
    assert len(question.evidence) <= MOST_EVIDENCE
    assert question.link == f"/policies/bcbsms/L.5.01.513@2025-10-01#c-{TRIAL}"


def test_record_that_shows_an_entry_is_not_said_to_show_nothing() -> None:
    asked = AskedOnPage("ad.initial.baseline_symptoms", "Symptoms?", "Line 25")
    order = shown_order(library(), known(advised("p001-initial")), 1, [asked], [])
    (question,) = order.questions
    assert "8" in question.evidence[0].value
    assert question.reason == ""


def test_answered_question_is_not_open_and_others_say_what_would_settle_them() -> None:
    supply = f"{TRIAL}.tcs.supply"
    story = known(advised("p001-initial"))
    order = shown_order(library(), story, 1, [AskedOnPage(TRIAL, "", "", "yes")], [supply])
    assert (order.left, order.questions[0].reason) == (0, "")
    assert order.others[0][1] in ("send data that exist elsewhere", "the payer's reviewer decides")


def test_order_that_no_policy_judges_has_no_questions() -> None:
    order = shown_order(library(), known(advised("other-payer")), 1, [ASKED], [])
    assert (order.questions, order.is_open) == ((), False)
