"""A test that is positive or negative."""

import pytest
from support.fact_case import patient, said

from service.facts.measurements.tested import tested as newest_decides
from service.policy.amount import Span
from service.policy.finding import Finding
from service.policy.operators import Recorded

ASKED = Recorded(fact=("lab.igra",))
Json = dict[str, object]


def found(*findings: Json, asked: Recorded = ASKED) -> Finding:
    case = patient(findings=list(findings))
    return newest_decides(case, case.knowledge.facts["lab.igra"], asked)


def igra(value: str, on: str | None = "today") -> Json:
    return {"what": "QuantiFERON", "value": value, "on": on}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("positive", "met"),
        ("negative", "not_met"),
        ("yes", "met"),
        ("no", "not_met"),
        ("indeterminate", "unknown review"),
    ],
)
def test_result_is_positive_negative_or_for_the_reviewer(value: str, expected: str) -> None:
    assert said(found(igra(value))) == expected


def test_newest_result_decides() -> None:
    assert said(found(igra("positive", "90 days ago"), igra("negative"))) == "not_met"


def test_two_results_of_one_day_that_differ_are_a_conflict() -> None:
    assert said(found(igra("positive"), igra("negative"))) == "unknown conflict"


@pytest.mark.parametrize(
    ("on", "expected"),
    [("90 days ago", "not_met"), ("91 days ago", "unknown stale"), (None, "unknown imprecise")],
)
def test_result_older_than_the_window_is_stale(on: str | None, expected: str) -> None:
    asked = Recorded(fact=("lab.igra",), within=Span(days=90))
    assert said(found(igra("negative", on), asked=asked)) == expected


def test_test_that_was_not_done_is_not_found() -> None:
    assert said(found()) == "unknown not_found"
