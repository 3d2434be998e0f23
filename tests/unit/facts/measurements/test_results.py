"""Series of results: which count, which is the newest, and what it decides."""

import pytest
from support.fact_case import ordinal, patient, said, shown, worded

from service.facts.case import Case
from service.facts.measurements.results import (
    finding_of_newest,
    may_lack_results,
    newest_results,
    nothing_found,
    results,
)
from service.facts.measurements.results import finding_of_test as newest_decides
from service.fhir.values.days import DayRange
from service.policy.amount import Span
from service.policy.finding import Finding
from service.policy.operators import Recorded
from service.policy.truth import Truth

Json = dict[str, object]


def surface(value: str | None, on: str | None = "today", **more: object) -> Json:
    return {"what": "affected body surface", "value": value, "on": on, **more}


def case_with(*findings: Json, **given: object) -> Case:
    return patient(findings=list(findings), **given)


def values(case: Case) -> list[float | None]:
    found = results(case, case.knowledge.facts["ad.bsa"])
    return [None if one.value is None else one.value.low for one in found]


def test_results_come_newest_first_and_undated_ones_last() -> None:
    entries = surface("1 %", "90 days ago"), surface("2 %", None), surface("3 %")
    assert values(case_with(*entries)) == [3, 1, 2]


@pytest.mark.parametrize(
    "entry",
    [
        surface("5 %", status="preliminary"),
        surface("5 %", status="entered-in-error"),
        surface("5 %", "1 day ahead"),
        surface(None),
        surface("5 %", patient="p2"),
        {"what": "EASI", "value": "5"},
    ],
)
def test_result_that_is_not_a_final_value_of_this_patient_up_to_today_does_not_count(
    entry: Json,
) -> None:
    assert values(case_with(entry)) == []


@pytest.mark.parametrize("value", ["101 %", "-1 %", "5 kg"])
def test_value_out_of_range_or_in_another_unit_is_not_usable(value: str) -> None:
    assert values(case_with(surface(value))) == [None]


def test_newest_results_are_all_that_may_be_the_newest() -> None:
    case = case_with(
        surface("1 %", "2026-11"), surface("2 %", "5 days ago"), surface("3 %", "60 days ago")
    )
    found = results(case, case.knowledge.facts["ad.bsa"])
    assert [one.value.low for one in newest_results(found) if one.value] == [1, 2]


def latest(case: Case, since: int | None = None) -> str:
    fact = case.knowledge.facts["ad.bsa"]
    found = results(case, fact)
    return said(
        finding_of_newest(
            case, fact, found, lambda one: Truth.MET if one.low >= 10 else Truth.NOT_MET, since
        )
    )


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([surface("12 %")], "met"),
        ([surface("8 %")], "not_met"),
        ([surface("12 %"), surface("8 %")], "unknown conflict"),
        ([surface("12 %"), surface("11 %")], "met"),
        ([surface("12 %", None), surface("8 %")], "unknown imprecise"),
        ([surface("5 kg")], "unknown unit"),
        ([], "unknown not_found"),
    ],
)
def test_newest_results_must_agree(entries: list[Json], expected: str) -> None:
    assert latest(case_with(*entries)) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("30 days ago", "met"),
        ("31 days ago", "unknown stale"),
        ("2026-10", "unknown imprecise"),
        (None, "unknown imprecise"),
    ],
)
def test_newest_result_must_not_be_older_than_the_window(on: str | None, expected: str) -> None:
    assert latest(case_with(surface("12 %", on)), ordinal(30)) == expected


def test_results_that_did_not_come_whole_decide_nothing() -> None:
    case = case_with(surface("12 %"), paged="observations")
    assert may_lack_results(case, case.knowledge.facts["ad.bsa"])
    assert latest(case) == "unknown incomplete"


def test_result_of_another_status_is_shown_where_none_counts() -> None:
    case = case_with(surface("12 %", status="preliminary"))
    finding = worded(nothing_found(case, case.knowledge.facts["ad.bsa"]))
    assert said(finding) == "unknown not_found"
    assert finding.evidence[0].value == "BSA affected: not a final result, not used"


def test_result_is_shown_with_its_value_or_as_unusable() -> None:
    case = case_with(surface("12 %"), surface("5 kg", "9 days ago"))
    fact = case.knowledge.facts["ad.bsa"]
    values = [shown(one.shown(case, fact)).value for one in results(case, fact)]
    assert values == ["12 % BSA", "BSA affected: value or unit not usable"]
    assert results(case, fact)[0].day == DayRange(ordinal(0), ordinal(0))


ASKED = Recorded(fact=("lab.igra",))


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


@pytest.mark.parametrize(
    ("age", "weights", "says"),
    [
        ("7 months", {"18 kg": "today"}, "18 kg is not possible at 7 months"),
        ("7 months", {"8.1 kg": "today", "18 kg": "9 days ago"}, "8.1 kg"),
        (
            "11 years",
            {"77 kg": "today", "35 kg": "30 days ago"},
            "77 kg after 35 kg (2026-10-21): both cannot be true",
        ),
        ("11 years", {"31 kg": "today", "29 kg": "30 days ago"}, "31 kg"),
        ("40 years", {"77 kg": "today", "35 kg": "30 days ago"}, "77 kg"),
    ],
)
def test_weight_that_cannot_be_true_is_shown_with_the_reason_and_is_no_value(
    age: str, weights: dict[str, str], says: str
) -> None:
    entries = [{"what": "weight", "value": value, "on": on} for value, on in weights.items()]
    case = patient(findings=entries, age=age)
    fact = case.knowledge.facts["patient.weight"]
    newest = results(case, fact)[0]
    assert shown(newest.shown(case, fact)).value == says
    assert (newest.value is None) is ("possible" in says or "true" in says)
