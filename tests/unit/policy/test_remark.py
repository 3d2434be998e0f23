"""Remarks are values: their kind, and what their text names."""

from datetime import date

from service.policy.amount import Span
from service.policy.remark import Remark, remark


def test_values_keep_their_names_and_order() -> None:
    day = date(2026, 11, 21)
    assert remark("too_old", span=Span(days=28), day=day) == Remark(
        "too_old", (("span", Span(days=28)), ("day", day))
    )


def test_remarks_of_one_kind_with_other_values_are_two() -> None:
    assert remark("before", count=1) != remark("before", count=2)
    assert remark("before", count=1) == remark("before", count=1)
    assert len({remark("before"), remark("before"), remark("after")}) == 2


def test_value_may_be_called_kind() -> None:
    assert remark("labelled", kind="x") == Remark("labelled", (("kind", "x"),))
