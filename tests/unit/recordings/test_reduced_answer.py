"""What is kept of an answer, and how two are compared."""

import pytest

from service.recordings.reduced_answer import TWIN, differences, reduced


def card(truth: str, outcome: str) -> dict[str, object]:
    twin = {
        "order": "MedicationRequest/Okafor",
        "policy": {"id": "p", "effective": "2026-01-01"},
        "outcome": outcome,
        "criteria": [{"id": "a", "truth": truth, "reason": None, "miss": "Okafor", "children": []}],
    }
    return {"summary": "Okafor", "indicator": "info", "extension": {TWIN: twin}}


def test_no_text_is_kept() -> None:
    kept = reduced({"cards": [card("met", "met")]})
    assert "Okafor" not in str(kept)
    assert kept["orders"][0]["criteria"] == {"a": ["met", None]}


def test_what_differs_is_said() -> None:
    old, new = (reduced({"cards": [card(truth, truth)]}) for truth in ("met", "not_met"))
    assert [*differences(old, new)] == ["outcome: met → not_met", "a: met → not_met"]
    assert [*differences(old, old)] == []
    assert [*differences(old, reduced({"cards": []}))] == ["orders: 1 → 0", "cards: info → none"]


@pytest.mark.parametrize("answer", [None, [], {}, {"cards": 7}])
def test_a_wrong_answer_is_not_readable(answer: object) -> None:
    assert reduced(answer)["readable"] is False
