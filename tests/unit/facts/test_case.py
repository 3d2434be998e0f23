"""A case: windows of time, silence of the record, evidence, and each question answered once."""

from dataclasses import replace
from datetime import date

import pytest
from support.clinical.patient import DAY
from support.fact_case import ordinal, patient

from service.facts.case import LONGEST_SHOWN, Case, days_back, evidence, kind_of, when
from service.facts.fact import Looked
from service.fhir.values.days import FIRST, DayRange
from service.policy.amount import Span
from service.policy.finding import Finding, met
from service.policy.operators import Operator, Statement
from service.policy.truth import Reason


@pytest.mark.parametrize(
    ("span", "first"),
    [
        (Span(days=1), "2026-05-30"),
        (Span(days=30), "2026-05-01"),
        (Span(months=1), "2026-04-30"),
        (Span(months=3), "2026-02-28"),
        (Span(months=12), "2025-05-31"),
    ],
)
def test_window_opens_days_or_calendar_months_before_its_last_day(span: Span, first: str) -> None:
    assert days_back(date(2026, 5, 31).toordinal(), span) == date.fromisoformat(first).toordinal()


def test_window_longer_than_the_calendar_opens_on_its_first_day() -> None:
    assert days_back(100, Span(days=1000)) == FIRST


def test_question_is_answered_once() -> None:
    asked: list[Operator] = []

    def answer(_: Case, operator: Operator) -> Finding:
        asked.append(operator)
        return met()

    case = replace(patient(), answer=answer)
    question = Statement(ids=("a",))
    assert case.ask(question) is case.ask(question)
    assert asked == [question]


def test_question_for_one_indication_is_answered_for_that_one_alone() -> None:
    seen: list[tuple[str, ...]] = []

    def answer(case: Case, _: Operator) -> Finding:
        seen.append(case.indications)
        return met()

    case = replace(patient("ad"), answer=answer, indications=("ad", "asthma"))
    case.ask_for("asthma")(Statement(ids=("a",)))
    case.ask(Statement(ids=("a",)))
    assert seen == [("asthma",), ("ad", "asthma")]


WHOLE = Looked("claims", silence_means_none=True, why="")
SOMETIMES = Looked("observations", silence_means_none=False, why="")
YEAR_AGO = ordinal(365)


@pytest.mark.parametrize(
    ("given", "looked", "reason"),
    [
        ({"claims_held": "yes"}, (WHOLE,), None),
        ({"claims_held": "365 days ago"}, (WHOLE,), None),
        ({"claims_held": "364 days ago"}, (WHOLE,), Reason.NOT_HELD),
        ({}, (WHOLE,), Reason.NOT_HELD),
        ({"claims_held": "yes", "paged": "claims"}, (WHOLE,), Reason.INCOMPLETE),
        ({"claims_held": "yes", "not_sent": "claims"}, (WHOLE,), Reason.NOT_SUPPLIED),
        ({"claims_held": "yes", "failed": "claims"}, (WHOLE,), Reason.NOT_SUPPLIED),
        ({}, (SOMETIMES,), Reason.NOT_FOUND),
        ({}, (), Reason.NOT_FOUND),
        ({"claims_held": "yes"}, (SOMETIMES, WHOLE), None),
    ],
)
def test_silence_means_none_only_where_a_source_that_holds_all_came_whole(
    given: dict[str, object], looked: tuple[Looked, ...], reason: Reason | None
) -> None:
    assert patient(**given).silence(looked, YEAR_AGO) is reason


def test_source_held_since_birth_holds_all_there_is() -> None:
    newborn = patient(born="2026-06-01", claims_held="2026-06-01")
    assert newborn.silence((WHOLE,), YEAR_AGO) is None


def test_source_that_came_cut_is_not_outweighed_by_another_that_came_whole() -> None:
    dispenses = Looked("dispenses", silence_means_none=True, why="")
    case = patient(claims_held="yes", dispenses_held="yes", paged="dispenses")
    assert case.silence((WHOLE, dispenses), YEAR_AGO) is Reason.INCOMPLETE


CLAIM = {"drug": "methotrexate", "days": 30, "on": "30 days ago"}


def test_hits_are_found_in_the_sources_that_are_looked_in_alone() -> None:
    case = patient(claims=[CLAIM])
    sets = ("ad.systemic_immunosuppressant",)
    assert [hit.reference for hit in case.hits((WHOLE,), sets)] == ["ExplanationOfBenefit/claims-1"]
    assert case.hits((SOMETIMES,), sets) == []
    assert case.hits((WHOLE,), ("ad.tci",)) == []


def test_hit_is_shown_with_its_day_its_kind_and_its_reference() -> None:
    case = patient(claims=[CLAIM])
    (hit,) = case.hits((WHOLE,), ("ad.systemic_immunosuppressant",))
    assert when(hit) == DayRange(ordinal(30), ordinal(30))
    shown = evidence(case, hit, "methotrexate")
    assert shown == ("ExplanationOfBenefit/claims-1", "2026-10-21", "methotrexate", "claim")


def test_long_words_of_a_chart_are_cut() -> None:
    case = patient(claims=[CLAIM])
    (hit,) = case.hits((WHOLE,), ("ad.systemic_immunosuppressant",))
    assert evidence(case, hit, "x" * LONGEST_SHOWN).value == "x" * LONGEST_SHOWN
    assert evidence(case, hit, "x" * (LONGEST_SHOWN + 1)).value == "x" * (LONGEST_SHOWN - 1) + "…"


@pytest.mark.parametrize(
    ("reporter", "server", "kind"),
    [
        (None, "https://ehr.example/r4", "dispense"),
        ("https://ehr.example/r4/MedicationDispense", "https://ehr.example/r4", "dispense"),
        ("https://pharmacy.example", "https://ehr.example/r4", "outside_pharmacy"),
        ("https://pharmacy.example", None, "outside_pharmacy"),
    ],
)
def test_dispense_that_another_system_reports_is_an_outside_pharmacys(
    reporter: str | None, server: str | None, kind: str
) -> None:
    entry = {"drug": "methotrexate", "days": 30, "on": "30 days ago"}
    if reporter:
        entry["reported_by"] = reporter
    case = patient(dispenses=[entry])
    (hit,) = case.record.hits("ad.systemic_immunosuppressant")
    assert kind_of(hit, server) == kind


def test_today_is_the_day_asked_about() -> None:
    assert patient().today == DAY.toordinal()
