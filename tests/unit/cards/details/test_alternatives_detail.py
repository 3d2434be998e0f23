"""A therapy in one line: what decides about it first, each part whole or not at all."""

from dataclasses import replace
from typing import Any

import pytest
from support.card_context import CONTEXT
from support.cases.run import library

from service.cards.card_lengths import LONGEST_ALTERNATIVES
from service.cards.details.alternatives_detail import (
    LONGEST_LINE,
    alternatives_detail,
    usual_dose,
)
from service.clinical.suggestions import Offer, Option, RuledOut
from service.clinical.therapies_and_pathways import Situation, Therapy, Use
from service.policy.truth import Truth

SITUATION = Situation("ad.failed", "The drug failed", "G", None, ())
USE = Use("approved", "adults", "L")
DRUG = Therapy("alpha", "Alpha", "a class", "drug", {"ad": USE}, boxed_warning="clots")


def option(**more: Any) -> Option:
    return replace(Option(DRUG, USE, Truth.MET, "why it is here", dose="10 mg daily"), **more)


def detail(*options: Option, ruled_out: tuple[RuledOut, ...] = (), head: str = "") -> str:
    offer = Offer(replace(SITUATION, head=head), options, ruled_out, (), ())
    return alternatives_detail(library().wording, offer, CONTEXT)


def test_dose_warning_and_checks_come_before_the_reason() -> None:
    line = "1. **Alpha**: 10 mg daily; boxed warning; first: a, b; why it is here"
    assert line in detail(option(first=("a", "b")))


def test_a_risk_on_record_comes_first_and_more_checks_are_counted() -> None:
    risky = option(lowered="a clot", first=tuple("abcdef"))
    assert (
        "1. **Alpha**: a clot; 10 mg daily; boxed warning; first: a, b, c, d and 2 more"
        in detail(risky)
    )


def test_of_a_step_that_closes_a_gap_the_reason_says_what_to_do() -> None:
    assert "1. **Alpha**: why it is here; 10 mg daily" in detail(option(closes=True))
    assert "1. **Alpha**: why it is here; boxed warning" in detail(option(dose=None))


def test_parts_that_do_not_fit_are_left_out_as_a_whole() -> None:
    line = detail(option(why="long " * 60)).split("1. ")[1].split("\n")[0]
    assert line == "**Alpha**: 10 mg daily; boxed warning"
    assert len(line) <= LONGEST_LINE


def test_use_without_approval_is_marked() -> None:
    off = option(use=replace(USE, label="off_label"))
    assert "1. **Alpha** (off-label): " in detail(off)


@pytest.mark.parametrize(
    ("dose", "usual"),
    [
        ("15 mg once daily (30 mg only if not enough)", "15 mg once daily"),
        ("5 mg; 10 mg later", "5 mg"),
        ("twice daily", "twice daily"),
        (None, ""),
    ],
)
def test_the_usual_dose_is_the_one_for_this_patient(dose: str | None, usual: str) -> None:
    assert usual_dose(dose) == usual


def test_long_lists_stay_within_the_bound_and_are_counted() -> None:
    out = tuple(
        RuledOut(replace(DRUG, id=f"t{n}", name=f"Therapy number {n}"), f"reason {n} " * 6)
        for n in range(30)
    )
    text = detail(*[option(first=("checks " * 9,))] * 5, ruled_out=out, head="One. Two. " * 30)
    assert len(text) <= LONGEST_ALTERNATIVES
    assert text.startswith("**The drug failed.** One")
    assert "1. **Alpha**" in text
    assert ", and 29 more\n" in text
