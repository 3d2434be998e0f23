"""Doses, several classes together, backgrounds and dose tables: a mistake is told where it stands."""

from collections.abc import Callable
from pathlib import Path

import pytest

AD = "mappings/policies/bcbsms/dupilumab/2025-10-01/ad.yaml"
TABLE = "mappings/dose_bands/inhaled_corticosteroid.yaml"
CRITERIA = """\
indication: ad
initial:
  id: ad.initial
  says: All
  cite: "21"
  all:
    - id: ad.initial.both
      says: Both
      cite: "22"
      supply: {of: [asthma.ics, asthma.laba], together: true, at_dose: high, now: true, otherwise: review}
    - id: ad.initial.value
      says: Value
      cite: "23"
      fact: ad.easi
      at_least: 16 score
      pick: any
      before_first: [requested_drug, ad.tci]
      during:
        - {of: asthma.ics, at_dose: medium, accepts: pharmacy}
        - {of: systemic_corticosteroid, run: 30 days, gap: 3 days}
    - {id: ad.initial.dose, says: Dose, cite: "24", dose_trend: {of: asthma.ics, better: lower}}
    - {id: ad.initial.age, says: Age, cite: "25", fact: patient.age, at_least: 6 months}
renewal: {id: ad.renewal, says: Still so, cite: "121", recorded: ad.diagnosis}
"""
BROKEN = {
    "together with nothing": (
        "of: [asthma.ics, asthma.laba]",
        "of: asthma.ics",
        "together: true",
        "'together' needs two value sets or more",
    ),
    "a dose of a class without a table": (
        "of: [asthma.ics, asthma.laba], together: true",
        "of: [asthma.ics, asthma.laba]",
        "supply: {of: [asthma.ics",
        "no table of dose_bands/ is for 'asthma.laba'",
    ),
    "a dose that is no band": (
        "at_dose: high",
        "at_dose: hihg",
        "at_dose: hihg",
        "at_dose is one of low, medium, high; did you mean 'high'?",
    ),
    "another way out than review": (
        "otherwise: review",
        "otherwise: met",
        "otherwise: met",
        "otherwise is review",
    ),
    "an unknown word of a background": (
        "run: 30 days",
        "runs: 30 days",
        "runs: 30 days",
        "unknown key 'runs'; did you mean 'run'?",
    ),
    "an unknown class of a background": (
        "of: systemic_corticosteroid",
        "of: systemic_corticosteroids",
        "of: systemic_corticosteroids",
        "no value set 'systemic_corticosteroids'; did you mean 'systemic_corticosteroid'?",
    ),
    "a run in months": (
        "run: 30 days",
        "run: 1 month",
        "run: 1 month",
        "run: days are counted here; write it in days or weeks",
    ),
    "a gap without a run": (
        "run: 30 days, gap",
        "gap",
        "{of: systemic_corticosteroid, gap: 3 days}",
        "'gap' means nothing without 'run'",
    ),
    "a dose of a background without a table": (
        "run: 30 days, gap: 3 days",
        "at_dose: low",
        "{of: systemic_corticosteroid, at_dose: low}",
        "no table of dose_bands/ is for 'systemic_corticosteroid'",
    ),
    "an unknown class before whose first dose": (
        "ad.tci]",
        "ad.tcii]",
        "ad.tcii]",
        "no value set 'ad.tcii'; did you mean 'ad.tci'?",
    ),
    "two ways to ask for the baseline": (
        "pick: any\n      before_first: [requested_drug, ad.tci]\n",
        "pick: baseline_if_treated\n",
        "during:",
        "'during' means nothing beside 'pick: baseline_if_treated'",
    ),
    "a baseline of an age": (
        "at_least: 6 months}",
        "at_least: 6 months, before_first: requested_drug}",
        "before_first: requested_drug}",
        "'before_first' is for quantities; 'patient.age' is of the kind age",
    ),
    "any of an age": (
        "at_least: 6 months}",
        "at_least: 6 months, pick: any}",
        "pick: any}",
        "pick is latest or baseline_if_treated",
    ),
    "backgrounds that are no list": (
        "fact: patient.age, at_least: 6 months}",
        "fact: ad.easi, at_least: 16 score, during: asthma.ics}",
        "during: asthma.ics}",
        "a list of backgrounds is needed here, like [{of: a value set}]",
    ),
    "the dose trend of a class without a table": (
        "dose_trend: {of: asthma.ics",
        "dose_trend: {of: asthma.laba",
        "dose_trend: {of: asthma.laba",
        "no table of dose_bands/ is for 'asthma.laba'",
    ),
    "a background beside something recorded": (
        "recorded: ad.diagnosis",
        "recorded: ad.diagnosis, during: [{of: asthma.ics}]",
        "during: [{of: asthma.ics}]",
        "'during' means nothing beside 'recorded'",
    ),
}
FIRST = "medium: {more_than: 200},"
TABLES = {
    "a class that is not known": (
        "[asthma.ics, copd.ics]",
        "[asthma.ics, copd.icss]",
        "[asthma.ics, copd.icss]",
        "no value set 'copd.icss'; did you mean 'copd.ics'?",
    ),
    "a class that is none": (
        "[asthma.ics, copd.ics]",
        "[asthma.ics, copd.ics, lab.feno]",
        "[asthma.ics, copd.ics, lab.feno]",
        "'lab.feno' is no therapy_class",
    ),
    "strips in a form that no inhaler has": (
        "two_strips: [Dry Powder Inhaler]",
        "two_strips: [Dry Powder Inhalr]",
        "two_strips: [Dry Powder Inhalr]",
        "no code is of the form 'Dry Powder Inhalr'; did you mean 'Dry Powder Inhaler'?",
    ),
    "a daily use upside down": (
        "actuations_a_day: [1, 12]",
        "actuations_a_day: [12, 1]",
        "actuations_a_day: [12, 1]",
        "from above 0 to more than that",
    ),
    "an ingredient without a code": (
        "ingredient: ciclesonide",
        "ingredient: ciclesonid",
        "ingredient: ciclesonid,",
        "no code with a dose is of 'ciclesonid'; did you mean 'ciclesonide'?",
    ),
    "a band with two beginnings": (
        FIRST,
        "medium: {more_than: 200, at_least: 200},",
        "more_than: 200, at_least: 200",
        "medium has at_least or more_than, one of them",
    ),
    "a doubt above the beginning": (
        FIRST,
        "medium: {more_than: 200, doubtful_above: 200},",
        "doubtful_above: 200}",
        "medium: doubtful_above lies below where the band begins",
    ),
    "bands out of order": (
        FIRST,
        "medium: {more_than: 500},",
        "medium: {more_than: 500}",
        "low begins below medium, medium below high",
    ),
    "an age that is none": (
        "age: {from: 5 years, below: 12 years}, low: {at_least: 80}",
        "age: {from: 5 yrs, below: 12 years}, low: {at_least: 80}",
        "5 yrs",
        "'5 yrs' is no bound like '6 months' or '12 years'",
    ),
    "an age upside down": (
        "age: {from: 5 years, below: 12 years}, low: {at_least: 80}",
        "age: {from: 12 years, below: 5 years}, low: {at_least: 80}",
        "below: 5 years",
        "age: the band begins at or above its end",
    ),
    "two rows for one inhaler": (
        "age: {from: 5 years, below: 12 years}, low: {at_least: 80}",
        "age: {from: 5 years, below: 13 years}, low: {at_least: 80}",
        "below: 13 years",
        "a second row of beclomethasone dipropionate for the same form and age",
    ),
}
Mistakes = Callable[[], list[str]]


@pytest.mark.parametrize("name", BROKEN)
def test_a_mistake_of_a_criterion_is_told(
    content: Path, tells_alone: Callable[..., None], name: str
) -> None:
    (content / AD).write_text(CRITERIA, encoding="utf-8")
    tells_alone(AD, *BROKEN[name])


def test_what_is_sound_is_sound(content: Path, mistakes: Mistakes) -> None:
    (content / AD).write_text(CRITERIA, encoding="utf-8")
    assert mistakes() == []


@pytest.mark.parametrize("name", TABLES)
def test_a_mistake_of_a_table_is_told(tells_alone: Callable[..., None], name: str) -> None:
    tells_alone(TABLE, *TABLES[name])


def test_a_second_table_of_a_class_is_told(content: Path, mistakes: Mistakes) -> None:
    other = content / TABLE.replace("inhaled", "other")
    text = (content / TABLE).read_text(encoding="utf-8").replace(": inhaled", ": other", 1)
    other.write_text(text, encoding="utf-8")
    line = next(n for n, one in enumerate(text.splitlines(), 1) if "value_sets:" in one)
    file = other.relative_to(content).as_posix()
    assert mistakes() == [
        f"{file}:{line}: '{name}' has a table already: inhaled_corticosteroid"
        for name in ("asthma.ics", "copd.ics")
    ]
