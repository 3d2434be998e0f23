"""Operators: the same question is one object, and it cannot be changed."""

from dataclasses import FrozenInstanceError

import pytest

from service.policy.operators import (
    Exposed,
    Operator,
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
    with pytest.raises(FrozenInstanceError):
        Statement(ids=("a",)).ids = ("b",)  # type: ignore[misc]  # what mypy refuses too


def test_specialties_wanted_are_those_for_all_and_those_of_the_orders_diseases() -> None:
    asked = Specialty(
        any_of=("allergist",),
        of_disease=(("ad", ("dermatologist",)), ("eoe", ("gastroenterologist",))),
    )
    assert asked.wanted(("ad",)) == {"allergist", "dermatologist"}
    assert asked.wanted(()) == {"allergist"}
    assert asked.wanted(("ad", "eoe")) == {"allergist", "dermatologist", "gastroenterologist"}
