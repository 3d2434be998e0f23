"""An alternative says whether its own policy is met, where the library has one; otherwise nothing."""

from datetime import date
from pathlib import Path
from shutil import copytree

import pytest
from support.clinical.run import Case, answer
from support.paths import ROOT

from service.library import Library, load_library

GIVEN = {"allergies": [{"to": "dupilumab"}]}
CASE = Case("here", "an allergy", date(2026, 11, 20), GIVEN, {})
SET = """\
value_set: tralokinumab
kind: drug
says: Tralokinumab
source: {file: rx_ad_biologics.csv, release: RxNorm, checked: 2026-11-21}
codes:
  http://www.nlm.nih.gov/research/umls/rxnorm:
    - code: "2589378"
      display: "1 ML tralokinumab-ldrm 150 MG/ML Prefilled Syringe"
      ingredient: tralokinumab
"""
HEAD = """\
policy: bcbsms/test
payer: bcbsms
title: Tralokinumab
drug: tralokinumab
effective: 2026-01-01
last_checked: 2026-11-21
review_by: 2027-11-21
document: a test
source: {document: a test}
approval_months: 12
approved_before: common.renewal.approved
statements_valid: 12 months
accepts: {pharmacy: [claim]}
trial:
  for: 90 days
  accepts: pharmacy
  look_back: 12 months
  gap: 30 days
  supply_says: "{says}"
  sessions_says: "{says}"
  outcome_says: "{says}"
  outcome_asks: "{says}"
readings: {}
indications:
  ad: {title: atopic dermatitis, conditions: ad.condition}
"""
COMMON = """\
initial:
  - {id: common.initial.age, says: Twelve years, cite: "1", fact: patient.age, at_least: 12 years}
renewal:
  - {id: common.renewal.approved, says: Approved, cite: "2", approved_before: true}
"""
AD = """\
indication: ad
initial: {{id: ad.initial, says: Old enough, cite: "3", fact: patient.age, at_least: {age}}}
renewal: {{id: ad.renewal, says: The disease, cite: "4", recorded: ad.diagnosis}}
"""


def library(content: Path, age: str) -> Library:
    """The shipped documents with one more policy, for a drug that stands in a pathway."""
    for name in ("mappings", "cards"):
        copytree(ROOT / name, content / name)
    mappings = content / "mappings"
    (mappings / "value_sets/tralokinumab.yaml").write_text(SET, encoding="utf-8")
    service = mappings / "services/dupilumab-order-sign.yaml"
    said = service.read_text(encoding="utf-8")
    assert "drugs: dupilumab\n" in said
    service.write_text(
        said.replace("drugs: dupilumab\n", "drugs: [dupilumab, tralokinumab]\n"), encoding="utf-8"
    )
    folder = mappings / "policies/bcbsms/tralokinumab/2026-01-01"
    folder.mkdir(parents=True)
    for name, text in (("policy", HEAD), ("common", COMMON), ("ad", AD.format(age=age))):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_library(content, None)


@pytest.mark.parametrize(
    ("age", "said"),
    [("36 years", "BCBSMS criteria for it are met"), ("37 years", "criteria for it are not met")],
)
def test_the_policy_of_the_alternative_is_judged(tmp_path: Path, age: str, said: str) -> None:
    cards = answer(CASE, library(tmp_path, age)).cards
    told = cards[1]["detail"]
    line = next(line for line in told.split("\n") if "**tralokinumab**" in line)
    assert said in line
    assert told.count("criteria for it") == 1


def test_without_a_policy_of_its_own_nothing_is_said() -> None:
    cards = answer(CASE, load_library(ROOT, None)).cards
    assert "criteria for it" not in cards[1]["detail"]
