"""The operator of a leaf: names resolved, single names as lists, mistakes with their words."""

from typing import Any

import pytest
from support.criterion_reader import messages, reader

from service.library.criteria.operator_reader import parse_operator
from service.policy.amount import Span
from service.policy.operators import (
    ApprovedBefore,
    AtMostOneOf,
    Compare,
    ExposedFor,
    Operator,
    Recorded,
    Statement,
    Stopped,
    Supply,
)


def parsed(raw: dict[str, Any]) -> tuple[Operator | None, list[str]]:
    read_with = reader()
    key = next(word for word in raw if word not in ("id", "is"))
    return parse_operator(read_with, raw, (), key), messages(read_with)


@pytest.mark.parametrize(
    ("raw", "operator"),
    [
        ({"statement": True, "id": "ad.x"}, Statement(ids=("ad.x",))),
        ({"statement": "review", "id": "ad.x"}, Statement(ids=("ad.x",), for_review=True)),
        ({"recorded": "disease"}, Recorded(fact=("disease",))),
        ({"approved_before": True}, ApprovedBefore()),
        (
            {"supply": {"of": "steroid", "ever": True, "accepts": "claims"}},
            Supply(of=("steroid",), ever=True, accepts=("claim", "dispense")),
        ),
        (
            {"exposed_for": {"of": "requested_drug", "at_least": "6 months"}},
            ExposedFor(of=("drug",), at_least=Span(months=6)),
        ),
        (
            {"stopped": {"of": "tci", "for": "allergy"}},
            Stopped(of=("tci",), reasons=("reason.allergy",)),
        ),
        (
            {"at_most_one_of": {"of": ["steroid", "tci"]}},
            AtMostOneOf(of=("steroid", "tci")),
        ),
    ],
)
def test_word_is_read_as_its_operator(raw: dict[str, Any], operator: Operator) -> None:
    assert parsed(raw) == (operator, [])


def test_fact_is_read_as_a_comparison() -> None:
    operator, wrong = parsed({"fact": "easi", "at_least": "16 points"})
    assert isinstance(operator, Compare)
    assert wrong == []


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"approved_before": False}, "approved_before is true"),
        (
            {"at_most_one_of": {"of": ["steroid"]}},
            "at most one of them: two value sets or more are needed",
        ),
        ({"regimen": {**dict.fromkeys(("of", "weight"), "x"), "phase": "initial"}}, None),
        (
            {"trend": {"of": "easi", "better": "lower", "margin": "9 points"}},
            "unknown key 'margin'; did you mean 'by'?",
        ),
        (
            {"episodes": {"of": "flares", "at_least": 0, "in_last": "1 year"}},
            "at_least is at least 1",
        ),
        ({"specialty": {"any_of": {"eczema": "dermatologist"}}}, "no indication 'eczema'"),
        ({"supply": "steroid"}, "this has keys of its own, each with a colon"),
    ],
)
def test_mistake_in_an_operator_is_noted(raw: dict[str, Any], message: str | None) -> None:
    _, wrong = parsed(raw)
    assert (message in wrong) if message else len(wrong) == 3  # one for each missing span
