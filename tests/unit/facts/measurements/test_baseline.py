"""One and the same result must pass its value, its time and its background."""

from dataclasses import replace

import pytest
from support.fact_case import CLAIMS_HELD, Answer, in_words, ordinal, patient, said, worded

from service.facts.case import Case
from service.facts.measurements import baseline as module
from service.facts.measurements.baseline import baseline, finding_of_picked, may_be_before
from service.facts.measurements.results import Result, results
from service.fhir.values.days import DayRange
from service.policy.amount import Amount, Span
from service.policy.operators import Background, Compare

BOUND = Amount(value=150, unit="cells/uL")
ANY = Compare(fact="lab.blood_eosinophils", at_least=BOUND, pick="any")
IN_A_YEAR = replace(ANY, within=Span(days=365))
ON_ICS = Compare(
    fact="lab.blood_eosinophils", at_least=BOUND, during=(Background(of=("asthma.ics",)),)
)
Json = dict[str, object]
COUNT = "blood eosinophils"


def count(value: str, on: str | None = "today") -> Json:
    return {"what": COUNT, "value": f"{value} /uL", "on": on}


def found(asked: Compare, *findings: Json, **given: object) -> Answer:
    case = patient("asthma", findings=list(findings), **given)
    return worded(finding_of_picked(case, case.knowledge.facts["lab.blood_eosinophils"], asked))


def test_some_one_of_all_results_is_enough() -> None:
    assert said(found(ANY, count("200", "900 days ago"), count("100"))) == "met"
    assert said(found(ANY, count("149"))) == "not_met"
    assert said(found(ANY, count("150"))) == "met"
    assert said(found(ANY)) == "unknown not_found"


@pytest.mark.parametrize(
    ("on", "expected"),
    [("365 days ago", "met"), ("366 days ago", "unknown stale"), (None, "unknown imprecise")],
)
def test_result_that_passes_must_be_recent_enough(on: str | None, expected: str) -> None:
    assert said(found(IN_A_YEAR, count("200", on))) == expected


def test_later_result_that_fails_contradicts_where_the_policy_says_so() -> None:
    asked = replace(ANY, contradicted="review")
    results = count("200", "90 days ago"), count("100")
    assert said(found(asked, *results)) == "unknown review"
    shown = found(replace(ANY, contradicted="shown"), *results)
    assert said(shown) == "met"
    assert shown.notes[0].startswith("A later value takes nothing back: ")


INHALER = {"drug": "fluticasone 110 inhaler", "days": 30, "on": "60 days ago"}


@pytest.mark.parametrize(
    ("on", "expected"),
    [("31 days ago", "met"), ("30 days ago", "not_met"), (None, "unknown imprecise")],
)
def test_result_must_be_taken_on_its_background(on: str | None, expected: str) -> None:
    assert said(found(ON_ICS, count("200", on), dispenses=[INHALER], **CLAIMS_HELD)) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [("100 days ago", "met"), ("99 days ago", "unknown not_found")],
)
def test_result_must_be_from_before_the_first_dose(on: str, expected: str) -> None:
    asked = replace(ANY, before_first=("dupilumab",))
    dose = {"drug": "dupilumab 300 mg syringe", "days": 28, "on": "100 days ago"}
    assert said(found(asked, count("200", on), claims=[dose])) == expected


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
    allowed = module.baseline_window(case, FIRST_DOSE, HALF_A_YEAR)
    assert len(allowed.recent_enough(found)) == kept
    assert allowed.sure(found) is bool(kept)
    assert in_words(allowed.miss) == "nothing documented in the 180 days before the first dose"


def test_baseline_without_a_limit_may_be_of_any_age() -> None:
    case, found = of_days("9 years ago", None)
    allowed = module.baseline_window(case, FIRST_DOSE, None)
    assert allowed.recent_enough(found) == found
    assert allowed.sure(found)


def test_baseline_is_only_perhaps_recent_enough_where_the_first_dose_has_no_exact_day() -> None:
    case, found = of_days("275 days ago")
    allowed = module.baseline_window(case, DayRange(ordinal(100), ordinal(90)), HALF_A_YEAR)
    assert allowed.recent_enough(found) == found
    assert not allowed.sure(found)
    assert allowed.holds(DayRange(ordinal(270), ordinal(270)))


def test_baseline_without_a_day_is_never_surely_recent_enough() -> None:
    case, found = of_days(None)
    allowed = module.baseline_window(case, FIRST_DOSE, HALF_A_YEAR)
    assert allowed.recent_enough(found) == found
    assert not allowed.sure(found)
