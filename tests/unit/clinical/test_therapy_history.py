"""Whether a patient takes, took or cannot take a therapy."""

import pytest
from support.fact_case import patient

from service.clinical.therapies_and_pathways import TherapyCodes
from service.clinical.therapy_history import TherapyHistory, class_stopped, history

JAK = TherapyCodes("ad.oral_jak", frozenset({"upadacitinib"}))
Json = dict[str, object]


def found(**given: object) -> TherapyHistory:
    return history(patient(**given), JAK)


def kind(of: TherapyHistory) -> str | None:
    """Which reason speaks against it, without the name of the card's text."""
    return None if of.against is None else of.against.kind.rpartition(".")[2]


def claim(on: str, drug: str = "upadacitinib") -> Json:
    return {"drug": drug, "days": 30, "on": on}


def test_patient_without_a_trace_of_the_therapy_has_no_history() -> None:
    assert found() == TherapyHistory()
    assert found(claims=[claim("10 days ago", "abrocitinib")]) == TherapyHistory()


@pytest.mark.parametrize(("on", "now"), [("29 days ago", True), ("30 days ago", False)])
def test_therapy_in_hand_today_is_in_use(on: str, now: bool) -> None:
    assert found(claims=[claim(on)]) == TherapyHistory(now=now, before=True)


def test_therapy_that_the_chart_lists_as_active_is_in_use() -> None:
    assert found(chart=[{"drug": "upadacitinib"}]).now
    assert not found(chart=[{"drug": "upadacitinib", "status": "completed"}]).now


@pytest.mark.parametrize(
    ("why", "against"),
    [
        ("stopped, ineffective", "inefficacy"),
        ("stopped, side effect", "adverse_effect"),
        ("stopped, contraindicated", "contraindication"),
        ("it did nothing", None),
    ],
)
def test_coded_reason_for_stopping_speaks_against_the_therapy(
    why: str, against: str | None
) -> None:
    listed = {"drug": "upadacitinib", "status": "stopped", "why": why}
    assert kind(found(chart=[listed])) == against


def test_allergy_to_the_therapy_speaks_against_it() -> None:
    assert kind(found(allergies=[{"to": "upadacitinib"}])) == "allergy"
    assert found(allergies=[{"to": "upadacitinib", "verified": "refuted"}]).against is None


def test_denied_claim_is_no_earlier_use() -> None:
    assert found(claims=[{**claim("10 days ago"), "denied": "yes"}]) == TherapyHistory()


@pytest.mark.parametrize(
    ("why", "unread"),
    [("it did nothing", True), ("stopped, side effect", False), ("stopped, too expensive", False)],
)
def test_a_reason_for_stopping_that_is_not_read_is_told_apart(why: str, unread: bool) -> None:
    listed: Json = {"drug": "upadacitinib", "status": "stopped", "why": why}
    assert found(chart=[listed]).unread_stop is unread


@pytest.mark.parametrize(
    ("why", "other"),
    [
        ("clots", "abrocitinib"),
        ("stopped, side effect", "abrocitinib"),
        ("stopped, ineffective", None),
        ("stopped, too expensive", None),
    ],
)
def test_another_drug_of_the_class_that_was_stopped_for_harm_is_named(
    why: str, other: str | None
) -> None:
    listed: Json = {"drug": "abrocitinib", "status": "stopped", "why": why}
    assert class_stopped(patient(chart=[listed]), JAK) == other


def test_an_entry_outside_the_allergy_list_that_names_the_therapy_beside_harm_is_told() -> None:
    problem: Json = {"is": "Anaphylaxis to upadacitinib", "coded": "no", "on": "30 days ago"}
    harmed = found(diagnoses=[problem]).harmed
    assert harmed is not None
    assert harmed.words == "Anaphylaxis to upadacitinib"
    assert found(diagnoses=[{**problem, "is": "Anaphylaxis to abrocitinib"}]).harmed is None


def test_a_cancelled_order_of_the_therapy_may_say_why_it_is_not_given() -> None:
    order: Json = {"drug": "upadacitinib", "on": "90 days ago", "status": "cancelled"}
    assert found(orders=[{**order, "why": "allergic to it"}]).unread_stop
    assert not found(orders=[{**order, "why": "no authorization"}]).unread_stop
