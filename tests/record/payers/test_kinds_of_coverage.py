"""What a coverage pays for, told by the words of its type."""

import copy
import json
from datetime import date
from typing import Any

import pytest
from support.paths import ROOT

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request
from service.library import load_library

DAY = date(2026, 11, 21)
BASE = json.loads((ROOT / "fixtures/initial-fully-met.json").read_text())
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
NO_DRUGS = [
    "Worker comp",
    "Work Comp - Employer",
    "Medigap Plan G",
    "Travel insurance",
    "Accident",
    "Short term disability",
    "Cancer only policy",
    "Medical only, no pharmacy",
    "No prescription coverage",
    "Hospital indemnity",
    "Charity care",
]
DRUGS = [
    "Commercial PPO",
    "Medical and pharmacy",
    "Northern Pharmacy Plan",
    "No deductible drug plan",
    "United Workers Company Health",
    "Accident and Health Insurance",
    "Medicaid - Disability",
]


@pytest.fixture(scope="module")
def library() -> Any:
    return load_library(ROOT, ROOT / "fixtures/clients/claims_held.yaml")


def outcome(library: Any, type_: Any) -> str:
    body = copy.deepcopy(BASE)
    body["prefetch"]["coverage"]["entry"][0]["resource"]["type"] = type_
    hook = parse_hook_request(body, frozenset(["order-sign"]))
    twin = advise(library, hook, library.client("local"), AsOf("day", DAY)).twins[0]
    return str(twin["outcome"])


@pytest.mark.parametrize("words", NO_DRUGS)
def test_a_coverage_that_pays_for_no_drugs_is_passed_over(library: Any, words: str) -> None:
    assert outcome(library, {"text": words}) == "no_policy"


@pytest.mark.parametrize("words", DRUGS)
def test_a_coverage_that_may_pay_for_drugs_decides(library: Any, words: str) -> None:
    assert outcome(library, {"text": words}) == "met"


@pytest.mark.parametrize("code", ["CHAR", "CRIME", "DISEASEPRG"])
def test_programs_by_their_codes(library: Any, code: str) -> None:
    assert outcome(library, {"coding": [{"system": ACT, "code": code}]}) == "no_policy"
