"""Which situation a patient is in, and which considerations apply."""

from dataclasses import replace
from typing import Literal

import pytest
from support.cases.run import library
from support.visits import Json, body_of, question_in, visit_of

from service.advise.assessed_order import assess_order, case_of
from service.clinical.model import Pathway, Situation, Stage
from service.clinical.situations import (
    asks_lists,
    is_in_stage,
    is_intolerant,
    is_shown,
    notes_for,
    situations_of,
    taken_less,
)
from service.clinical.steps import stated_trials
from service.facts.case import Case
from service.policy.assess import Assessment
from service.policy.model import Criterion, Op
from service.policy.operators import Supply

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
    return case_of(visit, question, assessed), assessed.assessment


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


def notes(given: Json, path: str = "initial", situation: str | None = None) -> list[str]:
    case, _ = judged(given)
    return [note.id for note in notes_for(case, CLINICAL, case.indications, path, situation)]


def test_consideration_on_starting_is_for_the_initial_path_and_who_starts() -> None:
    assert "common.note.start" in notes({})
    assert "common.note.start" not in notes({}, "renewal")
    taken = [{"drug": "dupilumab 300 mg syringe", "days": 200, "on": "190 days ago"}]
    assert "common.note.start" not in notes({"claims": taken})


def test_consideration_is_told_if_its_criterion_is_met_even_by_a_list_alone() -> None:
    cream = [{"drug": "ruxolitinib cream", "from": "60 days ago"}]
    assert "common.note.topical_jak" in notes({"chart": cream})
    assert "common.note.topical_jak" not in notes({})


def test_considerations_are_in_the_order_of_their_weight() -> None:
    case, _ = judged({"chart": [{"drug": "ruxolitinib cream", "from": "60 days ago"}]})
    found = notes_for(case, CLINICAL, case.indications, "initial", None)
    weights = [note.weight for note in found]
    assert len(weights) > 1
    assert weights == sorted(weights, reverse=True)


def test_consideration_that_the_situation_says_itself_is_left_out() -> None:
    case, _ = judged({})
    note = notes_for(case, CLINICAL, case.indications, "initial", None)[0]
    known = next(key for key, of in CLINICAL.notes.items() if note in of)
    unless = replace(note, unless=frozenset({"a.situation"}))
    clinical = replace(CLINICAL, notes={known: (unless,)})
    told = [
        notes_for(case, clinical, case.indications, "initial", situation)
        for situation in (None, "a.situation")
    ]
    assert told == [(unless,), ()]


def supplied(elsewhere: Literal["weak", "review"]) -> Criterion:
    operator = Supply(of=("immunomodulator.topical_jak",), now=True, elsewhere=elsewhere)
    return Criterion("test.supply", "Supplied", "L1", Op.LEAF, operator=operator)


def test_evidence_from_lists_alone_shows_a_risk_where_the_test_leaves_it_to_a_reviewer() -> None:
    reviewed, strict = supplied("review"), supplied("weak")
    assert (asks_lists(reviewed), asks_lists(strict)) == (True, False)
    listed, _ = judged({"chart": [{"drug": "ruxolitinib cream", "from": "60 days ago"}]})
    nothing, _ = judged({})
    assert is_shown(listed, reviewed)
    assert not is_shown(listed, strict)
    assert not is_shown(nothing, reviewed)
