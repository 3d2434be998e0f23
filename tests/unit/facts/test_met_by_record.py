"""Whether the record surely meets a criterion; a question that no entry could meet is not asked."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

import pytest
from support.cases.run import library
from support.fact_case import CLAIMS_HELD, patient

from service.facts.case import Case
from service.facts.met_by_record import (
    NeededEntry,
    asks_lists,
    is_shown,
    look_at_entries,
    may_be_met,
    needed_entry,
    surely_met,
)
from service.policy.amount import Amount
from service.policy.judge import holds
from service.policy.model import Criterion, Op, walk
from service.policy.operators import Compare, Operator, Recorded, Supply, Trend

TCI = {"drug": "tacrolimus ointment", "days": 30, "on": "today"}


def leaf(operator: Operator) -> Criterion:
    """A criterion that asks one question."""
    return Criterion("asked", "It is asked", "", Op.LEAF, operator=operator)


def group(op: Op, *operators: Operator, n: int | None = None) -> Criterion:
    """A group of questions."""
    return Criterion("group", "They are asked", "", op, tuple(map(leaf, operators)), n=n)


TOPICAL, STEROID = Supply(of=("ad.tci",), now=True), Supply(of=("ad.tcs.medium_or_higher",))


def needed(operator: Operator) -> NeededEntry | None:
    """What a question needs, by the documents that are shipped."""
    return needed_entry(library().knowledge, leaf(operator))


def test_supply_needs_an_entry_of_one_of_its_classes() -> None:
    assert needed(TOPICAL) == NeededEntry(frozenset({"ad.tci"}))
    assert not may_be_met(patient(), leaf(TOPICAL))
    assert may_be_met(patient(claims=[TCI]), leaf(TOPICAL))


def test_supply_whose_no_is_left_to_the_reviewer_needs_nothing() -> None:
    assert needed(Supply(of=("ad.tci",), now=True, otherwise="review")) is None


def test_diagnosis_needs_an_entry_or_an_order_for_the_disease() -> None:
    entry = needed(Recorded(fact=("asthma.diagnosis",)))
    assert entry is not None
    assert entry.indications == {"asthma"}
    asked = leaf(Recorded(fact=("asthma.diagnosis",)))
    assert may_be_met(patient("asthma"), asked)
    assert not may_be_met(patient("ad"), asked)


@pytest.mark.parametrize("fact", ["patient.age", "ad.grade"])
def test_fact_that_may_be_met_without_an_entry_of_its_sets_needs_nothing(fact: str) -> None:
    assert needed(Recorded(fact=(fact,))) is None


def test_value_that_may_be_worked_out_needs_an_entry_of_its_parts() -> None:
    shared = [fact for fact in library().knowledge.facts.values() if fact.shares]
    assert shared
    for fact in shared:
        parts = {name for share in fact.shares for name in share.of}
        for operator in (Compare(fact=fact.name), Trend(of=(fact.name,), better="lower")):
            entry = needed(operator)
            assert entry is not None
            assert entry.value_sets == {*fact.value_sets, *parts}


ADULT = Compare(fact="patient.age", at_least=Amount(value=18, unit="years"))


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        (group(Op.ALL, TOPICAL, ADULT), True),
        (group(Op.ALL, TOPICAL, STEROID), False),
        (group(Op.ANY, STEROID, TOPICAL), True),
        (group(Op.AT_LEAST, STEROID, TOPICAL, n=1), True),
        (group(Op.NOT, TOPICAL), False),
        (group(Op.NOT, STEROID), True),
    ],
    ids=["all", "all but one", "any", "at least one", "not", "not what is not there"],
)
def test_group_is_met_as_if_every_question_were_asked(criterion: Criterion, expected: bool) -> None:
    case = patient(claims=[TCI], **CLAIMS_HELD)
    assert surely_met(case, criterion) is holds(criterion, case.ask) is expected


def test_entry_that_cannot_be_used_is_reported_though_nothing_is_asked() -> None:
    case = patient(
        findings=[
            {
                "what": "affected body surface",
                "value": "20 %",
                "on": "today",
                "status": "unheard-of",
            }
        ]
    )
    asked = leaf(Compare(fact="ad.bsa", at_least=Amount(value=10, unit="% BSA")))
    assert case.record.set_aside().get("observations") is None
    look_at_entries(case, asked)
    assert case.record.set_aside()["observations"] == {"status": 1}


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
def test_condition_of_a_document_is_met_as_if_every_question_were_asked(case: Case) -> None:
    conditions = list(every_condition())
    met = [part for part in conditions if holds(part, case.ask)]
    assert met
    assert [part for part in conditions if surely_met(case, part)] == met


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


def supplied(elsewhere: Literal["weak", "review"]) -> Criterion:
    operator = Supply(of=("immunomodulator.topical_jak",), now=True, elsewhere=elsewhere)
    return Criterion("test.supply", "Supplied", "L1", Op.LEAF, operator=operator)


def test_evidence_from_lists_alone_shows_a_risk_where_the_test_leaves_it_to_a_reviewer() -> None:
    reviewed, strict = supplied("review"), supplied("weak")
    assert (asks_lists(reviewed), asks_lists(strict)) == (True, False)
    listed = patient(chart=[{"drug": "ruxolitinib cream", "from": "60 days ago"}])
    nothing = patient(**CLAIMS_HELD)
    assert is_shown(listed, reviewed)
    assert not is_shown(listed, strict)
    assert not is_shown(nothing, reviewed)
