"""Whether a drug was stopped for a coded reason."""

from dataclasses import replace

import pytest
from support.fact_case import Answer, patient, patient_with, said, worded
from support.written_operators import written

from service.facts.recorded import recorded
from service.facts.supply.stop_reasons import stopped
from service.policy.operators import Recorded, Stopped

ASKED = written(Stopped, {"of": ("ad.tci",), "for": ("reason.inefficacy",)})
IN_WORDS = replace(ASKED, in_words=True)
Json = dict[str, object]


def found(asked: Stopped, **entry: object) -> Answer:
    """A list entry for tacrolimus ointment."""
    listed: Json = {"drug": "tacrolimus ointment", "status": "stopped", **entry}
    return worded(stopped(patient(chart=[listed]), asked))


def test_drug_stopped_for_a_coded_reason_is_shown() -> None:
    finding = found(ASKED, why="stopped, ineffective")
    assert said(finding) == "met"
    assert finding.evidence[0].value.endswith(": stopped for this reason")


@pytest.mark.parametrize(
    ("entry", "expected", "words"),
    [
        ({"why": "stopped, ineffective", "status": "active"}, "unknown review", "not marked"),
        ({"why": "it did nothing"}, "unknown review", "in words only"),
        ({}, "unknown not_found", "no reason recorded"),
    ],
)
def test_reason_that_is_not_certain_is_shown_and_decides_nothing(
    entry: Json, expected: str, words: str
) -> None:
    finding = found(ASKED, **entry)
    assert said(finding) == expected
    assert words in finding.evidence[0].value


@pytest.mark.parametrize(
    "entry",
    [{"why": "stopped, side effect"}, {"drug": "methotrexate", "why": "stopped, ineffective"}],
    ids=["another reason", "another drug"],
)
def test_another_reason_or_another_drug_shows_nothing(entry: Json) -> None:
    finding = found(ASKED, **entry)
    assert said(finding) == "unknown not_found"
    assert finding.evidence == ()


def test_ingredient_that_may_be_of_the_class_is_for_the_reviewer() -> None:
    finding = found(ASKED, drug="tacrolimus, ingredient only", why="stopped, ineffective")
    assert said(finding) == "unknown review"
    assert finding.evidence[0].value.endswith("may be another drug")


def test_words_beside_a_stopped_drug_are_found_where_words_are_asked_for() -> None:
    assert said(found(IN_WORDS, why="it did nothing")) == "met"
    assert said(found(IN_WORDS, why="it did nothing", status="active")) == "unknown not_found"
    assert said(found(IN_WORDS, why="stopped, ineffective")) == "unknown not_found"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"why": "stopped, side effect"}, "unknown review"),
        ({"why": "swelling of the lips"}, "unknown review"),
        ({"why": "anaphylaxis", "status": "not-taken"}, "unknown review"),
        ({"why": "anaphylaxis", "status": "entered-in-error"}, "not_met"),
        ({"why": "stopped, ineffective"}, "not_met"),
        ({"why": "ineffective"}, "not_met"),
        ({"why": "stopped, too expensive"}, "not_met"),
        ({}, "not_met"),
    ],
)
def test_a_stop_for_what_may_be_harm_leaves_the_allergy_a_question(
    entry: Json, expected: str
) -> None:
    listed: Json = {"drug": "dupilumab", "status": "stopped", **entry}
    asked = Recorded(fact=("safety.hypersensitivity",))
    assert said(worded(recorded(patient(chart=[listed]), asked))) == expected


def test_a_drug_that_was_ordered_and_handed_over_again_did_no_harm() -> None:
    stopped_order: Json = {"drug": "dupilumab", "on": "200 days ago", "status": "stopped"}
    stopped_order["why"] = "reordered"
    later: Json = {"drug": "dupilumab", "on": "100 days ago", "status": "active"}
    fill: Json = {"drug": "dupilumab", "on": "90 days ago", "days": 28}
    asked = Recorded(fact=("safety.hypersensitivity",))

    def expected(**given: object) -> str:
        return said(worded(recorded(patient(**given), asked)))

    assert expected(orders=[stopped_order, later], claims=[fill]) == "not_met"
    assert expected(orders=[stopped_order, later]) == "unknown review"
    assert expected(orders=[stopped_order], claims=[fill]) == "unknown review"


def allergy(**given: object) -> str:
    asked = Recorded(fact=("safety.hypersensitivity",))
    return said(worded(recorded(patient(**given), asked)))


@pytest.mark.parametrize(
    ("status", "why", "expected"),
    [
        ("cancelled", "allergic to dupilumab", "unknown review"),
        ("cancelled", "stopped, side effect", "unknown review"),
        ("cancelled", "no authorization on file", "not_met"),
        ("cancelled", "stopped, ineffective", "not_met"),
        ("entered-in-error", "allergic to dupilumab", "not_met"),
    ],
)
def test_an_order_that_was_cancelled_tells_of_harm_only_where_its_reason_does(
    status: str, why: str, expected: str
) -> None:
    order: Json = {"drug": "dupilumab", "on": "200 days ago", "status": status, "why": why}
    assert allergy(orders=[order]) == expected


@pytest.mark.parametrize(
    ("again", "expected"), [("72 days ago", "not_met"), ("140 days ago", "unknown review")]
)
def test_harm_is_none_only_where_the_drug_was_given_again_after_a_break(
    again: str, expected: str
) -> None:
    stopped_order: Json = {"drug": "dupilumab", "on": "200 days ago", "status": "stopped"}
    stopped_order["why"] = "stopped, side effect"
    later: Json = {"drug": "dupilumab", "on": again, "status": "active"}
    first: Json = {"drug": "dupilumab", "on": "190 days ago", "days": 28}
    last: Json = {"drug": "dupilumab", "on": "60 days ago", "days": 28}
    assert allergy(orders=[stopped_order, later], claims=[first, last]) == expected


def test_a_forbidden_drug_and_a_note_of_harm_leave_the_allergy_a_question() -> None:
    order: Json = {
        "resourceType": "MedicationRequest",
        "id": "m1",
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {"text": "dupilumab"},
    }

    def told(**more: object) -> Answer:
        case = patient_with("medications", {**order, **more})
        return worded(recorded(case, Recorded(fact=("safety.hypersensitivity",))))

    forbidden = told(doNotPerform=True)
    assert said(forbidden) == "unknown review"
    assert "an order not to give it" in forbidden.evidence[0].value
    for reason, words in (("cost", "to give it, cost"), ("side effect", "to give it, side effect")):
        assert words in told(doNotPerform=True, reasonCode=[{"text": reason}]).evidence[0].value
    withdrawn = told(doNotPerform=True, status="cancelled", reasonCode=[{"text": "eczema"}])
    assert withdrawn.evidence == ()
    noted = told(status="completed", note=[{"text": "Hives after the second dose."}])
    assert noted.evidence[0].value.endswith("a note says: Hives after the second dose.")
    assert told(status="completed", note=[{"text": "No hives."}]).evidence == ()
    unread = told(status="stopped", statusReason={"extension": [{"url": "x"}]})
    assert "stopped, a reason that cannot be read" in unread.evidence[0].value
