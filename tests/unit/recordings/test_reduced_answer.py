"""What is kept of an answer, and how two are compared."""

import pytest

from service.recordings.reduced_answer import (
    TWIN,
    as_comparable,
    differences,
    known_alone,
    reduced,
)


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


STRANGE = [None, 7, "x", [], ["x"], [7], {}, {"x": 7}]


@pytest.mark.parametrize("value", STRANGE)
@pytest.mark.parametrize("name", ["policy", "criteria", "alternatives", "notes", "outcome", "open"])
def test_an_assessment_of_any_shape_is_read(name: str, value: object) -> None:
    kept = reduced({"cards": [{"extension": {TWIN: {name: value}}}]})
    assert len(kept["orders"]) == 1
    other = reduced({"cards": [card("met", "met")]})
    assert [*differences(kept, other)]
    assert [*differences(other, kept)]


@pytest.mark.parametrize("value", STRANGE)
@pytest.mark.parametrize("name", ["suggestions", "overrideReasons", "extension", "indicator"])
def test_a_card_of_any_shape_is_read(name: str, value: object) -> None:
    assert len(reduced({"cards": [{name: value}, value]})["cards"]) >= 1


def test_cards_of_one_kind_differ_in_a_member() -> None:
    old = reduced({"cards": [{"indicator": "info", "overrideReasons": [{}]}]})
    new = reduced({"cards": [{"indicator": "info", "overrideReasons": [{}, {}]}]})
    assert [*differences(old, new)] == ["card 1 overrideReasons: 1 → 2"]


def test_words_that_were_left_out_make_no_difference() -> None:
    whole = reduced({"cards": [card("met", "unheard_of")]})
    kept = known_alone(whole, frozenset({"p@2026-01-01"}))
    assert kept["orders"][0]["outcome"] is None
    assert [*differences(kept, as_comparable(whole, kept))] == []
    other = reduced({"cards": [card("met", "not_met")]})
    assert [*differences(kept, as_comparable(other, kept))] == ["outcome: None → not_met"]
    assert as_comparable(other, whole) == other
