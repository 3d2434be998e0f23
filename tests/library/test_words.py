"""Broken uses of single operators: the criterion says it in one line, and the mistake is told there."""

from collections.abc import Callable
from pathlib import Path

import pytest

AD = "mappings/policies/bcbsms/dupilumab/2025-10-01/ad.yaml"
WRITTEN = "supply: {of: ad.biologic_other, ever: true, accepts: pharmacy}"
PART = "id: ad.initial.biologic.part, says: Part, cite: '30'"
NOW = f"{{{PART}, supply: {{of: $class, now: true}}}}"
STATED = "a statement here cannot say which class it is about; let one settle all of 'one_class'"
BROKEN = {
    "a class that is unknown": (
        f"one_class: {{of: [ad.tci, ad.tcss], all: [{NOW}]}}",
        "no value set 'ad.tcss'; did you mean 'ad.tci'?",
    ),
    "a class that is a disease": (
        f"one_class: {{of: ad.condition, all: [{NOW}]}}",
        "'ad.condition' is of the kind condition; therapy_class or drug is needed here",
    ),
    "no class at all": (
        f"one_class: {{of: [], all: [{NOW}]}}",
        "a list of value sets is needed here",
    ),
    "tests that bind nothing": (
        f"one_class: {{of: ad.tci, all: [{NOW.replace('$class', 'ad.tci')}]}}",
        "'$class' stands nowhere below",
    ),
    "a mistyped part": (
        f"one_class: {{of: ad.tci, al: [{NOW}], all: [{NOW}]}}",
        "unknown key 'al'; did you mean 'all'?",
    ),
    "a mistake in a test, told once for all classes": (
        f"one_class: {{of: [ad.tci, ad.tcs_low], all: [{NOW.replace('now: true', 'noow: true')}]}}",
        "unknown key 'noow'; did you mean 'now'?",
    ),
    "a statement below": (
        f"one_class: {{of: [ad.tci, ad.tcs_low], all: [{NOW[:-1]}, statement: decides}}]}}",
        f"'ad.initial.biologic.part': {STATED}",
    ),
    "a trial below": (
        f"one_class: {{of: ad.tci, all: [{{{PART}, trial: {{of: $class, ended_within: 180 days}}}}]}}",
        f"'ad.initial.biologic.part.outcome': {STATED}",
    ),
}


@pytest.mark.parametrize(("written", "says"), BROKEN.values(), ids=BROKEN)
def test_a_mistake_is_told_with_its_place_and_alone(
    tells_alone: Callable[..., None], written: str, says: str
) -> None:
    tells_alone(AD, WRITTEN, written, written, says)


FACT = """\
fact: test.one
kind: {kind}
says: Something
label: Something
supply: Record it
way: data
value_sets: {sets}
sources:
  - {{source: procedures, nothing_found: unknown, why: a note only}}
{more}"""
FACTS = {
    "a procedure coded as a disease": (
        {"kind": "procedure", "sets": "ad.condition"},
        7,
        "'ad.condition' is of the kind condition; procedure is needed here",
    ),
    "a procedure without codes": (
        {"kind": "procedure", "sets": "[]"},
        1,
        "a fact of the kind procedure has value_sets",
    ),
}


@pytest.mark.parametrize(("parts", "line", "says"), FACTS.values(), ids=FACTS)
def test_an_unsound_fact_is_told(
    content: Path, mistakes: Callable[[], list[str]], parts: dict[str, str], line: int, says: str
) -> None:
    (content / "mappings/facts/test.yaml").write_text(FACT.format(**{"more": "", **parts}))
    assert mistakes() == [f"mappings/facts/test.yaml:{line}: {says}"]


def test_a_procedure_takes_no_pick(content: Path, tells_alone: Callable[..., None]) -> None:
    fact = FACT.format(kind="procedure", sets="crs.sinus_ct", more="")
    (content / "mappings/facts/test.yaml").write_text(fact)
    written = "recorded: test.one\n      pick: latest"
    tells_alone(AD, WRITTEN, written, "pick: latest", "a procedure takes no 'pick'")
