"""Broken uses of single operators: the criterion says it in one line, and the mistake is told there."""

from collections.abc import Callable
from pathlib import Path

import pytest

AD = "mappings/policies/bcbsms/dupilumab/2025-10-01/ad.yaml"
HEAD = AD.replace("ad.yaml", "policy.yaml")
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
    "evidence of a set that is unknown": (
        "recorded: ad.easi\n      accepts: clinic",
        "no evidence set 'clinic' in policy.yaml; did you mean 'clinical'?",
    ),
    "accepts of an age": (
        "fact: patient.age\n      at_least: 6 years\n      accepts: clinical",
        "an age takes no 'accepts'",
    ),
    "an open list that is no list": (
        "fact: ad.bsa\n      at_least: 10 % BSA\n      open_set: true",
        "'open_set' means nothing beside 'fact'",
    ),
    "a mistyped open list": (
        "supply: {of: ad.biologic_other, ever: true, open_sett: true}",
        "unknown key 'open_sett'; did you mean 'open_set'?",
    ),
    "a trend from somewhere": (
        "trend: {of: [ad.bsa], better: lower, stable_counts: true, from: first}",
        "from is earliest",
    ),
    "more than of episodes": (
        "episodes: {of: asthma.steroid_courses, more_than: 1, in_last: 12 months}",
        "unknown key 'more_than'; did you mean 'at_least'?",
    ),
    "a bound of episodes in the other direction": (
        "episodes: {of: asthma.steroid_courses, at_least: 1, at_most: 2, in_last: 12 months}",
        "unknown key 'at_most'",
    ),
    "a fact nothing of its group is near to": (
        "recorded: asthma.wheezing",
        (
            "no fact 'asthma.wheezing'; some facts of 'asthma' are 'asthma.diagnosis', "
            "'asthma.eosinophilic', 'asthma.grade', 'asthma.ocs_dependent', "
            "'asthma.serious_exacerbations'"
        ),
    ),
    "a fact whose group has few": (
        "fact: eoe.waist\n      at_least: 30 cells/uL",
        (
            "no fact 'eoe.waist'; the facts of 'eoe' are 'eoe.diagnosis', 'eoe.erefs', "
            "'eoe.other_causes', 'eoe.peak_eosinophils', 'eoe.symptoms'"
        ),
    ),
    "a fact that is near to one of its group": (
        "fact: patient.height\n      at_least: 150 cm",
        "no fact 'patient.height'; did you mean 'patient.weight'?",
    ),
    "a fact of another group": (
        "fact: asthma.eosinophils\n      at_least: 150 cells/uL",
        "no fact 'asthma.eosinophils'; did you mean 'asthma.eosinophilic'?",
    ),
    "a fact of a group that has another word for it": (
        "fact: copd.feno\n      at_least: 25 ppb",
        "no fact 'copd.feno'; did you mean 'lab.feno'?",
    ),
    "an exclusion both ways": (
        "excluded: {every: ad.tci, any: ad.tcs_low, for: intolerance}",
        "every or any, one of them, and for are lists with something in them",
    ),
    "an exclusion of a disease": (
        "excluded: {any: ad.condition, for: intolerance}",
        "'ad.condition' is of the kind condition; therapy_class or drug is needed here",
    ),
    "an exposure to nothing": (
        "exposed_for: {of: [], at_least: 6 months}",
        "a list of value sets is needed here",
    ),
    "an exposure without a length": (
        "exposed_for: {of: requested_drug}",
        "'at_least' is missing",
    ),
    "an exposure of no time": (
        "exposed_for: {of: requested_drug, at_least: 0 months}",
        "at_least: a span is longer than nothing",
    ),
    "a stop for a reason that is not there": (
        "stopped: {of: requested_drug, for: inefficiency}",
        "no reason 'inefficiency'; did you mean 'inefficacy'?",
    ),
    "a stop for nothing": (
        "stopped: {of: requested_drug, for: []}",
        "of and for are lists with something in them",
    ),
    "a stop of a disease": (
        "stopped: {of: ad.condition, for: inefficacy}",
        "'ad.condition' is of the kind condition; therapy_class or drug is needed here",
    ),
    "a stop of a drug that the class does not have": (
        "stopped: {of: ad.oral_jak, ingredients: upadacitinb, for: inefficacy}",
        "no ingredient 'upadacitinb'; did you mean 'upadacitinib'?",
    ),
    "a supply of a drug that the class does not have": (
        "supply: {of: ad.oral_jak, ingredients: [baricitinib], ever: true}",
        "no ingredient 'baricitinib'; did you mean 'abrocitinib'?",
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
    # Of several lines the last one holds the mistake, unless it is the name of a fact.
    at = written.splitlines()[0 if says.startswith("no fact") else -1]
    tells_alone(AD, WRITTEN, written, at, says)


HEADS = {
    "a renewal after no time": (
        "renewal_after: 0 months",
        "renewal_after: a span is longer than nothing",
    ),
    "months of one phase alone": (
        "approval_months: {initial: 4}",
        "'renewal' is missing",
    ),
    "months that are none": (
        "approval_months: {initial: 0, renewal: 12}",
        "initial is more than 0",
    ),
}


@pytest.mark.parametrize(("written", "says"), HEADS.values(), ids=HEADS)
def test_a_mistake_of_the_head_is_told(
    tells_alone: Callable[..., None], written: str, says: str
) -> None:
    months = "approval_months: 12                   # lines 116 and 157"
    key = written.split(":", maxsplit=1)[0]
    tells_alone(HEAD, months, written if key in months else f"{months}\n{written}", written, says)


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
    "a score without scales": (
        {"kind": "score", "sets": "score.iga", "more": 'unit: "score"\n'},
        1,
        "a fact of the kind score has scales",
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


SCORE = FACT.format(
    kind="score",
    sets="score.iga",
    more='unit: "score"\nscales: [{names: [IGA], low: 0, high: 4}]\n',
)
SCORED = {
    "no scale": (
        "fact: test.one\n      at_least: 3 score",
        "fact: test.one",
        "'test.one' is compared on a scale: 0-4",
    ),
    "an unknown scale": (
        "fact: test.one\n      at_least: 3 score\n      scale: 0-6",
        "scale: 0-6",
        "'test.one' is compared on a scale: 0-4",
    ),
    "a bound beyond the scale": (
        "fact: test.one\n      scale: 0-4\n      at_least: 5 score",
        "at_least: 5",
        "5 score lies outside the scale 0-4",
    ),
    "a scale of another fact": (
        "fact: ad.easi\n      scale: 0-4\n      at_least: 5 score",
        "scale: 0-4",
        (
            "'ad.easi' is of the kind quantity and has no scale; "
            "use a fact of the kind score with 'scales' (docs/reference/facts.md, Scores)"
        ),
    ),
}


@pytest.mark.parametrize(("written", "at", "says"), SCORED.values(), ids=SCORED)
def test_a_score_is_compared_on_one_of_its_scales(
    content: Path, tells_alone: Callable[..., None], written: str, at: str, says: str
) -> None:
    (content / "mappings/facts/test.yaml").write_text(SCORE)
    tells_alone(AD, WRITTEN, written, at, says)
