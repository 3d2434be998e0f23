"""A draft without a reason gets one from the problem list."""

from typing import Any

import pytest
from support.visits import Json, body_of, drafts_in, order_in, question_in, visit_of

from service.clinical.orders.missing_reason import MOST_REASONS, reasons_missing
from service.clinical.suggestions import Fix

NO_REASON = {"order": {"reason": None}}
ECZEMA = {"is": "atopic dermatitis (SNOMED)", "severity": "severe"}
HIVES = [{"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "L50.8"}]}]


def fixes(given: Json | None = None, **changes: Any) -> tuple[Fix, ...]:
    body = body_of({**NO_REASON, **(given or {})}, **changes)
    visit = visit_of(body)
    policy = question_in(visit).policy
    assert policy is not None
    source = visit.library.source_of("Condition")
    (draft,) = drafts_in(visit)
    return reasons_missing(visit.record, draft, policy, source, visit.library.knowledge.pointing)


def diseases(given: Json | None = None, **changes: Any) -> list[str]:
    return [fix.about for fix in fixes(given, **changes)]


def test_diagnosis_of_the_problem_list_is_added_with_its_code_and_reference() -> None:
    (fix,) = fixes()
    assert (fix.kind, fix.about) == ("add_reason", "ad")
    (reason,) = fix.resource["reasonCode"]
    assert reason["text"] == fix.says
    assert reason["coding"]
    assert fix.resource["reasonReference"] == [{"reference": "Condition/diagnoses-1"}]
    assert fix.resource["id"] == order_in(body_of(NO_REASON))["id"]


def test_each_disease_is_offered_and_no_more_than_so_many() -> None:
    names = ["asthma", "nasal polyps", "eosinophilic esophagitis", "COPD"]
    both = [ECZEMA, {"is": names[0]}]
    assert diseases({"diagnoses": both}) == ["ad", "asthma"]
    every = [ECZEMA, *({"is": name} for name in names)]
    assert len(diseases({"diagnoses": every})) == MOST_REASONS


@pytest.mark.parametrize(
    "diagnoses",
    [[], [{**ECZEMA, "verified": "refuted"}], [{**ECZEMA, "status": "resolved"}]],
    ids=["none", "refuted", "resolved"],
)
def test_disease_that_is_not_on_the_problem_list_is_not_offered(diagnoses: list[Json]) -> None:
    assert diseases({"diagnoses": diagnoses}) == []


def test_order_for_another_disease_gets_no_reason() -> None:
    assert diseases(reasonCode=HIVES) == []


def test_reason_of_the_prescriber_stays_behind_the_disease_that_it_points_at() -> None:
    rash: Json = {"order": {"reason": None, "reason_in_words": "rash"}}
    assert diseases(rash) == []
    words: Json = {"order": {"reason": None, "reason_in_words": "eczema"}}
    for fix in fixes(words):
        assert fix.about == "ad"
        assert fix.resource["reasonCode"][1:] == [{"text": "eczema"}]


def test_draft_without_a_usable_id_cannot_be_changed() -> None:
    assert diseases(id="rx1") == ["ad"]
    assert diseases(id="no id") == []
    assert diseases(id=None) == []
