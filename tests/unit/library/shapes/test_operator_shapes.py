"""The shape of an operator is made from its fields; what it may not hold is refused."""

from typing import Any

import pytest
from pydantic import ValidationError
from support.written_operators import written

from service.library.shapes.operator_shapes import (
    COMPARE_KEYS,
    FLAGS,
    NESTED,
    RECORDED_KEYS,
    shape_of,
)
from service.policy.amount import Amount, Span
from service.policy.operators import (
    ApprovedBefore,
    Background,
    Compare,
    CoveredDays,
    Episodes,
    Operator,
    Recorded,
    Stopped,
    Supply,
)

TWICE_A_YEAR = {"of": ("a",), "at_least": 2, "in_last": "12 months"}


def test_keys_become_the_fields_of_the_operator() -> None:
    asked = written(Compare, {"fact": "x", "at_least": "10 %", "within": "6 months", "is": True})
    assert asked == Compare(
        fact="x", at_least=Amount(value=10, unit="%"), within=Span(months=6), is_=True
    )


def test_operator_inside_another_is_read_too() -> None:
    days = {"at_least": "14 days", "in_last": "90 days"}
    asked = written(Supply, {"of": ["a"], "covered": days})
    assert asked.covered == CoveredDays(at_least=Span(days=14), in_last=Span(days=90))


def test_background_that_is_read_already_keeps_its_values() -> None:
    background = shape_of(Background).model_validate({"of": ["a"], "run": "28 days"})
    asked = written(Episodes, {**TWICE_A_YEAR, "during": [background]})
    assert asked.during == (Background(of=("a",), run=Span(days=28)),)


def test_reasons_are_written_under_for() -> None:
    assert written(Stopped, {"of": ["a"], "for": ["b"]}).reasons == ("b",)


@pytest.mark.parametrize(
    ("kind", "given", "message"),
    [
        (Stopped, {"of": ["a"], "for": ["b"], "fore": ["c"]}, "Extra inputs"),
        (Stopped, {"of": ["a"]}, "for\n  Field required"),
        (Compare, {"fact": "x", "within": "6 moons"}, "a span is a number of days"),
        (ApprovedBefore, {"approved_before": False}, "Input should be True"),
        (Supply, {"of": "a"}, "valid tuple"),
    ],
)
def test_key_or_value_that_an_operator_does_not_have_is_refused(
    kind: type[Operator], given: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        written(kind, given)


@pytest.mark.parametrize("count", [0, -1, True, "2", 1.5])
def test_episodes_are_counted_in_whole_numbers_from_one(count: object) -> None:
    with pytest.raises(ValidationError):
        written(Episodes, {**TWICE_A_YEAR, "at_least": count})


def test_key_that_a_comparison_or_a_record_may_hold_is_a_field_of_its_operator() -> None:
    for kind, keys in ((Compare, COMPARE_KEYS), (Recorded, RECORDED_KEYS)):
        assert {*keys} <= {field.alias for field in shape_of(kind).model_fields.values()}


def test_word_of_the_language_names_one_operator() -> None:
    assert NESTED.keys().isdisjoint(FLAGS)
    assert len({*NESTED.values(), *FLAGS.values()}) == len(NESTED) + len(FLAGS)
