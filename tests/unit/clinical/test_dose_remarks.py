"""Remarks on the ordered dose that follow from the label."""

from dataclasses import replace
from typing import Any

import pytest
from support.fact_case import in_words, patient

from service.clinical.dose_remarks import dose_remarks, other_diseases, remarks_alone
from service.clinical.stages import Beginning, Begins
from service.clinical.suggestions import DoseRemark
from service.facts.case import Case

LABEL = patient().knowledge.labels["dupilumab"]
TITLES = {"ad": "atopic dermatitis"}
START = Beginning(Begins.START)
SYRINGE_200: dict[str, Any] = {
    "drug": "dupilumab 200 mg syringe",
    "loading": "400 mg",
    "dose": "200 mg",
}
Json = dict[str, Any]
NO_LOADING: Json = {"loading": None}
LATE: Json = {"every": "28 days"}


def ordered(indication: str = "ad", order: Json | None = None, **given: object) -> Case:
    return patient(indication, order=order or {}, **given)


def remarks(case: Case, beginning: Beginning = START, **more: bool) -> tuple[DoseRemark, ...]:
    return dose_remarks(case, LABEL.asked, beginning, TITLES, **more)


def kinds(case: Case, beginning: Beginning = START) -> list[str]:
    return [remark.kind for remark in remarks(case, beginning)]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ({}, []),
        (LATE, ["below"]),
        ({**LATE, "dose": "400 mg"}, ["mixed"]),
        ({"loading": "500 mg"}, ["below"]),
        ({"dose": "301 mg"}, []),
        ({"dose": None, "loading": None}, []),
    ],
    ids=["labelled", "too seldom", "too much too seldom", "low loading", "too high", "no dose"],
)
def test_dose_below_the_label_is_remarked(order: Json, expected: list[str]) -> None:
    assert kinds(ordered(order=order)) == expected


def test_remark_names_the_ordered_and_the_labelled_dose() -> None:
    (remark,) = remarks(ordered(order=LATE))
    values = {name: in_words(value) for name, value in remark.values.items()}
    assert values["ordered"] == "600 mg once, then 300 mg every 28 days"
    assert values["label"] == "600 mg once, then 300 mg every 14 days"
    assert values["disease"] == "atopic dermatitis"
    assert remark.is_repaired
    assert remark.replaces


@pytest.mark.parametrize(("weight", "expected"), [("60 kg", ["below"]), ("59.9 kg", [])])
def test_labelled_dose_is_that_of_the_patient_s_weight(weight: str, expected: list[str]) -> None:
    assert kinds(ordered(age="17 years", weight=weight, order=SYRINGE_200)) == expected


@pytest.mark.parametrize(
    ("begins", "order", "expected"),
    [
        (Begins.START, NO_LOADING, ["loading_start"]),
        (Begins.RESTART, NO_LOADING, ["loading_restart"]),
        (Begins.UNKNOWN, NO_LOADING, ["loading_asked"]),
        (Begins.CONTINUES, NO_LOADING, []),
        (Begins.CONTINUES, {}, ["loading_continued"]),
        (Begins.RESTART, {}, []),
        (Begins.START, {**NO_LOADING, **LATE}, ["below"]),
    ],
)
def test_loading_dose_is_for_who_begins(begins: Begins, order: Json, expected: list[str]) -> None:
    assert kinds(ordered(order=order), Beginning(begins)) == expected


def test_loading_dose_is_only_asked_for_while_it_is_not_known_how_the_order_begins() -> None:
    (asked,) = remarks(ordered(order=NO_LOADING), Beginning(Begins.UNKNOWN))
    (missing,) = remarks(ordered(order=NO_LOADING))
    assert (asked.is_repaired, missing.is_repaired) == (False, True)


def test_needless_loading_dose_within_the_payer_s_limit_is_no_coverage_problem() -> None:
    continues = Beginning(Begins.CONTINUES)
    allowed = remarks(ordered(), continues, allowed=True)
    assert [one.values["allowed"] for one in allowed] == ["yes"]
    assert [one.values["allowed"] for one in remarks(ordered(), continues)] == [""]


@pytest.mark.parametrize(
    ("order", "expected", "wrong"),
    [
        ({}, [], False),
        ({"dose": "301 mg"}, ["above"], True),
        ({"dose": None, "loading": None}, ["open"], True),
        (LATE, ["below"], True),
    ],
)
def test_order_without_a_policy_is_compared_with_the_label(
    order: Json, expected: list[str], wrong: bool
) -> None:
    found, is_wrong = remarks_alone(ordered(order=order), LABEL, START)
    assert ([one.kind for one in found], is_wrong) == (expected, wrong)
    assert all(one.values["alone"] == "yes" for one in found if one.kind == "below")


@pytest.mark.parametrize(
    ("active", "expected"),
    [
        (["eoe"], []),
        (["ad"], ["Atopic dermatitis"]),
        (["ad", "asthma"], ["Atopic dermatitis", "Asthma"]),
        (["copd"], []),
    ],
)
def test_other_disease_with_another_labelled_dose_is_named(
    active: list[str], expected: list[str]
) -> None:
    case = ordered("eoe", NO_LOADING, age="16 years", weight="40 kg")
    found = [remark.values["disease"] for remark in other_diseases(case, LABEL, active)]
    assert found == expected


def test_disease_that_the_remark_is_about_is_not_named_as_one_beside_it() -> None:
    polyps = "chronic rhinosinusitis with nasal polyps"
    given = {"diagnoses": [{"is": "asthma"}, {"is": "nasal polyps"}]}
    case = ordered("asthma", {**SYRINGE_200, "loading": None}, **given)
    titles = {"asthma": "asthma", "crswnp": polyps}

    def beside(case: Case) -> str | None:
        found = dose_remarks(case, LABEL.asked, START, titles)
        return in_words(next(one for one in found if one.kind == "below").values["beside"])

    assert beside(case) == polyps
    assert beside(replace(case, indications=tuple(titles))) == ""


def test_other_disease_with_the_dose_of_the_order_is_not_named() -> None:
    assert list(other_diseases(ordered(), LABEL, ["asthma", "crswnp"])) == []
