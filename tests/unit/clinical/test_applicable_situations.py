"""Which situation a patient is in, and which considerations apply."""

from dataclasses import replace
from typing import Literal

import pytest
from support.cases.run import library
from support.fact_case import in_words, patient
from support.visits import Json, body_of, question_in, visit_of

from service.advise.assessed_order import assess_order
from service.clinical.applicable_situations import (
    is_in_stage,
    is_intolerant,
    needed_steps,
    situations_of,
    stated_trials,
    taken_less,
)
from service.clinical.therapies_and_pathways import Pathway, Situation, Stage
from service.facts.case import Case
from service.policy.assessment import Assessment

CLINICAL = library().clinical
POLYPS: Json = {
    "prescriber": "otolaryngology",
    "diagnoses": [{"is": "nasal polyps"}],
    "order": {"reason": "nasal polyps", "loading": None, "quantity": "2 syringes"},
}
SPRAY = {"drug": "fluticasone nasal spray", "days": 60, "on": "59 days ago"}
COVERAGES: tuple[Literal["not_met", "unmet"], ...] = ("not_met", "unmet")
ALLERGY: Json = {"allergies": [{"to": "dupilumab"}]}
STOPPED = {"drug": "dupilumab", "on": "112 days ago", "status": "stopped"}
HARMED: Json = {"orders": [{**STOPPED, "why": "stopped, side effect"}]}
INEFFECTIVE: Json = {"orders": [{**STOPPED, "why": "stopped, ineffective"}]}
# Half of the labelled dose, and no better.
UNDERDOSED: Json = {
    "claims": [{"drug": "dupilumab", "days": 300, "on": "290 days ago"}],
    "findings": [
        {"what": "EASI", "value": "28 score", "on": "300 days ago"},
        {"what": "EASI", "value": "27 score", "on": "3 days ago"},
    ],
}
LATE = {"order": {"loading": None, "every": "28 days", "quantity": "1 syringe"}}


def judged(given: Json, held: str = "2015-01-01") -> tuple[Case, Assessment]:
    visit = visit_of(body_of(given), claims_held=held)
    question = question_in(visit)
    assessed = assess_order(visit, question)
    return assessed.case, assessed.assessment


def pathway_of(case: Case) -> Pathway:
    return CLINICAL.pathways[case.drug, case.indications[0]]


def situations(given: Json, held: str = "2015-01-01", *stated: str) -> list[str]:
    case, assessment = judged(given, held)
    return applying(case, pathway_of(case), assessment, *stated)


def applying(case: Case, pathway: Pathway, assessment: Assessment, *stated: str) -> list[str]:
    trials = stated_trials(assessment) | set(stated)
    found = situations_of(case, pathway, assessment, trials)
    return [one.id for one in found]


@pytest.mark.parametrize(
    ("given", "held", "expected"),
    [
        (POLYPS, "2015-01-01", ["crswnp.gap"]),
        (POLYPS, "no", []),
        ({**POLYPS, "claims": [SPRAY]}, "2015-01-01", []),
        (ALLERGY, "no", ["ad.contraindicated"]),
    ],
    ids=["no spray", "claims not held", "spray", "allergy"],
)
def test_situation_applies_if_its_criterion_surely_does_and_a_step_is_left(
    given: Json, held: str, expected: list[str]
) -> None:
    assert situations(given, held) == expected


def test_situation_without_a_step_left_is_passed_over() -> None:
    assert situations(POLYPS, "2015-01-01", "another.class") == ["crswnp.gap"]
    assert situations(POLYPS, "2015-01-01", "crs.incs") == []


def test_gap_of_coverage_is_none_where_no_policy_judges() -> None:
    assert situations({**POLYPS, "coverage": "Aetna"}) == []
    assert situations({**POLYPS, **ALLERGY, "coverage": "Aetna"})[0] == "crswnp.contraindicated"


TOO_HIGH: Json = {**POLYPS, "order": {**POLYPS["order"], "dose": "301 mg"}, "claims": [SPRAY]}
DENIED: Json = {**POLYPS, "claims": [SPRAY], "statements": {"no": "crswnp.initial.duration12w"}}


@pytest.mark.parametrize(
    ("given", "outcome", "expected"),
    [
        ({**POLYPS, "claims": [SPRAY]}, "unknown", ["any", "unmet"]),
        (TOO_HIGH, "not_met", ["any", "unmet"]),
        (DENIED, "not_met", ["any", "not_met", "unmet"]),
        ({**POLYPS, "coverage": "Aetna"}, "no_policy", ["any"]),
    ],
    ids=["open", "the dose alone", "a criterion", "no policy"],
)
def test_situation_is_for_an_order_that_is_open_or_not_eligible_for_more_than_its_dose(
    given: Json, outcome: str, expected: list[str]
) -> None:
    case, assessment = judged(given)
    assert assessment.outcome == outcome
    plain = Situation("any", "Any", "L1", None, ())
    every = (plain, *(replace(plain, id=one, coverage=one) for one in COVERAGES))
    pathway = Pathway("crswnp", "dupilumab", every)
    assert applying(case, pathway, assessment) == expected


@pytest.mark.parametrize(("given", "path"), [(POLYPS, "initial"), (DENIED, "initial")])
def test_situation_of_another_path_is_passed_over(given: Json, path: str) -> None:
    case, assessment = judged(given)
    assert assessment.path == path
    other = Situation("renewal", "Renewal", "L1", None, (), only=("renewal",))
    own = Situation("initial", "Initial", "L1", None, (), only=("initial",))
    pathway = Pathway("crswnp", "dupilumab", (other, own))
    assert applying(case, pathway, assessment) == ["initial"]


def test_drug_that_failed_below_the_label_has_not_failed() -> None:
    assert situations({**UNDERDOSED, **LATE})[0] == "ad.below_label"
    assert "ad.below_label" not in situations({**UNDERDOSED, "order": {"loading": None}})


@pytest.mark.parametrize(("quantity", "less"), [("1 syringe", True), ("2 syringes", False)])
def test_less_than_the_label_was_taken_if_complete_fills_show_it(quantity: str, less: bool) -> None:
    drug = "dupilumab 300 mg syringe"
    days = ["today", *(f"{28 * n} days ago" for n in range(1, 8))]
    claims = [{"drug": drug, "days": 28, "on": day, "quantity": quantity} for day in days]
    case, assessment = judged({"claims": claims})
    assert (taken_less(case, pathway_of(case), assessment) is not None) is less


@pytest.mark.parametrize(
    ("given", "intolerant"), [(HARMED, True), (INEFFECTIVE, False), ({}, False)]
)
def test_patient_is_intolerant_if_the_drug_was_stopped_for_a_side_effect(
    given: Json, intolerant: bool
) -> None:
    case, _ = judged(given)
    assert is_intolerant(CLINICAL, case) is intolerant
    harmed = frozenset([Stage.INTOLERANT])
    assert is_in_stage(case, pathway_of(case), harmed) is intolerant


def test_stage_is_not_asked_for_where_none_is_required_or_unknown_without_a_pathway() -> None:
    case, _ = judged({})
    assert is_in_stage(case, None, frozenset())
    assert not is_in_stage(case, None, frozenset([Stage.NOT_STARTED]))
    assert is_in_stage(case, pathway_of(case), frozenset([Stage.NOT_STARTED]))


HELD = {"claims_held": "2015-01-01"}
INCS = "crswnp.initial.incs"


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
