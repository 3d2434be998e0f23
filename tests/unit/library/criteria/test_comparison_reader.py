"""`fact` and `recorded`: facts of the right kind, bounds in the fact's unit and range."""

from typing import Any

import pytest
from support.criterion_reader import messages, reader

from service.library.criteria.comparison_reader import RECORDED, check_episodes, compare, recorded
from service.policy.amount import Amount, Span
from service.policy.operators import Compare, Episodes, Recorded


def compared(**raw: Any) -> tuple[object, list[str]]:
    read_with = reader()
    return compare(read_with, raw, ()), messages(read_with)


def test_bound_and_evidence_become_a_comparison() -> None:
    asked, wrong = compared(fact="easi", at_least="16 points", within="28 days", accepts="claims")
    assert wrong == []
    assert asked == Compare(
        fact="easi",
        at_least=Amount(value=16, unit="points"),
        within=Span(days=28),
        accepts=("claim", "dispense"),
    )


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"fact": "easi", "at_least": "72 points"}, None),
        ({"fact": "easi", "at_least": "73 points"}, "73 points lies outside the range of 'easi'"),
        ({"fact": "easi", "at_least": "1 kg"}, "the unit is 'kg', 'easi' is in 'points'"),
        ({"fact": "easi"}, "'easi' is compared with nothing; say at_least or less_than"),
        (
            {"fact": "disease", "at_least": "1 points"},
            "'disease' is a diagnosis; it cannot be compared",
        ),
        ({"fact": "age", "at_least": "12 years"}, None),
        ({"fact": "age", "at_most": "12 years"}, "an age takes at_least or less_than"),
        ({"fact": "easy", "at_least": "1 points"}, "no fact 'easy'; did you mean 'easi'?"),
        (
            {"fact": "easi", "at_least": "9 points", "less_than": "9 points"},
            "no value lies between these bounds",
        ),
        (
            {"fact": "easi", "at_least": "9 points", "baseline_within": "9 days"},
            "'baseline_within' means nothing without 'pick: baseline_if_treated'",
        ),
    ],
)
def test_comparison_that_means_nothing_is_a_mistake(
    raw: dict[str, Any], message: str | None
) -> None:
    _, wrong = compared(**raw)
    assert wrong == ([message] if message else [])


def test_comparison_with_a_wrong_shape_is_none() -> None:
    assert compared(fact="easi", at_least="much") == (
        None,
        ["at_least: an amount is a number and a unit, like '10 % BSA'"],
    )


def test_one_fact_or_several_may_be_recorded() -> None:
    for written in ("disease", ["disease"]):
        assert recorded(reader(), {"recorded": written}, ()) == Recorded(fact=("disease",))


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"recorded": []}, "recorded takes the name of a fact or a list of names"),
        (
            {"recorded": "flares"},
            f"'flares' is of the kind episodes; {' or '.join(RECORDED)} is needed here",
        ),
        ({"recorded": "disease", "pick": "latest"}, "'pick: latest' is for grades"),
    ],
)
def test_record_of_the_wrong_kind_is_a_mistake(raw: dict[str, Any], message: str) -> None:
    read_with = reader()
    recorded(read_with, raw, ())
    assert messages(read_with) == [message]


@pytest.mark.parametrize(
    ("of", "wrong"),
    [
        (("flares",), []),
        ((), ["a list of facts is needed here"]),
        (("easi",), ["'easi' is of the kind quantity; episodes is needed here"]),
    ],
)
def test_only_episodes_are_counted(of: tuple[str, ...], wrong: list[str]) -> None:
    read_with = reader()
    check_episodes(read_with, Episodes(of=of, at_least=2, in_last=Span(months=12)), ())
    assert messages(read_with) == wrong
