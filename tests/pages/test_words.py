"""Every operator, every field of it and every way of nesting has words."""

from dataclasses import fields
from typing import get_args

import pytest

from service.pages.words.field_words import NESTING, STATEMENTS
from service.pages.words.operator_words import WORDS
from service.policy import operators
from service.policy.model import Op, StatementRole

OPERATORS = [
    one
    for one in vars(operators).values()
    if isinstance(one, type)
    and issubclass(one, operators.Operator)
    and one is not operators.Operator
]


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda one: one.__name__)
def test_an_operator_and_each_of_its_fields_has_words(operator: type[operators.Operator]) -> None:
    said = WORDS.get(operator.__name__, {})
    missing = {field.name for field in fields(operator)} - said.keys()
    assert not missing, (
        f"service/pages/words/operator_words.py says nothing of {operator.__name__}: {missing}"
    )


def test_every_group_of_criteria_has_words() -> None:
    assert {*Op} - {Op.LEAF} <= NESTING.keys()


def test_every_role_of_a_statement_has_words() -> None:
    assert {*get_args(StatementRole)} == STATEMENTS.keys()
