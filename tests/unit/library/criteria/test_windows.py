"""Spans and bounds that make a question always or never true."""

import pytest

from service.library.criteria.windows import wrong_defaults, wrong_windows
from service.library.shapes import TrialDefaultsShape
from service.policy.amount import Span
from service.policy.operators import CoveredDays, CurrentFor, Operator, Sessions, Supply

OF = ("a.class",)


def days(count: int) -> Span:
    return Span(days=count)


# What a trial must say besides its spans.
SAID: dict[str, str] = {
    "accepts": "claim",
    "supply_says": "{says}",
    "sessions_says": "{says}",
    "outcome_says": "{says}",
    "outcome_asks": "{says}",
}


def trial(**change: str) -> TrialDefaultsShape:
    spans = {"for": "28 days", "gap": "14 days", "look_back": "12 months", **change}
    return TrialDefaultsShape.model_validate({**SAID, **spans})


def wrong(asked: Operator | None) -> list[str]:
    return [".".join(keys) for keys, _ in wrong_windows(asked, {}, trial())]


CASES = {
    "days": (
        Supply(of=OF, days=days(100), look_back=days(100)),
        Supply(of=OF, days=days(101), look_back=days(100)),
        "supply.days",
    ),
    "ended within": (
        Supply(of=OF, ended_within=days(100), look_back=days(100)),
        Supply(of=OF, ended_within=days(101), look_back=days(100)),
        "supply.ended_within",
    ),
    "covered": (
        Supply(of=OF, covered=CoveredDays(at_least=days(30), in_last=days(30))),
        Supply(of=OF, covered=CoveredDays(at_least=days(31), in_last=days(30))),
        "supply.covered.at_least",
    ),
    "current": (
        Supply(of=OF, current_for=CurrentFor(at_least=days(30), gap=days(30))),
        Supply(of=OF, current_for=CurrentFor(at_least=days(30), gap=days(31))),
        "supply.current_for.gap",
    ),
    "longest": (
        Supply(of=OF, longest=days(30), gap=days(30)),
        Supply(of=OF, longest=days(30), gap=days(31)),
        "supply.gap",
    ),
    "sessions": (
        Sessions(of=OF, first_to_last=days(30), ended_within=Span(months=12)),
        Sessions(of=OF, first_to_last=days(30), ended_within=Span(months=13)),
        "sessions.ended_within",
    ),
}


@pytest.mark.parametrize(("sound", "unsound", "where"), CASES.values(), ids=CASES)
def test_span_that_does_not_fit_into_its_window_is_wrong(
    sound: Operator, unsound: Operator, where: str
) -> None:
    assert wrong(sound) == []
    assert wrong(unsound) == [where]


def test_nothing_asked_is_not_wrong() -> None:
    assert wrong(None) == []


def test_trial_longer_than_the_time_looked_back_over_is_wrong() -> None:
    assert list(wrong_defaults(trial())) == []
    (found,) = wrong_defaults(trial(**{"for": "400 days"}))
    assert found == (
        ("trial", "for"),
        "400 days are longer than the 12 months that are looked back over",
    )
    assert [place for place, _ in wrong_defaults(trial(gap="400 days"))] == [("trial", "gap")]
