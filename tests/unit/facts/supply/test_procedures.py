"""Procedures that were done, and sessions over a time."""

from dataclasses import replace

import pytest
from support.fact_case import CLAIMS_HELD, Answer, patient, said, worded

from service.facts.supply.procedures import procedure, sessions
from service.policy.amount import Span
from service.policy.operators import Sessions

Json = dict[str, object]
LIGHT = Sessions(of=("ad.phototherapy",), first_to_last=Span(days=56), ended_within=Span(days=180))


def scan(on: str, **more: object) -> Json:
    return {"what": "sinus CT", "on": on, **more}


def done(*procedures: Json, within: Span | None = None, **given: object) -> Answer:
    case = patient("crswnp", procedures=list(procedures), **given)
    return worded(procedure(case, case.knowledge.facts["crswnp.sinus_ct"], within))


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (scan("30 days ago"), "met"),
        (scan("365 days ago"), "met"),
        (scan("366 days ago"), "unknown stale"),
        (scan("1 day ahead"), "unknown not_found"),
        (scan("30 days ago", status="in-progress"), "unknown review"),
        (scan("30 days ago", status="not-done"), "unknown not_found"),
        (scan("2025"), "unknown imprecise"),
        (scan("30 days ago", patient="p2"), "unknown not_supplied"),
    ],
)
def test_procedure_counts_when_it_was_done_in_the_window(entry: Json, expected: str) -> None:
    assert said(done(entry, within=Span(days=365))) == expected


def test_old_procedure_says_when_it_was_done() -> None:
    assert done(scan("400 days ago"), within=Span(days=365)).miss == (
        "last on 2025-10-16, too long ago"
    )


def light(*days: int, **given: object) -> Answer:
    entries = [{"what": "ultraviolet B", "on": f"{one} days ago"} for one in days]
    return worded(sessions(patient(claims=entries, **{**CLAIMS_HELD, **given}), LIGHT))


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((85, 57, 30), "met"),
        ((84, 57, 30), "unknown review"),
        ((60, 30), "not_met"),
        ((235, 208, 180), "met"),
        ((900, 850, 800), "not_met"),
        ((30,), "not_met"),
        ((), "not_met"),
    ],
    ids=["long enough", "the next is due", "too short", "just ended", "long ago", "one", "none"],
)
def test_sessions_must_span_the_time_and_have_ended_lately(
    days: tuple[int, ...], expected: str
) -> None:
    assert said(light(*days)) == expected


def test_no_session_is_known_only_where_claims_are_held() -> None:
    assert said(light(claims_held="no")) == "unknown not_held"


def test_sessions_too_short_say_how_many_there_were() -> None:
    assert light(60, 30).miss == "2 sessions over 31 of 56 days"


def test_sessions_are_always_left_to_the_reviewer_where_the_policy_says_so() -> None:
    asked = replace(LIGHT, always="review")
    entries = [{"what": "ultraviolet B", "on": f"{one} days ago"} for one in (85, 57, 30)]
    assert said(sessions(patient(claims=entries), asked)) == "unknown review"
