"""Each operator has the function that answers it; an open list turns a no into a question."""

from dataclasses import replace

from support.fact_case import CLAIMS_HELD, patient, said, worded

from service.facts.operator_table import OF_ORDER, OF_PATIENT, answer
from service.library.shapes.operator_shapes import FLAGS, NESTED
from service.policy.operators import NotEncoded, Operator, Supply
from service.policy.truth import Way


def test_operator_that_a_leaf_may_ask_has_an_answer() -> None:
    asked = {*NESTED.values(), *FLAGS.values()}
    answered = OF_ORDER.keys() | OF_PATIENT.keys()
    assert asked <= answered
    assert all(issubclass(one, Operator) for one in answered)


def test_criterion_that_is_not_encoded_is_for_the_reviewer_with_its_reason() -> None:
    finding = worded(answer(patient(), NotEncoded(why="a clinical judgement")))
    assert said(finding) == "unknown review"
    assert (finding.way, finding.miss) == (Way.REVIEW, "a clinical judgement")


def test_no_of_an_open_list_is_a_question() -> None:
    case = patient(**CLAIMS_HELD)
    asked = Supply(of=("ad.tci",), now=True)
    assert said(answer(case, asked)) == "not_met"
    assert said(answer(case, replace(asked, open_set=True))) == "unknown review"


def test_met_of_an_open_list_stays_met() -> None:
    claim = {"drug": "tacrolimus ointment", "days": 30, "on": "today"}
    asked = Supply(of=("ad.tci",), now=True, open_set=True)
    assert said(answer(patient(claims=[claim]), asked)) == "met"
