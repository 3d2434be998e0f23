"""The tree of criteria: its leaves, its nodes, and the questions that are asked twice."""

from support.trees import QUESTIONS, leaf

from service.policy.criterion import Criterion, Op, group, leaves, repeated, walk
from service.policy.operators import Statement

FIRST, SECOND = leaf(QUESTIONS[0], 1), leaf(QUESTIONS[1], 2)
INNER = group(Op.ANY, (FIRST, SECOND), id_="inner", says="Either", cite="L1")
ROOT = group(Op.ALL, (INNER, leaf(QUESTIONS[0], 3)), id_="root", says="Both", cite="L2")


def test_leaves_come_in_reading_order_without_groups() -> None:
    assert [one.id for one in leaves(ROOT)] == ["leaf1", "leaf2", "leaf3"]


def test_walk_names_each_node_before_its_children() -> None:
    assert [one.id for one in walk(ROOT)] == ["root", "inner", "leaf1", "leaf2", "leaf3"]


def test_question_asked_in_two_leaves_is_repeated() -> None:
    assert ROOT.repeated == {QUESTIONS[0]}
    assert INNER.repeated == frozenset()


def test_question_asked_once_is_not_repeated() -> None:
    assert repeated((FIRST, SECOND)) == frozenset()


def test_leaf_without_a_question_is_not_counted_as_repeated() -> None:
    empty = Criterion("empty", "", "", Op.LEAF)
    assert repeated((empty, empty)) == frozenset()


def test_leaves_and_exclusions_are_single_questions_and_groups_are_not() -> None:
    assert FIRST.single
    assert group(Op.NOT, (FIRST,), id_="not", says="", cite="").single
    assert not INNER.single


def test_equal_questions_of_two_criteria_are_one_object() -> None:
    one = Criterion("a", "", "", Op.LEAF, operator=Statement(ids=("x",)))
    other = Criterion("b", "", "", Op.LEAF, operator=Statement(ids=("x",)))
    assert one.operator is other.operator


def test_criteria_of_equal_content_are_two_criteria() -> None:
    assert leaf(QUESTIONS[0], 1) != leaf(QUESTIONS[0], 1)
