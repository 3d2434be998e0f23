"""Under which ids a prescriber's statement answers a criterion or its parts."""

from typing import Any

import pytest

from service.library.criteria.statement_ids import never_asked, settles_nothing, with_statement_ids
from service.policy.model import Criterion, Op
from service.policy.operators import Exposed, Statement, TrialOutcome


def leaf(id_: str, **more: Any) -> Criterion:
    return Criterion(id_, id_, "1", Op.LEAF, operator=Exposed(of=(id_,)), **more)


def group(op: Op, *children: Criterion, **more: Any) -> Criterion:
    return Criterion("group", "group", "1", op, children, **more)


@pytest.mark.parametrize("role", ["decides", "decides_before"])
def test_parts_of_a_group_that_a_statement_decides_are_answered_too(role: Any) -> None:
    parts = leaf("a"), leaf("b", statement="overrides"), group(Op.ANY, leaf("c"))
    whole = with_statement_ids(group(Op.ALL, *parts, statement=role))
    assert [part.statement for part in whole.children] == [role, "overrides", None]


def test_count_or_denial_of_parts_is_answered_as_a_whole_only() -> None:
    for op in (Op.AT_LEAST, Op.NOT):
        whole = group(op, leaf("a"), n=1, statement="decides")
        assert with_statement_ids(whole) is whole


def test_id_of_the_whole_answers_the_topmost_parts_that_take_statements() -> None:
    inner = group(Op.ANY, leaf("a", statement="decides"), leaf("b"))
    stated = Criterion("c", "c", "1", Op.LEAF, operator=Statement(ids=("c",)))
    whole = with_statement_ids(group(Op.ALL, inner, stated, statement="part"))
    first, second = whole.children
    assert [part.stated_as for part in first.children] == [("group",), ()]
    assert second.operator == Statement(ids=("c", "group"))


def test_criterion_without_a_statement_stays_as_it_is() -> None:
    whole = group(Op.ALL, leaf("a", statement="decides"))
    assert with_statement_ids(whole) is whole


def test_question_that_no_statement_can_answer_is_told_with_the_statement_it_needs() -> None:
    tried = Criterion("o", "o", "1", Op.LEAF, operator=TrialOutcome(of=("x",), ids=("o",)))
    whole = group(
        Op.ALL,
        leaf("a", asks="Is it so?"),
        leaf("b", asks="Is it so?", statement="decides"),
        leaf("c"),
        Criterion("d", "d", "1", Op.ALL, (tried,), asks="Did it fail?"),
    )
    assert [(one.id, role) for one, role in never_asked(whole)] == [
        ("a", "decides"),
        ("d", "outcome"),
    ]


def test_statement_for_a_part_settles_nothing_where_no_part_takes_one() -> None:
    deep = group(Op.ANY, leaf("a", statement="overrides"))
    assert settles_nothing(group(Op.ALL, leaf("a"), statement="part"))
    assert not settles_nothing(group(Op.ALL, leaf("b"), deep, statement="part"))
    assert not settles_nothing(group(Op.ALL, leaf("a"), statement="decides"))
