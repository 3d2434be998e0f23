"""Whether the patient got less than the labelled dose, by complete records or by what lists say."""

from typing import Any

import pytest
from support.cases.run import library
from support.fact_case import in_words, patient

from service.clinical.dose_taken import taken_below

LABEL = patient().knowledge.labels["dupilumab"]
COURSE = library().clinical.course("dupilumab", ("eoe",))
DRUG = "dupilumab 300 mg syringe"
Json = dict[str, Any]


def fills(quantity: str, count: int = 8, step: int = 28, drug: str = DRUG) -> list[Json]:
    """Fills of 28 days, the last of them of today."""
    days = ["today", *(f"{step * n} days ago" for n in range(1, count))]
    return [{"drug": drug, "days": 28, "on": day, "quantity": quantity} for day in reversed(days)]


def found(**given: object) -> str | None:
    """What is remarked on an adult with esophagitis, whose label is 300 mg a week."""
    assert COURSE is not None
    who: Json = {"age": "38 years", "weight": "80 kg", "claims_held": "2015-01-01"}
    order = {"loading": None, "every": "7 days"}
    case = patient("eoe", **{**who, "order": order, **given})
    return in_words(taken_below(case, LABEL.asked, COURSE))


HALF = "4800 mg supplied in 197 days, label 8443 mg"


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        ("4 syringes", None),
        ("3 syringes", None),
        ("2 syringes", HALF),
        ("8 mL", None),
        ("4 mL", HALF),
        ("2 each", None),
    ],
)
def test_complete_fills_of_less_than_the_least_share_were_below_the_label(
    quantity: str, expected: str | None
) -> None:
    assert found(claims=fills(quantity)) == expected


def test_whole_fills_that_come_late_were_below_the_label() -> None:
    assert found(claims=fills("4 syringes", 4, 52)) is not None


@pytest.mark.parametrize(("days_ago", "told"), [(26, False), (27, True)])
def test_fills_of_less_than_four_weeks_tell_no_dose(days_ago: int, told: bool) -> None:
    fill = {"drug": DRUG, "days": 28, "on": f"{days_ago} days ago", "quantity": "1 syringe"}
    assert (found(claims=[fill]) is not None) is told


@pytest.mark.parametrize(
    "given",
    [
        {"claims_held": "no", "claims": fills("2 syringes")},
        {"claims": fills("2 syringes", 2, 10)},
        {
            "claims": fills("2 syringes"),
            "dispenses": [{"drug": DRUG, "days": 28, "on": "50 days ago", "sample": "yes"}],
        },
        {"claims": []},
    ],
    ids=["claims not held", "too short a time", "a sample", "no fill"],
)
def test_records_that_may_miss_something_tell_no_dose(given: Json) -> None:
    assert found(**given) is None


def listed(mg: int, days: int) -> Json:
    """The chart's entry of a patient who takes so much in so many days, whose fills tell no dose."""
    dose = {"doseQuantity": {"value": mg, "unit": "mg"}}
    timing = {"repeat": {"frequency": 1, "period": days, "periodUnit": "d"}}
    sig = {"timing": timing, "doseAndRate": [dose]}
    entry = {"drug": DRUG, "from": "200 days ago", "sig": sig}
    return {"claims_held": "no", "claims": fills("2 each"), "chart": [entry]}


@pytest.mark.parametrize(
    ("mg", "days", "below"), [(300, 14, True), (300, 8, True), (300, 7, False), (600, 14, False)]
)
def test_dose_that_the_chart_lists_decides_without_complete_fills(
    mg: int, days: int, below: bool
) -> None:
    assert (found(**listed(mg, days)) is not None) is below


def test_listed_dose_is_told_with_the_labelled_one() -> None:
    told = found(**listed(300, 14))
    assert told is not None
    assert "300 mg every 14 days" in told
    assert "300 mg every 7 days" in told


def test_list_that_names_the_whole_dose_too_proves_nothing() -> None:
    low, whole = listed(300, 14)["chart"], listed(300, 7)["chart"]
    assert isinstance(low, list)
    assert isinstance(whole, list)
    assert found(claims_held="no", claims=fills("2 each"), chart=[*low, *whole]) is None
