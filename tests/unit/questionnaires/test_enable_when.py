"""An answer hides other questions only if it settles their branch by itself."""

import pytest

from service.policy.model import Criterion, Op, group
from service.policy.operators import Statement, TrialOutcome
from service.questionnaires.enable_when import (
    conditions_of_alternative,
    conditions_of_part,
    is_question,
)


def stated(**more: bool) -> Criterion:
    return Criterion("q", "q", "1", Op.LEAF, operator=Statement(ids=("q",), **more))


DATA = Criterion("d", "d", "1", Op.LEAF)
TRIAL = Criterion("t", "t", "1", Op.LEAF, operator=TrialOutcome(of=("tci",), ids=("t",)))
BEFORE = Criterion("b", "b", "1", Op.LEAF, statement="decides_before")


def grouped(op: Op, *children: Criterion) -> Criterion:
    return group(op, children, id_="g", says="g", cite="1")


def test_what_data_alone_answer_is_no_question() -> None:
    assert not is_question(DATA)
    assert all(map(is_question, (stated(), TRIAL, BEFORE)))


@pytest.mark.parametrize(
    ("way", "hides"),
    [
        (stated(), ["q"]),
        (BEFORE, ["b"]),
        (stated(for_review=True), []),
        (TRIAL, []),
        (grouped(Op.ANY, DATA, stated()), ["q"]),
        (grouped(Op.ALL, DATA, stated()), []),
        (grouped(Op.ALL, stated()), ["q"]),
        (grouped(Op.NOT, stated()), []),
    ],
)
def test_yes_hides_the_other_ways_where_it_is_enough(way: Criterion, hides: list[str]) -> None:
    assert [condition.id for condition in conditions_of_alternative([way])] == hides


@pytest.mark.parametrize(
    ("part", "hides"),
    [
        (stated(), ["q"]),
        (TRIAL, ["t"]),
        (BEFORE, []),
        (stated(before=True), []),
        (grouped(Op.ANY, DATA, stated()), []),
        (grouped(Op.ALL, DATA, stated()), ["q"]),
    ],
)
def test_no_hides_the_other_parts_where_it_is_enough(part: Criterion, hides: list[str]) -> None:
    assert [condition.id for condition in conditions_of_part([part])] == hides
