"""Criteria that ask the same, decide nothing, or can never be met."""

from typing import Any

import pytest
from support.written_operators import written

from service.library.policies.contradictions import (
    ALWAYS,
    DECIDES_NOTHING,
    NEVER,
    NO_VALUE,
    ONE_WAY,
    SAME_QUESTION,
    SAME_WAY,
    contradictions,
    demands,
    implies,
    question,
)
from service.policy.model import Criterion, Op
from service.policy.operators import Compare, Operator, Recorded, Supply


def leaf(id_: str, operator: Operator, **more: Any) -> Criterion:
    return Criterion(id_, id_, "1", Op.LEAF, operator=operator, **more)


def group(op: Op, *children: Criterion, id_: str = "group", **more: Any) -> Criterion:
    return Criterion(id_, id_, "1", op, children, **more)


def bsa(id_: str, **bounds: str) -> Criterion:
    return leaf(id_, written(Compare, {"fact": "ad.bsa", **bounds}))


LOW, HIGH = bsa("low", at_least="10 % BSA"), bsa("high", at_least="20 % BSA")
BELOW = bsa("below", less_than="10 % BSA")
DISEASE = leaf("disease", Recorded(fact=("ad.diagnosis",)))


def test_higher_bound_implies_a_lower_one_and_not_the_other_way_round() -> None:
    assert implies(HIGH, LOW)
    assert not implies(LOW, HIGH)
    assert not implies(LOW, DISEASE)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"of": ["a"], "days": "84 days"}, {"of": ["a", "b"], "days": "42 days"}, True),
        ({"of": ["a", "b"], "days": "84 days"}, {"of": ["a"], "days": "42 days"}, False),
        ({"of": ["a"], "days": "28 days"}, {"of": ["a"], "days": "42 days"}, False),
        ({"of": ["a"], "now": True}, {"of": ["a"], "ever": True}, True),
        ({"of": ["a"], "ever": True}, {"of": ["a"], "now": True}, False),
    ],
)
def test_supply_of_fewer_classes_for_longer_implies_the_other(
    one: dict[str, Any],
    other: dict[str, Any],
    expected: bool,
) -> None:
    first, second = (leaf(name, written(Supply, of)) for name, of in (("a", one), ("b", other)))
    assert implies(first, second) is expected


def test_order_of_a_group_and_its_ids_do_not_matter_for_what_it_asks() -> None:
    again = bsa("again", at_least="10 % BSA")
    assert question(group(Op.ALL, LOW, DISEASE)) == question(
        group(Op.ALL, DISEASE, again, id_="other")
    )
    assert question(group(Op.ALL, LOW, DISEASE)) != question(group(Op.ANY, LOW, DISEASE))


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (group(Op.ALL, LOW, DISEASE), []),
        (group(Op.ALL, LOW, HIGH), []),
        (
            group(Op.ALL, LOW, bsa("again", at_least="10 % BSA")),
            [("again", SAME_QUESTION, "low")],
        ),
        (group(Op.ALL, LOW, BELOW), [("below", NO_VALUE, "low")]),
        (group(Op.ALL, HIGH, group(Op.NOT, LOW, id_="not")), [("not", NEVER, "high")]),
        (group(Op.ANY, LOW, HIGH), [("high", DECIDES_NOTHING, "low")]),
        (group(Op.ANY, LOW, DISEASE), []),
        (
            group(Op.ALL, HIGH, group(Op.ANY, LOW, DISEASE, id_="any")),
            [("low", ALWAYS, "high")],
        ),
        (
            group(Op.CHOOSE, DISEASE, LOW, bsa("same", at_least="10 % BSA")),
            [("same", SAME_WAY, "low")],
        ),
        (
            group(Op.ALL, DISEASE, group(Op.CHOOSE, leaf("test", DISEASE.operator), LOW, BELOW)),  # type: ignore[arg-type]
            [("test", ONE_WAY, "disease")],
        ),
    ],
)
def test_contradiction_names_the_criterion_and_the_one_that_it_clashes_with(
    tree: Criterion, expected: list[tuple[str, str, str]]
) -> None:
    assert [*contradictions(tree)] == expected


def test_demand_of_the_common_criteria_counts_as_given() -> None:
    given = tuple(demands(group(Op.ALL, LOW, DISEASE)))
    assert [one.criterion.id for one in given] == ["low", "disease"]
    assert [*contradictions(BELOW, given)] == [("below", NO_VALUE, "low")]


def test_criterion_that_a_statement_overrides_demands_nothing() -> None:
    overridden = leaf("low", LOW.operator, statement="overrides")  # type: ignore[arg-type]
    assert [*demands(overridden)] == []
    assert [*contradictions(group(Op.ALL, overridden, BELOW))] == []
