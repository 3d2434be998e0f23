"""Operators: the same question is one object, and what a question may not hold is refused."""

import pytest
from pydantic import ValidationError

from service.policy.amount import Span
from service.policy.operators import (
    COMPARE_KEYS,
    FLAGS,
    NESTED,
    RECORDED_KEYS,
    Compare,
    Episodes,
    Exposed,
    Operator,
    Recorded,
    Specialty,
    Statement,
    Supply,
    one_of,
)


def test_equal_questions_have_one_hash_and_are_one_object() -> None:
    first, second = Statement(ids=("a",)), Statement(ids=("a",))
    assert hash(first) == hash(second)
    assert one_of(first) is one_of(second)


@pytest.mark.parametrize("other", [Statement(ids=("b",)), Statement(ids=("a",), before=True)])
def test_questions_that_differ_in_a_field_are_two(other: Operator) -> None:
    assert one_of(Statement(ids=("a",))) is not one_of(other)


def test_questions_of_two_kinds_with_equal_fields_are_two() -> None:
    assert one_of(Exposed(of=("a",))) != one_of(Supply(of=("a",)))


def test_question_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Statement(ids=("a",)).ids = ("b",)


def test_unknown_field_of_a_question_is_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        Statement.model_validate({"ids": ("a",), "idz": ("b",)})


@pytest.mark.parametrize("count", [0, -1, True, "2", 1.5])
def test_episodes_are_counted_in_whole_numbers_from_one(count: object) -> None:
    with pytest.raises(ValidationError):
        Episodes.model_validate({"of": ("a",), "at_least": count, "in_last": "12 months"})


def test_spans_and_amounts_are_read_from_words() -> None:
    asked = Compare.model_validate({"fact": "x", "at_least": "10 %", "within": "6 months"})
    assert str(asked.at_least) == "10 %"
    assert asked.within == Span(months=6)


def test_specialties_wanted_are_those_for_all_and_those_of_the_orders_diseases() -> None:
    asked = Specialty(
        any_of=("allergist",),
        of_disease=(("ad", ("dermatologist",)), ("eoe", ("gastroenterologist",))),
    )
    assert asked.wanted(("ad",)) == {"allergist", "dermatologist"}
    assert asked.wanted(()) == {"allergist"}
    assert asked.wanted(("ad", "eoe")) == {"allergist", "dermatologist", "gastroenterologist"}


def test_key_that_a_comparison_or_a_record_may_hold_is_a_field_of_its_operator() -> None:
    for model, keys in ((Compare, COMPARE_KEYS), (Recorded, RECORDED_KEYS)):
        fields = {field.alias or name for name, field in model.model_fields.items()}
        assert set(keys) <= fields


def test_word_of_the_language_names_one_operator() -> None:
    assert NESTED.keys().isdisjoint(FLAGS)
    assert len({*NESTED.values(), *FLAGS.values()}) == len(NESTED) + len(FLAGS)
