"""What a record cannot meet is never judged to be met; the traces only spare the question."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from support.cases.run import library
from support.fact_case import CLAIMS_HELD, patient

from service.facts.case import Case
from service.facts.traces import NeededEntry, may_be_met, surely_met, traces_of
from service.policy.criterion import Criterion, Op, walk
from service.policy.judge import holds
from service.policy.operators import Compare, Operator, Recorded, Supply, Trend

TCI = {"drug": "tacrolimus ointment", "days": 30, "on": "today"}


def leaf(operator: Operator) -> Criterion:
    """A criterion that asks one question."""
    return Criterion("asked", "It is asked", "", Op.LEAF, operator=operator)


def group(op: Op, *operators: Operator, n: int | None = None) -> Criterion:
    """A group of questions."""
    return Criterion("group", "They are asked", "", op, tuple(map(leaf, operators)), n=n)


TOPICAL, STEROID = Supply(of=("ad.tci",), now=True), Supply(of=("ad.tcs.medium_or_higher",))


def traces(criterion: Criterion) -> tuple[NeededEntry, ...]:
    """What the criterion needs, by the documents that are shipped."""
    return traces_of(library().knowledge, criterion)


def test_supply_needs_an_entry_of_one_of_its_classes() -> None:
    assert traces(leaf(TOPICAL)) == (NeededEntry(frozenset({"ad.tci"})),)
    assert not may_be_met(patient(), leaf(TOPICAL))
    assert may_be_met(patient(claims=[TCI]), leaf(TOPICAL))


def test_supply_whose_no_is_left_to_the_reviewer_needs_nothing() -> None:
    assert traces(leaf(Supply(of=("ad.tci",), now=True, otherwise="review"))) == ()


def test_diagnosis_needs_an_entry_or_an_order_for_the_disease() -> None:
    (trace,) = traces(leaf(Recorded(fact=("asthma.diagnosis",))))
    assert trace.indications == {"asthma"}
    asked = leaf(Recorded(fact=("asthma.diagnosis",)))
    assert may_be_met(patient("asthma"), asked)
    assert not may_be_met(patient("ad"), asked)


@pytest.mark.parametrize("fact", ["patient.age", "ad.grade"])
def test_fact_that_may_be_met_without_an_entry_of_its_sets_needs_nothing(fact: str) -> None:
    assert traces(leaf(Recorded(fact=(fact,)))) == ()


def test_value_that_may_be_worked_out_needs_an_entry_of_its_parts() -> None:
    shared = [fact for fact in library().knowledge.facts.values() if fact.shares]
    assert shared
    for fact in shared:
        parts = {name for share in fact.shares for name in share.of}
        for operator in (Compare(fact=fact.name), Trend(of=(fact.name,), better="lower")):
            (trace,) = traces(leaf(operator))
            assert trace.value_sets == {*fact.value_sets, *parts}


def test_whole_needs_what_each_part_needs_and_a_choice_what_any_part_needs() -> None:
    both = (frozenset({"ad.tci"}), frozenset({"ad.tcs.medium_or_higher"}))
    assert [each.value_sets for each in traces(group(Op.ALL, TOPICAL, STEROID))] == [*both]
    for op, n in ((Op.ANY, None), (Op.AT_LEAST, 2)):
        assert traces(group(op, TOPICAL, STEROID, n=n)) == (NeededEntry(both[0] | both[1]),)


def test_choice_with_a_part_that_needs_nothing_needs_nothing() -> None:
    assert traces(group(Op.ANY, TOPICAL, Recorded(fact=("patient.age",)))) == ()


def test_exclusion_and_a_question_that_chooses_need_nothing() -> None:
    excluded = group(Op.NOT, TOPICAL)
    assert traces(excluded) == ()
    assert traces(group(Op.CHOOSE, TOPICAL, STEROID, STEROID)) == ()
    assert surely_met(patient(**CLAIMS_HELD), excluded)


def every_condition() -> Iterator[Criterion]:
    """The criteria of all notes, situations and steps, with their parts."""
    clinical = library().clinical
    situations = [each for path in clinical.pathways.values() for each in path.situations]
    steps = [step for situation in situations for step in situation.order]
    notes = [note for several in clinical.notes.values() for note in several]
    whole = [
        *(situation.when for situation in situations),
        *(note.when for note in notes),
        *(note.not_with for note in notes),
        *(condition for step in steps for condition in (step.when, step.unless)),
    ]
    return (part for criterion in whole if criterion is not None for part in walk(criterion))


@pytest.mark.parametrize(
    "case",
    [
        patient("ad", claims=[TCI], **CLAIMS_HELD),
        patient("asthma", diagnoses=[{"is": "asthma"}]),
        patient("eoe"),
    ],
    ids=["dermatitis", "asthma", "eosinophilic_esophagitis"],
)
def test_condition_of_a_document_that_is_met_has_its_traces(case: Case) -> None:
    met = [part for part in every_condition() if holds(part, case.ask)]
    assert met
    assert all(may_be_met(case, part) for part in met)


def test_disease_of_the_order_counts_only_if_the_order_gives_it() -> None:
    asked, case = leaf(Recorded(fact=("asthma.diagnosis",))), patient("asthma")
    silent = replace(case, order=replace(case.order, reason_given=False))
    assert may_be_met(case, asked)
    assert not may_be_met(silent, asked)


def test_criterion_that_may_be_met_is_judged() -> None:
    over = patient(claims=[{**TCI, "on": "300 days ago"}], **CLAIMS_HELD)
    assert may_be_met(over, leaf(TOPICAL))
    assert not surely_met(over, leaf(TOPICAL))
    assert surely_met(patient(claims=[TCI], **CLAIMS_HELD), leaf(TOPICAL))
