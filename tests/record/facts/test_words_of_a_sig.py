"""The words of a draft beside its figures: what agrees changes nothing, a contradiction is a question."""

from typing import Any

import pytest
from record.facts.test_orders_as_written import (
    BIWEEKLY,
    MET,
    NOT_MET,
    UNKNOWN,
    Json,
    judged,
    mg,
    sig,
)

WEEKLY = {"frequency": 1, "period": 1, "periodUnit": "wk"}
# The product is a syringe of 300 mg in 2 mL.
AGREE = [
    "300 mg every 2 weeks",
    "Inject 300 mg under the skin every 14 (fourteen) days.",
    "Inject 2 mL (300 mg total) under the skin every 14 days Indications: atopic dermatitis",
    "300 mg = 2 mL, Subcutaneous, Inj, q2wk, # 4 mL, 11 Refill(s), Maintenance",
    "INJECT 1 PEN (300 MG) SUBCUTANEOUSLY EVERY OTHER WEEK",
    "Inject the contents of one 300 mg prefilled syringe every 2 weeks",
    "Inject 1 single-dose pen (300 mg/2 mL) once every 2 weeks",
    "Inject 600 mg (two 300 mg injections) on day 1, then 300 mg every other week",
    "Inject 2 syringes on day 1, then 1 syringe every 2 weeks starting day 15",
    "Dupixent 300 mg/2 mL injection: 1 every 14 days",
    "take as directed",
    "300 mg every fortnight",
    "Every other Monday, at bedtime",
    "Give 300 mg every 2 weeks, start on Monday",
    "300 mg subcutaneously twice a month",
    "2 syringes per 28 days",
    "Dispense: 2 pens. 1 pen q14d",
    "1 pen every 14 days, disp: 1 box (2 pens)",
    "Inject 1 pen every 14 days. Quantity: 4 mL (2 pens)",
    "1 pen every 2 weeks; rotate between 4 injection sites, 1 pen needle each",
    "box of 2 pens; inject 1 pen every 2 weeks",
    "300 mg every 2 weeks (max 600 mg per 28 days)",
    "300 mg SC q2 weeks; previously 200 mg",
    "Inject 300 mg every two weeks. Labs every 3 months.",
    "Inject 300 mg every 4 weeks",
    "Inyectar 1 pluma (300 mg) cada 14 días",
    "una jeringa quincenal",
    "",
]
CONTRADICT = [
    "300 mg per week",
    "300mg/wk",
    "1 injection a week",
    "2 pens/week",
    "4 pens per month",
    "Inject 2 pens every 14 days",
    "Inject two syringes every 2 weeks",
    "Inject 2 prefilled pens once every 2 weeks",
    "Inject two (2) 300 mg pens every 2 weeks",
    "1-2 pens every 2 weeks",
    "2 pens each time",
    "Inject 2 pens (1 pen in each thigh) every 14 days",
    "Inject 4 mL every 2 weeks",
    "600 mg every 2 weeks",
    "once weekly",
    "one injection each week",
    "inject every Monday",
    "300 mg weekly for 4 weeks, then every 2 weeks",
    "Inyectar 300 mg cada semana",
    "Inyecte 2 plumas cada 2 semanas",
    "una vez a la semana",
    "semanal",
    "Box of 2 pens. Inject 2 pens every 2 weeks",
]
PLACES = ("text", "patientInstruction", "additionalInstruction")


def said(place: str, words: str) -> Any:
    return [{"text": words}] if place == "additionalInstruction" else words


@pytest.mark.parametrize("words", AGREE)
def test_sig_that_agrees_with_the_figures_changes_nothing(words: str) -> None:
    for place in PLACES:
        found = judged("polyps", [sig(BIWEEKLY, **{place: said(place, words)})])
        assert found["truth"] == MET, (place, found)


@pytest.mark.parametrize("words", CONTRADICT)
def test_sig_that_contradicts_the_figures_is_unknown(words: str) -> None:
    for place in PLACES:
        beside = {"text": "300 mg every 2 weeks"} if place != "text" else {}
        found = judged("polyps", [sig(BIWEEKLY, **{place: said(place, words)}, **beside)])
        assert found["truth"] == UNKNOWN, (place, found)


def test_shorter_interval_is_labelled_for_another_disease() -> None:
    for words in ("one injection each week", "1 pen a week", "every 7 days", "cada semana"):
        assert judged("eoe", [sig(WEEKLY, text=words)])["truth"] == MET, words
    # less often than the figures is still within the label, whichever is meant
    assert judged("eoe", [sig(WEEKLY, text="every 2 weeks")])["truth"] == MET
    assert judged("eoe", [sig(WEEKLY, text="2 pens weekly")])["truth"] == UNKNOWN
    assert judged("eoe", [sig(WEEKLY, text="twice weekly")])["truth"] == UNKNOWN


@pytest.mark.parametrize(
    "words", [*CONTRADICT, "300 mg every 2 weeks", "as directed", "zweiwöchentlich"]
)
def test_sig_without_figures_is_no_dose(words: str) -> None:
    assert judged("polyps", [{"text": words}])["truth"] == UNKNOWN


def test_whole_sig_in_both_instructions_of_a_start_is_accepted() -> None:
    whole = "Inject 2 syringes (600 mg) on day 1, then 1 syringe (300 mg) every 14 days"
    first = sig({"count": 1}, mg(600), text=whole)
    assert judged("ad", [first, sig(BIWEEKLY, text=whole)])["truth"] == MET
    assert judged("ad", [first, sig(BIWEEKLY, text="2 syringes weekly")])["truth"] == UNKNOWN


def test_device_of_an_unnamed_product_holds_one_of_the_labelled_amounts() -> None:
    drug = {
        "coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "1876376"}]
    }
    for words, truth in (
        ("1 pen every 2 weeks", MET),
        ("2 pens every 2 weeks", UNKNOWN),
        ("1 pen a week", UNKNOWN),
        ("1 pen per 2 weeks", MET),
        ("2 mL every 2 weeks", MET),
    ):
        found = judged("polyps", [sig(BIWEEKLY, text=words)], medicationCodeableConcept=drug)
        assert found["truth"] == truth, (words, found)


def period(value: object, per: float, time: str) -> Json:
    return {"numerator": mg(value), "denominator": {"value": per, "unit": time}}


MOST: dict[str, tuple[Json, str]] = {
    "the dose": ({"maxDosePerAdministration": mg(300)}, MET),
    "more than the dose": ({"maxDosePerAdministration": mg(600)}, MET),
    "half of the dose": ({"maxDosePerAdministration": mg(150)}, UNKNOWN),
    "one pen": ({"maxDosePerAdministration": {"value": 1, "unit": "pen"}}, MET),
    "the dose in its time": ({"maxDosePerPeriod": period(300, 2, "wk")}, MET),
    "two doses in four weeks": ({"maxDosePerPeriod": period(600, 28, "days")}, MET),
    "one dose in four weeks": ({"maxDosePerPeriod": period(300, 4, "weeks")}, UNKNOWN),
    "a dose in a day": ({"maxDosePerPeriod": period(300, 1, "d")}, MET),
    "several, of which one is less": (
        {"maxDosePerPeriod": [period(300, 14, "d"), period(300, 1, "mo")]},
        UNKNOWN,
    ),
    "less than one dose in all": ({"maxDosePerLifetime": mg(200)}, UNKNOWN),
    "a limit that cannot be read": ({"maxDosePerAdministration": {"value": 1, "unit": "x"}}, MET),
}


@pytest.mark.parametrize(("most", "truth"), MOST.values(), ids=MOST)
def test_a_highest_dose_below_the_dose_contradicts_it(most: Json, truth: str) -> None:
    assert judged("polyps", [sig(BIWEEKLY, **most)])["truth"] == truth


def test_limit_of_the_recurring_dose_does_not_apply_to_the_first_dose() -> None:
    first = sig({"count": 1}, mg(600))
    going_on = sig(BIWEEKLY, maxDosePerAdministration=mg(300))
    assert judged("ad", [first, going_on])["truth"] == MET
    less = sig({"count": 1}, mg(600), maxDosePerAdministration=mg(300))
    assert judged("ad", [less, sig(BIWEEKLY)])["truth"] == UNKNOWN


GIVEN: dict[str, tuple[Json, str]] = {
    "infused": ({"method": {"text": "Infuse intravenously"}}, UNKNOWN),
    "swallowed": ({"method": {"coding": [{"system": "http://l", "display": "Swallow"}]}}, UNKNOWN),
    "injected": ({"method": {"text": "Inject"}}, MET),
    "into an eye": ({"site": {"text": "left eye"}}, UNKNOWN),
    "into a nostril": ({"site": {"coding": [{"display": "Both nostrils"}]}}, UNKNOWN),
    "into the thigh": ({"site": {"text": "Thigh, abdomen or upper arm"}}, MET),
    "a route in more words": ({"route": {"text": "Intravenous (IV) slow push"}}, UNKNOWN),
    "under the skin and not otherwise": ({"route": {"text": "Subcutaneous, not intravenous"}}, MET),
    "a route that nobody knows": ({"route": {"text": "per protocol"}}, MET),
}


@pytest.mark.parametrize(("given", "truth"), GIVEN.values(), ids=GIVEN)
def test_method_and_site_are_read_as_a_route(given: Json, truth: str) -> None:
    assert judged("polyps", [sig(BIWEEKLY, **given)])["truth"] == truth


def fill(count: int, **more: Any) -> Json:
    return {"initialFill": {"quantity": {"value": count, "unit": "syringe"}, **more}}


DAYS = {"duration": {"value": 28, "unit": "d"}}
FILLS: dict[str, tuple[Json, str]] = {
    "what 28 days need": (fill(2, **DAYS), MET),
    "four times as much": (fill(8, **DAYS), NOT_MET),
    "the same, for how long is not said": (fill(8), UNKNOWN),
    "nothing": ({"initialFill": {}}, MET),
    "beside a quantity that fits": (
        {"quantity": {"value": 2, "unit": "syringe"}, **fill(8, **DAYS)},
        NOT_MET,
    ),
}


@pytest.mark.parametrize(("dispensed", "truth"), FILLS.values(), ids=FILLS)
def test_the_initial_fill_is_held_against_the_label_too(dispensed: Json, truth: str) -> None:
    found = judged("polyps", [sig(BIWEEKLY)], dispenseRequest=dispensed)
    assert found["truth"] == truth, found


def dispensed(count: int, days: int, refills: int) -> Json:
    return {
        "quantity": {"value": count, "unit": "syringe"},
        "expectedSupplyDuration": {"value": days, "unit": "d"},
        "numberOfRepeatsAllowed": refills,
    }


@pytest.mark.parametrize(
    ("reason", "count", "days", "refills", "truth"),
    [
        ("polyps", 2, 28, 5, MET),
        ("polyps", 1, 14, 5, MET),
        ("polyps", 2, 14, 5, UNKNOWN),
        ("polyps", 2, 14, 0, MET),
        ("ad", 2, 14, 5, UNKNOWN),  # the loading dose is once, the refills are not
        ("ad", 2, 14, 0, MET),
        ("ad", 3, 14, 5, UNKNOWN),
    ],
)
def test_a_fill_for_fewer_days_than_it_lasts_may_be_refilled_too_soon(
    reason: str, count: int, days: int, refills: int, truth: str
) -> None:
    request = dispensed(count, days, refills)
    found = judged(reason, [sig(BIWEEKLY)], dispenseRequest=request)
    assert found["truth"] == truth, found


@pytest.mark.parametrize(
    "key",
    [
        "maxDosePerPeriod",
        "maxDosePerAdministration",
        "maxDosePerLifetime",
        "method",
        "site",
        *PLACES,
    ],
)
def test_malformed_instruction_is_no_error(key: str) -> None:
    values: tuple[object, ...] = (
        None,
        0,
        "x",
        [],
        [{}],
        {"value": []},
        {"numerator": 3},
        [None],
        True,
        ["5 pens"],
    )
    for value in values:
        judged("ad", [sig(BIWEEKLY, **{key: value})])
    counts: tuple[object, ...] = (None, 0, "x", [], [{}], {"quantity": []}, [None], True)
    for value in counts:
        judged("ad", [sig(BIWEEKLY)], dispenseRequest={"initialFill": value})
