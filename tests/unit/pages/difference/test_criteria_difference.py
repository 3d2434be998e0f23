"""Two trees of criteria: what is new, gone, moved, regrouped or reworded, and in which direction."""

from typing import Any

import pytest
from support.cases.run import library

from service.pages.difference.criteria_difference import Trees, placed
from service.pages.difference.tighter_or_looser import Kind
from service.pages.glossary import Glossary
from service.policy.model import Criterion, Op
from service.policy.operators import Exposed

GLOSSARY = (Glossary(library().knowledge), Glossary(library().knowledge))


def leaf(id_: str, **more: Any) -> Criterion:
    return Criterion(id_, more.pop("says", id_), "", Op.LEAF, operator=Exposed(of=(id_,)), **more)


def group(op: Op, *children: Criterion, **more: Any) -> Criterion:
    return Criterion("group", "group", "", op, children, **more)


def changes(old: Criterion, new: Criterion) -> list[tuple[Kind, str]]:
    trees = Trees(placed((old,)), placed((new,)), GLOSSARY)
    return [(one.kind, one.where) for one in trees.compare()]


A, B, C = leaf("a"), leaf("b"), leaf("c")


def test_same_tree_in_another_order_has_no_change() -> None:
    assert changes(group(Op.ALL, A, B), group(Op.ALL, B, A)) == []


@pytest.mark.parametrize(
    ("op", "added", "removed"),
    [
        (Op.ALL, Kind.TIGHTER, Kind.LOOSER),
        (Op.ANY, Kind.LOOSER, Kind.TIGHTER),
    ],
)
def test_criterion_more_is_tighter_in_all_and_looser_in_any(
    op: Op, added: Kind, removed: Kind
) -> None:
    fewer, more = group(op, A, B), group(op, A, B, C)
    assert changes(fewer, more) == [(added, "c")]
    assert changes(more, fewer) == [(removed, "c")]


def test_direction_is_reversed_below_a_not_and_open_below_a_test() -> None:
    fewer, more = group(Op.ALL, A, B), group(Op.ALL, A, B, C)

    def below(op: Op, *children: Criterion) -> Criterion:
        return Criterion("top", "top", "", op, children)

    assert changes(below(Op.NOT, fewer), below(Op.NOT, more)) == [(Kind.LOOSER, "c")]
    x, y = leaf("x"), leaf("y")
    assert changes(below(Op.CHOOSE, fewer, x, y), below(Op.CHOOSE, more, x, y)) == [
        (Kind.CHANGED, "c")
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (group(Op.ANY, A, B), group(Op.ALL, A, B), Kind.TIGHTER),
        (group(Op.ALL, A, B), group(Op.ANY, A, B), Kind.LOOSER),
        (group(Op.AT_LEAST, A, B, C, n=2), group(Op.AT_LEAST, A, B, C, n=1), Kind.LOOSER),
        (group(Op.AT_LEAST, A, B, C, n=2), group(Op.ALL, A, B, C), Kind.TIGHTER),
        (group(Op.ANY, A), group(Op.ALL, A), Kind.CHANGED),
    ],
)
def test_group_that_needs_more_of_the_same_parts_is_tighter(
    old: Criterion, new: Criterion, expected: Kind
) -> None:
    assert changes(old, new) == [(expected, "group")]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {"says": "other words"}, Kind.REWORDED),
        ({}, {"statement": "decides"}, Kind.LOOSER),
        ({"statement": "overrides"}, {"statement": "decides"}, Kind.TIGHTER),
        ({"statement": "part"}, {}, Kind.CHANGED),
        ({}, {"readings": ("A01",)}, Kind.CHANGED),
        ({"readings": ("A01", "A02")}, {"readings": ("A02", "A01")}, None),
        ({}, {"usual": True}, Kind.REWORDED),
    ],
)
def test_words_statements_and_readings_are_compared(
    old: dict[str, Any], new: dict[str, Any], expected: Kind | None
) -> None:
    assert changes(leaf("a", **old), leaf("a", **new)) == ([(expected, "a")] if expected else [])


def test_criterion_that_moved_is_told_with_both_places() -> None:
    inner = Criterion("inner", "inner", "", Op.ANY, (B, C))
    old = placed((group(Op.ALL, A, inner),))
    new = placed((group(Op.ALL, A, C, Criterion("inner", "inner", "", Op.ANY, (B,))),))
    told = [one.what for one in Trees(old, new, GLOSSARY).compare() if one.where == "c"]
    assert told == ["moved: stood in inner, stands in group"]


def test_below_one_class_the_same_id_stands_once_for_each_class() -> None:
    both = (
        Criterion(f"x:{name}", "x", "", Op.ALL, (leaf("deep"),)) for name in ("ad.tci", "ad.tcs")
    )
    whole = Criterion("x", "x", "", Op.ONE_CLASS, tuple(both))
    assert [*placed((whole,))] == ["x", "x:ad.tci", "x:ad.tci deep", "x:ad.tcs", "x:ad.tcs deep"]
