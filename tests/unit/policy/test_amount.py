"""Amounts and spans in words."""

import pytest

from service.policy.amount import Amount, Span


def test_only_a_bare_per_cent_is_a_share_of_another_value() -> None:
    assert Amount(value=20, unit="%").relative
    assert not Amount(value=20, unit="% BSA").relative


def test_amount_is_written_without_a_needless_decimal() -> None:
    assert str(Amount(value=10.0, unit="% BSA")) == "10 % BSA"
    assert str(Amount(value=2.5, unit="mg")) == "2.5 mg"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (Span(days=1), "1 day"),
        (Span(days=28), "28 days"),
        (Span(), "0 days"),
        (Span(months=1), "1 month"),
        (Span(months=12), "12 months"),
    ],
)
def test_span_is_written_in_the_singular_for_one_only(span: Span, words: str) -> None:
    assert str(span) == words
