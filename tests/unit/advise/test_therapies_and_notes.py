"""What is said beside coverage: therapies of the first situation that fits, and considerations."""

from dataclasses import replace
from typing import Any

import pytest
from support.visits import DRUG, Json, body_of, drafts_in, question_in, visit_of

from service.advise.assessed_order import assess_order
from service.advise.order_advice import judge_order
from service.advise.therapies_and_notes import suggestion_cards, suggestions_for
from service.clinical.suggestions import Suggestions
from service.clinical.therapies_and_pathways import POLICY

CLAIMS: dict[str, Any] = {"claims_held": "2015-01-01"}
POLYPS: Json = {
    "prescriber": "otolaryngology",
    "diagnoses": [{"is": "nasal polyps"}],
    "order": {"reason": "nasal polyps", "loading": None, "quantity": "2 syringes"},
}
ALLERGY: Json = {"allergies": [{"to": "dupilumab"}]}


def beside(given: Json, payer: str | None = "bcbsms", held: Json = CLAIMS) -> Suggestions:
    visit = visit_of(body_of(given), **held)
    question = question_in(visit)
    assessed = assess_order(visit, question)
    case = assessed.case
    return suggestions_for(visit.library, payer, case, assessed.assessment)


def situation(found: Suggestions) -> str | None:
    return found.offer.situation.id if found.offer else None


@pytest.mark.parametrize(
    ("given", "held", "expected"),
    [
        (POLYPS, CLAIMS, "crswnp.gap"),
        (POLYPS, {}, None),
        ({**POLYPS, **ALLERGY}, CLAIMS, "crswnp.contraindicated"),
        (ALLERGY, {}, "ad.contraindicated"),
    ],
)
def test_first_situation_that_fits_the_patient_is_told(
    given: Json, held: Json, expected: str | None
) -> None:
    assert situation(beside(given, held=held)) == expected


def test_patient_whose_order_no_policy_judges_has_therapies_and_considerations_too() -> None:
    found = beside({**POLYPS, **ALLERGY, "coverage": "Aetna"}, None)
    assert situation(found) == "crswnp.contraindicated"
    starting = beside({**POLYPS, "coverage": "Aetna"}, None)
    assert "common.note.start" in [note.id for note in starting.notes]


def test_considerations_on_starting_are_not_told_to_who_goes_on_with_the_drug() -> None:
    going_on = {
        "coverage": "Aetna",
        "claims": [{"drug": "dupilumab 300 mg syringe", "days": 200, "on": "190 days ago"}],
    }
    assert "common.note.start" in [note.id for note in beside({"coverage": "Aetna"}).notes]
    assert "common.note.start" not in [note.id for note in beside(going_on).notes]


def test_consideration_that_the_situation_says_itself_is_left_out() -> None:
    alone, with_situation = beside({}), beside(ALLERGY)
    assert [note.id for note in alone.notes]
    assert not {note.id for note in with_situation.notes} & {
        "common.note.start",
        "ad.note.start",
    }


LESS_THAN_THE_LABEL: Json = {
    "claims": [{"drug": "dupilumab", "days": 300, "on": "290 days ago"}],
    "findings": [
        {"what": "EASI", "value": "28 score", "on": "300 days ago"},
        {"what": "EASI", "value": "27 score", "on": "3 days ago"},
    ],
    "order": {"loading": None, "every": "28 days", "quantity": "1 syringe"},
}


@pytest.mark.parametrize(("coverage", "named"), [("BCBSMS", True), ("Aetna", False)])
def test_citation_names_the_policy_that_judged_and_has_no_gap_where_none_did(
    coverage: str, named: bool
) -> None:
    found = beside({**LESS_THAN_THE_LABEL, "coverage": coverage})
    assert found.offer is not None
    assert found.offer.situation.id == "ad.below_label"
    cite = found.offer.situation.cite
    assert ("BCBSMS L.5.01.513" in cite) is named
    assert POLICY not in cite
    assert all(part.strip() for part in cite.split(";"))


def test_head_of_a_situation_names_its_disease_if_the_order_is_for_several() -> None:
    both = [{"is": "asthma"}, {"is": "atopic dermatitis (SNOMED)", "severity": "severe"}]
    found = beside({**ALLERGY, "order": {"reason": None}, "diagnoses": both})
    alone = beside(ALLERGY)
    assert found.offer is not None
    assert alone.offer is not None
    assert found.offer.situation.says == f"Atopic dermatitis: {alone.offer.situation.says}"


def test_cards_follow_coverage_for_what_there_is() -> None:
    visit = visit_of(body_of(POLYPS), **CLAIMS)
    drafts = drafts_in(visit)
    judgement = judge_order(visit, DRUG, drafts[0], drafts)
    wording, scene = visit.library.wording, judgement.scene
    notes = Suggestions(notes=judgement.suggestions.notes)
    for told, kinds in (
        (judgement.suggestions, ["alternatives", "considerations"]),
        (notes, ["considerations"]),
        (Suggestions(), []),
    ):
        cards = suggestion_cards(wording, told, judgement.orders, scene)
        assert [card.kind for card in cards] == kinds


def test_option_has_the_outcome_of_this_payer_s_own_policy_for_it() -> None:
    visit = visit_of(body_of(ALLERGY), **CLAIMS)
    question = question_in(visit)
    assert question.policy is not None
    own = replace(question.policy, drug="tralokinumab")
    library = replace(visit.library, policies=(*visit.library.policies, own))
    assessed = assess_order(visit, question)
    case = assessed.case
    for payer, expected in (("bcbsms", "not_met"), ("aetna", None), (None, None)):
        found = suggestions_for(library, payer, case, assessed.assessment)
        assert found.offer is not None
        told = {option.therapy.id: option.coverage for option in found.offer.options}
        assert told["tralokinumab"] == expected
        assert told["lebrikizumab"] is None
