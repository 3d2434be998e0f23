"""The steps of a situation that a patient still needs; those that close a gap come first."""

import pytest
from support.cases.run import library
from support.fact_case import in_words, patient
from support.visits import Json, body_of, question_in, visit_of

from service.advise.assessed_order import assess_order
from service.clinical.model import Situation
from service.clinical.steps import needed_steps, stated_trials

HELD = {"claims_held": "2015-01-01"}
INCS = "crswnp.initial.incs"
POLYPS: Json = {
    "prescriber": "otolaryngology",
    "diagnoses": [{"is": "nasal polyps"}],
    "order": {"reason": "nasal polyps", "loading": None, "quantity": "2 syringes"},
}


def situation(id_: str) -> Situation:
    pathway = library().clinical.pathways["dupilumab", id_.partition(".")[0]]
    return next(one for one in pathway.situations if one.id == id_)


def spray(days: int, on: str) -> Json:
    return {"claims": [{"drug": "fluticasone nasal spray", "days": days, "on": on}]}


def steps(
    id_: str = "crswnp.gap", stated: frozenset[str] = frozenset(), **given: object
) -> list[tuple[str, str | None]]:
    case = patient(id_.partition(".")[0], **{**HELD, **given})
    found = needed_steps(case, situation(id_), stated)
    return [(one.step.therapy, in_words(one.miss)) for one in found]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, [("nasal_steroid", "0 of 28 days in one run")]),
        (spray(28, "27 days ago"), []),
        ({"claims_held": "no"}, []),
    ],
    ids=["nothing filled", "filled long enough", "claims not held"],
)
def test_gap_is_closed_by_a_step_only_if_the_record_surely_lacks_it(
    given: Json, expected: list[tuple[str, str | None]]
) -> None:
    assert steps(**given) == expected


def test_miss_of_what_was_filled_says_when_it_is_complete() -> None:
    miss = dict(steps(**spray(30, "26 days ago")))["complete_trial"]
    assert miss is not None
    assert "27 of 28 days; earliest on 2026-11-21" in miss


def test_class_that_is_stated_as_tried_is_no_gap() -> None:
    assert steps(stated=frozenset({"another.class"})) == steps() != []
    assert steps(stated=frozenset({"crs.incs"})) == []


@pytest.mark.parametrize(("age", "first"), [("11 years", True), ("12 years", False)])
def test_step_for_some_patients_is_for_those_who_surely_meet_its_criterion(
    age: str, first: bool
) -> None:
    found = [therapy for therapy, _ in steps("ad.contraindicated", age=age, weight="40 kg")]
    assert ("specialist_child" in found) is first
    assert "tralokinumab" in found


def test_step_of_patients_of_unknown_age_is_not_told() -> None:
    assert "specialist_child" not in [one for one, _ in steps("ad.contraindicated", born=None)]


def test_step_that_waits_for_closed_gaps_is_told_when_none_is_left() -> None:
    waiting = [
        (one, step)
        for pathway in library().clinical.pathways.values()
        for one in pathway.situations
        for step in one.order
        if step.once_closed and step.when is None and step.unless is None
    ]
    assert waiting
    for one, step in waiting:
        gaps = [other for other in one.order if other.missing is not None]
        indication = one.id.partition(".")[0]
        told = [found.step for found in needed_steps(patient(indication, **HELD), one, frozenset())]
        open_gaps = any(gap in told for gap in gaps)
        assert (step in told) is not open_gaps


def trials(**statements: object) -> frozenset[str]:
    visit = visit_of(body_of({**POLYPS, **statements}), **HELD)
    return stated_trials(assess_order(visit, question_in(visit)).assessment)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ({}, frozenset()),
        ({"yes": f"{INCS}.exception_all"}, frozenset({"crs.incs"})),
        ({"no": f"{INCS}.exception_all"}, frozenset()),
        ({"yes": f"{INCS}.failed4w.outcome"}, frozenset({"crs.incs"})),
        ({"no": f"{INCS}.failed4w.outcome"}, frozenset()),
    ],
)
def test_classes_that_the_prescriber_states_as_tried_or_ruled_out(
    statements: Json, expected: frozenset[str]
) -> None:
    assert trials(statements=statements) == expected
