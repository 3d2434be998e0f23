"""Whether a difference makes a criterion tighter or looser."""

from typing import Any

import pytest
from support.written_operators import written

from service.pages.difference.tighter_or_looser import (
    Kind,
    bounds_direction,
    bounds_of,
    direction_for_whole,
    stricter,
)
from service.policy.operators import Compare, Supply


@pytest.mark.parametrize(
    ("kind", "above", "expected"),
    [
        (Kind.TIGHTER, 1, Kind.TIGHTER),
        (Kind.TIGHTER, -1, Kind.LOOSER),
        (Kind.LOOSER, -1, Kind.TIGHTER),
        (Kind.TIGHTER, 0, Kind.CHANGED),
        (Kind.NEW, -1, Kind.NEW),
        (Kind.REWORDED, 0, Kind.REWORDED),
    ],
)
def test_direction_is_reversed_below_a_not_and_open_below_a_test(
    kind: Kind, above: int, expected: Kind
) -> None:
    assert direction_for_whole(kind, above) is expected


@pytest.mark.parametrize(
    ("more", "expected"), [(True, Kind.TIGHTER), (False, Kind.LOOSER), (None, Kind.CHANGED)]
)
def test_comparison_that_cannot_be_decided_is_only_a_change(
    more: bool | None,
    expected: Kind,
) -> None:
    assert stricter(more) is expected


def compare(**bounds: str) -> Compare:
    return written(Compare, {"fact": "ad.bsa", **bounds})


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"at_least": "10 %"}, {"at_least": "20 %"}, Kind.TIGHTER),
        ({"at_least": "10 %"}, {"at_least": "5 %"}, Kind.LOOSER),
        ({"at_least": "10 %"}, {"more_than": "10 %"}, Kind.TIGHTER),
        ({"at_most": "10 %"}, {"less_than": "10 %"}, Kind.TIGHTER),
        ({"at_most": "10 %"}, {"at_most": "20 %"}, Kind.LOOSER),
        ({"at_least": "10 %"}, {}, Kind.LOOSER),
        ({}, {"at_most": "10 %"}, Kind.TIGHTER),
        ({"at_least": "10 %"}, {"at_least": "10 %"}, None),
        ({"at_least": "10 %"}, {"at_most": "10 %"}, Kind.CHANGED),
        (
            {"at_least": "10 %", "at_most": "20 %"},
            {"at_least": "5 %", "at_most": "15 %"},
            Kind.CHANGED,
        ),
        ({"at_least": "10 %", "at_most": "20 kg"}, {"at_least": "10 %"}, Kind.CHANGED),
        ({"at_least": "6 months"}, {"at_least": "12 months"}, Kind.TIGHTER),
    ],
)
def test_bounds_that_fewer_values_pass_are_tighter(
    old: dict[str, Any], new: dict[str, Any], expected: Kind | None
) -> None:
    assert bounds_direction(compare(**old), compare(**new)) is expected


def test_operator_without_strict_bounds_has_none() -> None:
    assert {*bounds_of(compare())} == {"at_least", "more_than", "at_most", "less_than"}
    assert bounds_of(Supply(of=("ad.tci",))) == ()
