"""What differs between two versions besides their criteria, and in which direction."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from support.cases.run import library
from support.shipped import SHIPPED

from service.pages.difference.tighter_or_looser import Change, Kind
from service.pages.difference.version_difference import Pair, differences
from service.pages.version_by_name import PolicyVersion, find_version
from service.policy.amount import Span
from service.policy.model import Months

OLD = find_version(library(), SHIPPED, date(2026, 11, 21))


def newer(**fields: Any) -> PolicyVersion:
    return replace(OLD, policy=replace(OLD.policy, **fields))


def changes(new: PolicyVersion) -> list[Change]:
    return differences(Pair(OLD, new))


def test_version_does_not_differ_from_itself() -> None:
    assert changes(OLD) == []


@pytest.mark.parametrize(
    ("fields", "kind", "says"),
    [
        ({"statements_valid": Span(days=1)}, Kind.TIGHTER, "a statement counts for"),
        ({"statements_valid": Span(days=400)}, Kind.LOOSER, "a statement counts for"),
        ({"statements_valid": Span(days=365)}, Kind.CHANGED, "a statement counts for"),
        ({"approval_months": Months(120, 120)}, Kind.LOOSER, "an approval lasts (months)"),
        ({"approval_months": Months(1, 1)}, Kind.TIGHTER, "an approval lasts (months)"),
    ],
)
def test_longer_time_is_looser(fields: dict[str, Any], kind: Kind, says: str) -> None:
    (change,) = changes(newer(**fields))
    assert (change.kind, change.what.startswith(says)) == (kind, True)


def test_reading_that_is_worded_anew_new_or_gone_is_a_change() -> None:
    name, reading = next(iter(OLD.head.readings.items()))
    reworded = {**OLD.head.readings, name: reading.model_copy(update={"used": "Otherwise"})}
    without = {key: value for key, value in OLD.head.readings.items() if key != name}
    for readings, kind in ((reworded, Kind.REWORDED), (without, Kind.GONE)):
        new = replace(OLD, head=OLD.head.model_copy(update={"readings": readings}))
        assert [(change.kind, change.where) for change in changes(new)] == [(kind, name)]
        assert [change.kind for change in differences(Pair(new, OLD))] == [
            Kind.NEW if kind is Kind.GONE else kind
        ]


def test_criterion_that_is_gone_from_all_is_looser() -> None:
    fewer = newer(common_initial=OLD.policy.common_initial[1:])
    (change,) = changes(fewer)
    assert (change.kind, change.where) == (Kind.LOOSER, OLD.policy.common_initial[0].id)
