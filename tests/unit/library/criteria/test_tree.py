"""A criterion with everything below it, from what a document says."""

from typing import Any

import pytest
from support.criterion_reader import messages, reader

from service.library.criteria.tree import parse_criterion
from service.policy.model import Criterion, Op
from service.policy.operators import Recorded


def leaf(name: str, **more: Any) -> dict[str, Any]:
    return {"id": f"ad.{name}", "says": name, "cite": "1", "recorded": "disease", **more}


def whole(**more: Any) -> dict[str, Any]:
    return {"id": "ad.whole", "says": "whole", "cite": "1", **more}


def parsed(raw: object) -> tuple[Criterion | None, list[str]]:
    read_with = reader()
    return parse_criterion(read_with, raw, ()), messages(read_with)


def test_leaf_asks_its_operator() -> None:
    criterion, wrong = parsed(leaf("a", asks="Is it?", statement="decides", usual=True))
    assert wrong == []
    assert criterion is not None
    assert (criterion.op, criterion.operator) == (Op.LEAF, Recorded(fact=("disease",)))
    assert (criterion.asks, criterion.statement, criterion.usual) == ("Is it?", "decides", True)


@pytest.mark.parametrize(
    ("written", "op", "count"),
    [
        ({"all": [leaf("a"), leaf("b")]}, Op.ALL, 2),
        ({"any": [leaf("a"), leaf("b")]}, Op.ANY, 2),
        ({"not": leaf("a")}, Op.NOT, 1),
        ({"at_least_of": {"n": 2, "of": [leaf("a"), leaf("b")]}}, Op.AT_LEAST, 2),
        (
            {"choose": {"test": leaf("a"), "met": leaf("b"), "not_met": leaf("c")}},
            Op.CHOOSE,
            3,
        ),
    ],
)
def test_group_has_its_children_in_order(written: dict[str, Any], op: Op, count: int) -> None:
    criterion, wrong = parsed(whole(**written))
    assert wrong == []
    assert criterion is not None
    assert criterion.op is op
    assert [child.says for child in criterion.children] == ["a", "b", "c"][:count]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ([], "a criterion is a list of keys with id, says, cite and one operator"),
        (whole(all=[]), "a list of criteria is needed here"),
        (whole(), "one operator is needed, found none"),
        (
            whole(at_least_of={"n": 3, "of": [leaf("a"), leaf("b")]}),
            "n is a whole number up to the length of the list 'of'",
        ),
        (
            whole(choose={"test": leaf("a"), "met": leaf("b")}),
            "a criterion is a list of keys with id, says, cite and one operator",
        ),
        (whole(all=[leaf("a"), leaf("a")]), "the id 'ad.a' stands already at ad.yaml:1"),
        (
            whole(all=[leaf("a")], statement="part"),
            "nothing below is settled by a statement",
        ),
        (
            leaf("a", notice=[{"when": leaf("b")}]),
            "a notice has 'when' (a criterion) and 'says' (text)",
        ),
    ],
)
def test_mistake_in_a_tree_is_noted(raw: object, message: str) -> None:
    assert parsed(raw)[1] == [message]


def test_group_with_a_broken_child_is_none() -> None:
    assert parsed(whole(all=[leaf("a"), whole()]))[0] is None


def test_notice_is_a_criterion_with_a_sentence() -> None:
    criterion, wrong = parsed(leaf("a", notice=[{"when": leaf("b"), "says": "See b"}]))
    assert wrong == []
    assert criterion is not None
    (notice,) = criterion.notices
    assert (notice.when.id, notice.says) == ("ad.b", "See b")
