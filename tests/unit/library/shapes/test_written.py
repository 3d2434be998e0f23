"""Amounts and spans as documents write them."""

import pytest
from pydantic import TypeAdapter, ValidationError

from service.library.shapes.written import AmountText, SpanText
from service.policy.amount import Amount, Span

AMOUNT: TypeAdapter[Amount] = TypeAdapter(AmountText)
SPAN: TypeAdapter[Span] = TypeAdapter(SpanText)


@pytest.mark.parametrize(
    ("written", "value", "unit"),
    [
        ("10 % BSA", 10, "% BSA"),
        (" 2.5  mg ", 2.5, "mg"),
        ("-1 score", -1, "score"),
        ("12 %", 12, "%"),
    ],
)
def test_number_and_unit_are_read_as_an_amount(written: str, value: float, unit: str) -> None:
    assert AMOUNT.validate_python(written) == Amount(value=value, unit=unit)


@pytest.mark.parametrize("written", ["10", "mg", "10mg", "", 10, 2.5, "1,5 mg"])
def test_number_without_a_unit_is_refused_as_an_amount(written: object) -> None:
    with pytest.raises(ValidationError, match="an amount is a number and a unit, like '10 % BSA'"):
        AMOUNT.validate_python(written)


def test_amount_that_is_read_already_stays_the_same() -> None:
    amount = Amount(value=3, unit="points")
    assert AMOUNT.validate_python(amount) is amount


@pytest.mark.parametrize("written", [None, ["10 mg"]])
def test_what_is_neither_text_nor_number_is_no_amount(written: object) -> None:
    with pytest.raises(ValidationError):
        AMOUNT.validate_python(written)


@pytest.mark.parametrize(
    ("written", "days", "months"),
    [
        ("1 day", 1, 0),
        ("28 days", 28, 0),
        ("1 week", 7, 0),
        ("2 weeks", 14, 0),
        ("1 month", 0, 1),
        ("12 months", 0, 12),
        ("1 year", 0, 12),
        ("3 years", 0, 36),
        ("1.5 years", 0, 18),
    ],
)
def test_span_counts_days_and_weeks_in_days_months_and_years_in_months(
    written: str, days: int, months: int
) -> None:
    assert SPAN.validate_python(written) == Span(days=days, months=months)


@pytest.mark.parametrize("written", ["28", 28, "28 hours", "days", "twelve months"])
def test_span_in_another_unit_or_without_one_is_refused(written: object) -> None:
    with pytest.raises(ValidationError, match="a span is a number of days, weeks, months or years"):
        SPAN.validate_python(written)


@pytest.mark.parametrize("written", [None, ["28 days"]])
def test_what_is_neither_text_nor_number_is_no_span(written: object) -> None:
    with pytest.raises(ValidationError):
        SPAN.validate_python(written)
