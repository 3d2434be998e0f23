"""Statements are written to the EHR where it allows that; what came of it is kept, told and tried again."""

from dataclasses import replace

import pytest
from support.launched import TWIN, Launched, recorded

from service.store import Delivery, KeptStatement

PATIENT, DOCTOR, COLLEAGUE = "p001", "dr-amara-okafor", "dr-priya-raman"


def stated(at: Launched) -> KeptStatement:
    """What is kept after all questions were answered with yes and stated."""
    at.launch(PATIENT, DOCTOR)
    at.answer_all("yes")
    at.send(do="state")
    (kept,) = at.kept(PATIENT)
    return kept


def delivery(at: Launched) -> Delivery:
    (kept,) = at.kept(PATIENT)
    return kept.delivery


def test_statement_is_written_to_the_ehr_once_and_says_who_made_it(at: Launched) -> None:
    kept = stated(at)
    (made,) = at.launcher.created
    assert (kept.delivery.state, kept.delivery.reference, kept.delivery.tries) == (
        "done",
        "QuestionnaireResponse/made-1",
        1,
    )
    assert made["identifier"]["value"] == kept.id
    assert made["subject"] == {"reference": f"Patient/{PATIENT}"}
    assert made["author"]["reference"] == f"Practitioner/{DOCTOR}"
    assert made["status"] == "completed"
    assert "The EHR has them too." in at.page
    at.launch(PATIENT, DOCTOR)
    assert len(at.launcher.created) == 1


def test_ehr_that_fails_is_told_and_tried_again_at_the_next_launch(at: Launched) -> None:
    at.launcher.refusing = 503
    kept = stated(at)
    assert kept.delivery == replace(
        kept.delivery, state="due", reason="the EHR's FHIR server answered 503", tries=1
    )
    assert "could not be written to the EHR" in at.page
    # it counts all the same
    body = recorded() | {"fhirServer": at.launcher.fhir}
    assert at.sign(body)["extension"][TWIN]["outcome"] == "met"
    at.launcher.refusing = None
    at.launch(PATIENT, DOCTOR)
    assert (delivery(at).state, delivery(at).tries) == ("done", 2)
    assert len(at.launcher.created) == 1


def test_answer_of_the_ehr_that_was_lost_makes_no_second_one(at: Launched) -> None:
    kept = stated(at)
    assert at.store.statements is not None
    at.store.statements.note_delivery(kept.id, Delivery("due", None, "no answer", 1))
    at.launch(PATIENT, DOCTOR)
    assert delivery(at).state == "done"
    assert len(at.launcher.created) == 1


def test_refusal_is_told_and_not_tried_again(at: Launched) -> None:
    at.launcher.refusing = 403
    assert stated(at).delivery.state == "refused"
    assert "were not written to the EHR" in at.page
    at.launcher.refusing = None
    at.launch(PATIENT, DOCTOR)
    assert at.launcher.created == []


@pytest.mark.parametrize("scope", ["launch openid fhirUser patient/*.rs"])
def test_nothing_is_written_where_the_ehr_did_not_grant_it(at: Launched, scope: str) -> None:
    at.launcher.scope = scope
    assert stated(at).delivery == Delivery("none")
    assert at.launcher.created == []


def test_statement_of_another_user_is_not_written_in_this_ones_name(at: Launched) -> None:
    at.launcher.refusing = 503
    stated(at)
    at.launcher.refusing = None
    at.launch(PATIENT, COLLEAGUE)
    assert at.launcher.created == []
    assert delivery(at).state == "due"
