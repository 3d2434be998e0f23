"""Fills at a daily dose of inhaled steroids, and which classes they are of."""

import pytest
from support.fact_case import in_words, patient

from service.facts.case import Case
from service.facts.fills.fill import FoundFill
from service.facts.supply.covered_days_of_classes import (
    dose_table_notes,
    handovers_by_class,
    may_reach,
    parts_where,
    reaches_band,
)
from service.policy.operators import TherapyClasses
from service.policy.truth import Truth

ICS = TherapyClasses(of=("asthma.ics",))
TWO = ("ad.tcs_medium_or_higher", "ad.tci")
Json = dict[str, object]


def inhaler(drug: str, puffs: int | None = 4) -> Json:
    entry: Json = {"drug": drug, "days": 30, "on": "10 days ago"}
    return entry if puffs is None else {**entry, "puffs_a_day": puffs}


def of_dispense(entry: Json, age: str = "36 years") -> tuple[Case, FoundFill]:
    case = patient("asthma", age=age, dispenses=[entry])
    ((found,),) = [part.handovers for part in handovers_by_class(case, ICS)]
    return case, found


@pytest.mark.parametrize(
    ("drug", "puffs", "band", "truth"),
    [
        ("fluticasone 220 inhaler", 4, "high", Truth.MET),
        ("fluticasone 44 inhaler", 2, "high", Truth.NOT_MET),
        ("fluticasone 110 inhaler", 4, "medium", Truth.MET),
        ("fluticasone 110 inhaler", None, "medium", Truth.UNKNOWN),
        ("fluticasone, ingredient only", 4, "low", Truth.UNKNOWN),
    ],
)
def test_daily_dose_reaches_a_band_by_the_table(
    drug: str, puffs: int | None, band: str, truth: Truth
) -> None:
    case, found = of_dispense(inhaler(drug, puffs))
    assert reaches_band(case, found, band) is truth
    assert may_reach(case, found, band) is (truth is not Truth.NOT_MET)


def test_every_fill_may_reach_a_dose_that_is_not_asked_for() -> None:
    case, found = of_dispense(inhaler("fluticasone 44 inhaler", 2))
    assert may_reach(case, found, None)


def test_table_is_named_only_where_a_dose_is_asked_for() -> None:
    case, _ = of_dispense(inhaler("fluticasone 44 inhaler"))
    assert dose_table_notes(case, ICS) == ()
    said = case.knowledge.dose_tables["asthma.ics"].said_with
    assert said
    (told,) = dose_table_notes(case, TherapyClasses(of=("asthma.ics",), at_dose="high"))
    assert in_words(told) == said


CREAM = {"drug": "triamcinolone cream", "days": 30, "on": "10 days ago"}
OINTMENT = {"drug": "tacrolimus ointment", "days": 30, "on": "10 days ago"}


def test_classes_asked_for_together_are_parts_by_themselves() -> None:
    case = patient(claims=[CREAM, OINTMENT])
    assert [len(one.handovers) for one in handovers_by_class(case, TherapyClasses(of=TWO))] == [2]
    parts = handovers_by_class(case, TherapyClasses(of=TWO, together=True))
    assert [one.value_sets for one in parts] == [(TWO[0],), (TWO[1],)]
    assert [len(one.handovers) for one in parts] == [1, 1]


def test_single_drugs_of_a_class_leave_the_others_out() -> None:
    case = patient(claims=[CREAM, {**CREAM, "drug": "clobetasol ointment"}])
    asked = TherapyClasses(of=TWO[:1], ingredients=("clobetasol",))
    (part,) = handovers_by_class(case, asked)
    assert [one.fill.ingredient for one in part.handovers] == ["clobetasol"]


def test_parts_keep_only_the_fills_that_are_wanted() -> None:
    case = patient(claims=[CREAM, OINTMENT])
    (part,) = parts_where(
        handovers_by_class(case, TherapyClasses(of=TWO)), lambda one: one.value_set == TWO[1]
    )
    assert [one.value_set for one in part.handovers] == [TWO[1]]
