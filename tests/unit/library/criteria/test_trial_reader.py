"""A trial: its supply, which claims show, and its outcome, which the prescriber states."""

from typing import Any

import pytest
from support.criterion_reader import messages, reader

from service.library.criteria.trial_reader import parse_trial
from service.policy.amount import Span
from service.policy.model import Op
from service.policy.operators import Operator, Sessions, Supply, TrialOutcome


def parts(**trial: Any) -> tuple[list[Operator | None], list[str]]:
    read_with = reader()
    raw = {"id": "ad.tried", "says": "A steroid", "cite": "1", "trial": {"of": "steroid", **trial}}
    criterion = parse_trial(read_with, raw, (), ("ad.any",))
    below = criterion.children if criterion else ()
    assert criterion is None or criterion.op is Op.ALL
    return [child.operator for child in below], messages(read_with)


def test_trial_is_supply_and_an_outcome_that_a_statement_answers() -> None:
    (supply, outcome), wrong = parts(**{"for": "42 days", "ended_within": "180 days"})
    assert wrong == []
    assert isinstance(supply, Supply)
    assert (supply.of, supply.days, supply.longest) == (("steroid",), Span(days=42), None)
    assert supply.ended_within == Span(days=180)
    assert outcome == TrialOutcome(of=("steroid",), ids=("ad.tried.outcome", "ad.tried", "ad.any"))


def test_unbroken_trial_is_one_run() -> None:
    (supply, _), _ = parts(**{"for": "42 days", "unbroken": True})
    assert isinstance(supply, Supply)
    assert (supply.days, supply.longest) == (None, Span(days=42))


def test_length_is_the_policys_where_the_trial_has_none() -> None:
    (supply, _), _ = parts()
    assert isinstance(supply, Supply)
    assert supply.days == reader().policy.trial.for_


def test_sessions_last_from_the_first_to_the_last() -> None:
    (sessions, _), wrong = parts(**{"for": "90 days", "counted_by": "sessions"})
    assert wrong == []
    assert isinstance(sessions, Sessions)
    assert sessions.first_to_last == Span(days=90)


def test_evidence_of_the_trial_is_a_set_of_the_policy() -> None:
    (supply, _), wrong = parts(accepts="claims")
    assert wrong == []
    assert isinstance(supply, Supply)
    assert supply.accepts == ("claim", "dispense")


@pytest.mark.parametrize(
    ("trial", "message"),
    [
        (
            {"counted_by": "sessions", "unbroken": True},
            "'unbroken' and 'otherwise' are for supply, not for sessions",
        ),
        ({"for": "2 months"}, "for: days are counted here; write it in days or weeks"),
        ({"fore": "42 days"}, "unknown key 'fore'; did you mean 'for'?"),
        ({"outcome_says": "Failed"}, "outcome_says: holds {says} and no other braces"),
    ],
)
def test_mistake_in_a_trial_is_noted(trial: dict[str, Any], message: str) -> None:
    assert parts(**trial)[1] == [message]
