"""What a record must hold for a criterion to be met; without it the criterion need not be judged."""

from typing import Any

import pytest
from support.cases.run import library
from support.fact_case import patient

from service.facts.traces import NeededEntry, may_be_met, surely_met, traces_of
from service.policy.criterion import Criterion, Op, leaves
from service.policy.judge import holds
from service.policy.operators import Operator, Recorded, Statement, Supply

KNOWN = library().knowledge
JAK = Supply(of=("ad.oral_jak",), ever=True)
TCI = Supply(of=("ad.tci",), ever=True)
PREGNANCY = Recorded(fact=("safety.pregnancy",))
STATED = Statement(ids=("a.statement",))
Json = dict[str, Any]


def leaf(operator: Operator) -> Criterion:
    return Criterion("leaf", "A leaf", "L1", Op.LEAF, operator=operator)


def group(op: Op, *operators: Operator) -> Criterion:
    children = tuple(map(leaf, operators))
    return Criterion("group", "A group", "L1", op, children)


def sets(criterion: Criterion) -> list[set[str]]:
    """The value sets of which each trace needs one."""
    return [set(trace.value_sets) for trace in traces_of(KNOWN, criterion)]


def test_supply_and_record_need_an_entry_of_their_value_sets() -> None:
    assert traces_of(KNOWN, leaf(JAK)) == (NeededEntry(frozenset({"ad.oral_jak"})),)
    assert sets(leaf(PREGNANCY)) == [set(KNOWN.facts["safety.pregnancy"].value_sets)]


def test_statement_and_age_and_what_is_otherwise_reviewed_need_nothing() -> None:
    assert traces_of(KNOWN, leaf(STATED)) == ()
    assert sets(leaf(Supply(of=("ad.tci",), ever=True, otherwise="review"))) == []


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        (group(Op.ALL, JAK, TCI), [{"ad.oral_jak"}, {"ad.tci"}]),
        (group(Op.ALL, JAK, STATED), [{"ad.oral_jak"}]),
        (group(Op.ANY, JAK, TCI), [{"ad.oral_jak", "ad.tci"}]),
        (group(Op.ANY, JAK, STATED), []),
        (group(Op.NOT, JAK), []),
        (group(Op.CHOOSE, JAK, TCI, TCI), []),
    ],
    ids=["all", "all with a statement", "any", "any with a statement", "not", "choose"],
)
def test_group_needs_what_its_children_need(criterion: Criterion, expected: list[set[str]]) -> None:
    assert sets(criterion) == expected


FILLED: Json = {"claims": [{"drug": "upadacitinib", "days": 30, "on": "10 days ago"}]}


@pytest.mark.parametrize(
    ("criterion", "given", "expected"),
    [
        (leaf(JAK), FILLED, True),
        (leaf(JAK), {}, False),
        (group(Op.ALL, JAK, TCI), FILLED, False),
        (group(Op.ANY, JAK, TCI), FILLED, True),
        (group(Op.NOT, TCI), FILLED, True),
    ],
)
def test_criterion_may_be_met_if_the_record_has_every_trace(
    criterion: Criterion, given: Json, expected: bool
) -> None:
    assert may_be_met(patient(**given), criterion) is expected


def test_disease_of_the_order_counts_only_if_the_order_gives_it() -> None:
    fact = next(one for one in KNOWN.facts.values() if "ad" in one.indications)
    criterion = leaf(Recorded(fact=(fact.name,)))
    assert may_be_met(patient(diagnoses=[]), criterion)
    other = patient("asthma", diagnoses=[])
    assert may_be_met(other, criterion) is ("asthma" in fact.indications)


def test_surely_met_is_met_and_never_asked_without_a_trace() -> None:
    held = {"claims_held": "2015-01-01"}
    assert surely_met(patient(**FILLED, **held), leaf(JAK))
    assert not surely_met(patient(**held), leaf(JAK))
    assert not surely_met(patient(**FILLED, **held), group(Op.ALL, JAK, TCI))


def test_no_criterion_of_a_situation_is_met_where_the_record_lacks_its_traces() -> None:
    pathways = library().clinical.pathways.items()
    judged = 0
    for (_, indication), pathway in pathways:
        case = patient(indication, claims_held="2015-01-01")
        for situation in pathway.situations:
            if situation.when is not None and not may_be_met(case, situation.when):
                assert not holds(situation.when, case.ask)
                assert list(leaves(situation.when))
                judged += 1
    assert judged
