"""One order judged and rendered: its cards, its twin and its row for the store."""

from copy import deepcopy
from typing import Any

import pytest
from support.visits import DRUG, Json, body_of, drafts_in, visit_of

from service.advise.order_advice import Judgement, judge_order, render

CLAIMS = {"claims_held": "2015-01-01"}
POLYPS: Json = {
    "prescriber": "otolaryngology",
    "diagnoses": [{"is": "nasal polyps"}],
    "order": {"reason": "nasal polyps", "loading": None, "quantity": "2 syringes"},
}


def judged(body: Json, which: int = 0) -> Judgement:
    visit = visit_of(body, **CLAIMS)
    drafts = drafts_in(visit)
    return judge_order(visit, DRUG, drafts[which], drafts)


def twice(body: Json) -> Json:
    """The request with its order drafted twice."""
    entries = body["context"]["draftOrders"]["entry"]
    again = deepcopy(entries[0]["resource"])
    again["id"] = "rx2"
    entries.append({"resource": again})
    return body


def rendered(judgement: Judgement, body: Json) -> Any:
    return render(judgement, visit_of(body).library.wording)


def test_order_has_coverage_first_then_therapies_then_considerations() -> None:
    found = rendered(judged(body_of(POLYPS)), body_of(POLYPS))
    assert [card.kind for card in found.cards] == ["coverage", "alternatives", "considerations"]
    assert found.twin["order"] == "MedicationRequest/rx1"
    assert found.twin["situation"] == "crswnp.gap"


@pytest.mark.parametrize(
    "body",
    [
        body_of(POLYPS, "order-select"),
        body_of(POLYPS, modifierExtension=[{"url": "https://ehr.example/odd"}]),
    ],
    ids=["only selected", "held"],
)
def test_selected_order_and_order_that_is_held_have_coverage_alone(body: Json) -> None:
    judgement = judged(body)
    assert judgement.suggestions.offer is None
    assert [card.kind for card in rendered(judgement, body).cards] == ["coverage"]


def test_therapies_are_told_once_for_several_orders_and_none_is_corrected_by_a_click() -> None:
    too_high = {**POLYPS, "order": {**POLYPS["order"], "dose": "301 mg"}}
    body = twice(body_of(too_high))
    first, second = judged(body), judged(body, 1)
    assert first.suggestions.offer is not None
    assert second.suggestions.offer is None
    assert first.orders == second.orders == ("MedicationRequest/rx1", "MedicationRequest/rx2")
    assert first.scene.several_orders
    assert first.scene.repair is None
    assert judged(body_of({"order": {"dose": "301 mg"}})).scene.repair is not None


def test_payer_of_no_policy_has_no_name_of_ours() -> None:
    known, unknown = judged(body_of({})), judged(body_of({"coverage": "Aetna"}))
    assert known.scene.payer_short == "BCBSMS"
    assert unknown.scene.payer == unknown.scene.payer_short != "BCBSMS"


def test_row_has_ids_and_outcome_and_neither_patient_nor_evidence() -> None:
    found = rendered(judged(body_of(POLYPS)), body_of(POLYPS))
    row = found.row
    assert (row["order"], row["path"], row["indication"], row["outcome"]) == (
        "MedicationRequest/rx1",
        "initial",
        "crswnp",
        "unknown",
    )
    assert (row["policy"], row["effective"]) == ("bcbsms/L.5.01.513", "2025-10-01")
    assert [kind for _, kind, _, _ in row["cards"]] == [card.kind for card in found.cards]
    assert row["open"]
    assert "patient" not in row
    assert "p1" not in str({name: value for name, value in row.items() if name != "cards"})


def test_row_of_an_order_without_a_policy_names_none() -> None:
    body = body_of({"coverage": "Aetna"})
    row = rendered(judged(body), body).row
    assert (row["policy"], row["effective"], row["open"], row["outcome"]) == (
        None,
        None,
        [],
        "no_policy",
    )
