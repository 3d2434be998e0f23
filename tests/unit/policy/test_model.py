"""A policy version: the address of its questionnaires, and how long an approval lasts."""

from datetime import date

import pytest
from support.policies import APPROVED, indication, policy
from support.trees import QUESTIONS, leaf

from service.policy.model import Criterion, Months, Op, group, leaves, repeated, walk
from service.policy.operators import Statement


def test_questionnaire_is_named_by_policy_indication_path_and_version() -> None:
    known = policy(id="payer/P-1", effective=date(2026, 1, 2))
    assert known.questionnaire("ad", "renewal") == (
        "https://dupilumab-cds.github.io/fhir/Questionnaire/payer-P-1-ad-renewal|2026-01-02"
    )


def test_approval_lasts_as_long_as_the_policy_says() -> None:
    known = policy(approval_months=Months(6, 12))
    assert known.months("ad", "initial") == 6
    assert known.months("ad", "renewal") == 12


def test_approval_of_an_indication_lasts_as_long_as_its_own_months() -> None:
    own = indication("asthma", approval_months=Months(3, 24))
    known = policy(own, approval_months=Months(6, 12))
    assert known.months("asthma", "initial") == 3
    assert known.months("asthma", "renewal") == 24


@pytest.mark.parametrize(
    ("day", "decides"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
    ],
)
def test_version_is_in_force_from_its_first_to_its_last_day(day: date, decides: bool) -> None:
    known = policy(effective=date(2026, 1, 1), until=date(2026, 6, 30))
    assert known.in_force(day) is decides


def test_version_without_a_last_day_stays_in_force() -> None:
    assert policy(until=None).in_force(date(2099, 1, 1))


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


def test_policy_names_what_is_for_every_indication_before_the_criteria_of_each() -> None:
    first = leaf(QUESTIONS[0], 1)
    known = policy(
        indication("ad", initial=INNER),
        indication("asthma", renewal=leaf(QUESTIONS[1], 4)),
        common_initial=(leaf(QUESTIONS[2], 9),),
        common_renewal=(APPROVED,),
    )
    assert [one.id for one in known.trees()] == ["leaf9", APPROVED.id, "inner", "leaf4"]
    ids = ["leaf9", APPROVED.id, "inner", first.id, "leaf2", "leaf4"]
    assert [one.id for one in known.criteria()] == ids
    assert [one.id for one in known.common("initial")] == ["leaf9"]
    assert known.common("renewal") == (APPROVED,)
