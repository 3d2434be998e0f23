"""What is offered to a patient, case by case, and that a wrong expectation fails."""

from dataclasses import replace

import pytest
from support.cases.run import library
from support.clinical.run import Case, all_cases, answer, differences

CASES = list(all_cases())


@pytest.mark.parametrize("case", CASES, ids=lambda one: f"{one.file}: {one.says}")
def test_case(case: Case) -> None:
    assert list(differences(case, answer(case, library()))) == []


@pytest.mark.parametrize(
    "expect",
    [
        {"situation": "none such"},
        {"order": ["none such"]},
        {"first": ["none such"]},
        {"out": {"none such": "x"}},
        {"orders": {"none such": "1"}},
        {"notes": ["none such"]},
        {"says": ["none such"]},
        {"cards": 99},
    ],
    ids=str,
)
def test_a_wrong_expectation_fails(expect: dict[str, object]) -> None:
    case = replace(CASES[0], expect=expect)
    assert list(differences(case, answer(case, library())))
