"""Every patient: what is expected is offered, what holds for all holds; a wrong expectation fails."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from typing import Any

import pytest
from support.cases.run import library
from support.clinical.rules import RULES, Rule, beside_coverage
from support.clinical.run import Case, all_cases, answer, differences
from support.each import Checks, by_file

from service.advise import Advice
from service.clinical.therapies_and_pathways import Step

CASES = list(all_cases())
FILES = by_file(CASES)


@pytest.mark.conforms("CARD-11", "ACT-04", "ACT-05", "ACT-07", "ACT-08", "CRD-15")
@pytest.mark.parametrize("file", FILES)
def test_every_answer_to_the_patients_of_a_file(
    file: str, all_hold: Callable[[Checks], None]
) -> None:
    all_hold(check for case in FILES[file] for check in _checks(case))


def _checks(case: Case) -> Iterator[tuple[str, Callable[[], None]]]:
    """Every rule about the answer to a patient, who is answered once."""
    advice = cache(partial(answer, case, library()))
    for rule in RULES:
        yield f"{case.says} ({rule.__name__})", partial(_check, rule, case, advice)


def _check(rule: Rule, case: Case, advice: Callable[[], Advice]) -> None:
    rule(case, advice())


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


def test_baricitinib_is_flagged_and_never_ordered() -> None:
    case = next(one for one in CASES if one.expect.get("situation") == "ad.inefficacy")
    advice = answer(case, _only("baricitinib"))
    detail = beside_coverage(advice)[0]["detail"]
    assert "**baricitinib** (not approved in the US for this disease)" in detail
    assert not any(told.about for told in advice.shown_cards if told.kind == "alternatives")


def _only(therapy: str) -> Any:
    """The library with each situation of atopic dermatitis offering one therapy."""
    shipped = library()
    key = ("dupilumab", "ad")
    step = Step(therapy, "x", "G1")
    pathway = shipped.clinical.pathways[key]
    changed = replace(
        pathway, situations=tuple(replace(one, order=(step,)) for one in pathway.situations)
    )
    pathways = {**shipped.clinical.pathways, key: changed}
    return replace(shipped, clinical=replace(shipped.clinical, pathways=pathways))


def test_a_case_has_what_it_says() -> None:
    assert CASES
    assert all(one.expect for one in CASES)
