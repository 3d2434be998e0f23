"""Values from before the first dose, and how old one may be."""

import pytest
from support.fact_case import in_words, ordinal, patient

from service.facts.case import Case
from service.facts.measurements import baseline as module
from service.facts.measurements.baseline import baseline, may_be_before
from service.facts.measurements.results import Result, results
from service.fhir.values.days import DayRange
from service.policy.amount import Span

FIRST_DOSE = DayRange(ordinal(100), ordinal(100))
HALF_A_YEAR = Span(days=180)


def of_days(*days: str | None) -> tuple[Case, list[Result]]:
    """Body surface measured on these days."""
    entries = [{"what": "affected body surface", "value": "12 %", "on": one} for one in days]
    case = patient(findings=entries)
    return case, results(case, case.knowledge.facts["ad.bsa"])


@pytest.mark.parametrize(
    ("day", "certain", "maybe"),
    [
        ("101 days ago", 1, False),
        ("100 days ago", 1, False),
        ("99 days ago", 0, False),
        (None, 0, True),
    ],
)
def test_value_up_to_the_day_of_the_first_dose_is_from_before(
    day: str | None, certain: int, maybe: bool
) -> None:
    _, found = of_days(day)
    before, others = baseline(found, FIRST_DOSE)
    assert (len(before), others) == (certain, maybe)


def test_value_within_the_days_of_an_inexact_first_dose_may_be_from_before() -> None:
    start = DayRange(ordinal(100), ordinal(90))
    _, found = of_days("95 days ago")
    assert baseline(found, start) == ([], True)
    assert may_be_before(found[0], start)


def test_value_after_all_days_of_the_first_dose_is_not_from_before() -> None:
    _, found = of_days("89 days ago")
    assert not may_be_before(found[0], DayRange(ordinal(100), ordinal(90)))


@pytest.mark.parametrize(("day", "kept"), [("280 days ago", 1), ("281 days ago", 0)])
def test_baseline_may_be_as_old_as_the_policy_allows(day: str, kept: int) -> None:
    case, found = of_days(day)
    allowed = module.window(case, FIRST_DOSE, HALF_A_YEAR)
    assert len(allowed.kept(found)) == kept
    assert allowed.sure(found) is bool(kept)
    assert in_words(allowed.miss) == "nothing documented in the 180 days before the first dose"


def test_baseline_without_a_limit_may_be_of_any_age() -> None:
    case, found = of_days("9 years ago", None)
    allowed = module.window(case, FIRST_DOSE, None)
    assert allowed.kept(found) == found
    assert allowed.sure(found)


def test_baseline_is_only_perhaps_recent_enough_where_the_first_dose_has_no_exact_day() -> None:
    case, found = of_days("275 days ago")
    allowed = module.window(case, DayRange(ordinal(100), ordinal(90)), HALF_A_YEAR)
    assert allowed.kept(found) == found
    assert not allowed.sure(found)
    assert allowed.holds(DayRange(ordinal(270), ordinal(270)))


def test_baseline_without_a_day_is_never_surely_recent_enough() -> None:
    case, found = of_days(None)
    allowed = module.window(case, FIRST_DOSE, HALF_A_YEAR)
    assert allowed.kept(found) == found
    assert not allowed.sure(found)
