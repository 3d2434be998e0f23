"""The dose of a draft in every way that EHRs write it: what the label allows, forbids, or nobody can say."""

from datetime import date
from typing import Any

import pytest
from cases.request import client, request
from cases.run import library

from service.advise import advise
from service.cds.as_of import AsOf
from service.cds.request import parse_hook_request

DAY = date(2026, 11, 20)
GTS = "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation"
TYPES = "http://terminology.hl7.org/CodeSystem/dose-rate-type"
EPIC = "http://epic.com/CodeSystem/dose-rate-type"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
Json = dict[str, Any]
# Esophagitis from 40 kg: 300 mg every week; dermatitis: 600 mg, then 300 mg every two weeks.
EOE = {"reason": "eosinophilic esophagitis", "loading": None, "quantity": None, "lasts": None}
AD = {"reason": "atopic dermatitis", "loading": None, "quantity": None, "lasts": None}
POLYPS = {"reason": "nasal polyps", "loading": None, "quantity": None, "lasts": None}
MET, NOT_MET, UNKNOWN = "met", "not_met", "unknown"


def mg(value: object) -> Json:
    return {"value": value, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}


def sig(repeat: Json | None = None, dose: object = None, **more: Any) -> Json:
    """One instruction: 300 mg unless another dose is given."""
    timing = {"timing": {"repeat": repeat}} if repeat is not None else {}
    rate = dose if isinstance(dose, list) else [{"doseQuantity": dose or mg(300)}]
    return {"doseAndRate": rate, **timing, **more}


def named(code: str, system: str = TYPES) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def judged(order: Json, instructions: object, *, also: Json | None = None, **change: Any) -> Json:
    """The criterion of the dose for a draft with these instructions."""
    given: Json = {"weight": "60 kg", "order": order}
    body = request(given, DAY)
    entries = body["context"]["draftOrders"]["entry"]
    draft = entries[0]["resource"]
    draft["dosageInstruction"] = instructions
    draft.update(change)
    if also is not None:
        entries.append({"resource": {**draft, "id": "second", **also}})
    hook = parse_hook_request(body, frozenset(["order-sign"]))
    twin = advise(library(), hook, client(given, DAY), AsOf("day", DAY)).twins[0]
    return next(
        one for one in _nodes(twin["criteria"]) if one["id"] == "common.initial.quantity_limit"
    )


def _nodes(criteria: list[Json]) -> list[Json]:
    return [one for each in criteria for one in (each, *_nodes(each.get("children", [])))]


DAILY = {"frequency": 1, "period": 1, "periodUnit": "d"}
WEEKLY = {"frequency": 1, "period": 1, "periodUnit": "wk"}
BIWEEKLY = {"frequency": 1, "period": 2, "periodUnit": "wk"}
TIMINGS = [
    ("weekly on Fridays", EOE, {**WEEKLY, "dayOfWeek": ["fri"]}, MET),
    ("Fridays alone", EOE, {"dayOfWeek": ["fri"]}, MET),
    ("Fridays alone, as a word", EOE, {"dayOfWeek": "fri"}, MET),
    ("Fridays at nine", EOE, {"dayOfWeek": ["fri"], "timeOfDay": ["09:00:00"]}, MET),
    ("Fridays in the morning", EOE, {"dayOfWeek": ["fri"], "when": ["MORN"]}, MET),
    ("once a day on Fridays", EOE, {**DAILY, "dayOfWeek": ["fri"]}, MET),
    ("once a day on Fridays is twice the dose of polyps", POLYPS, {**DAILY, "dayOfWeek": ["fri"]}, NOT_MET),
    ("every day, by all seven days", EOE, {"dayOfWeek": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}, NOT_MET),
    ("Tuesdays and Fridays", EOE, {"dayOfWeek": ["tue", "fri"]}, NOT_MET),
    ("once a day on Tuesdays and Fridays", EOE, {**DAILY, "dayOfWeek": ["tue", "fri"]}, NOT_MET),
    ("twice a day on Fridays", EOE, {"frequency": 2, "period": 1, "periodUnit": "d", "dayOfWeek": ["fri"]}, NOT_MET),
    ("once a week, on Tuesdays and Fridays", EOE, {**WEEKLY, "dayOfWeek": ["tue", "fri"]}, UNKNOWN),
    ("once in two weeks, on Tuesdays and Fridays", AD, {**BIWEEKLY, "dayOfWeek": ["tue", "fri"]}, UNKNOWN),
    ("once in two weeks, on Tuesdays and Fridays, of a weekly drug", EOE, {**BIWEEKLY, "dayOfWeek": ["tue", "fri"]}, UNKNOWN),
    ("once in two weeks, on Tuesdays", AD, {**BIWEEKLY, "dayOfWeek": ["tue"]}, MET),
    ("once in fourteen days, on Tuesdays", AD, {"period": 14, "periodUnit": "d", "dayOfWeek": ["tue"]}, MET),
    ("on Tuesdays is every week", AD, {"dayOfWeek": ["tue"]}, NOT_MET),
    ("once in ten days, on Tuesdays", EOE, {"period": 10, "periodUnit": "d", "dayOfWeek": ["tue"]}, UNKNOWN),
    ("a day that is none", EOE, {**WEEKLY, "dayOfWeek": ["holiday"]}, UNKNOWN),
    ("once in two weeks at nine", AD, {**BIWEEKLY, "timeOfDay": ["09:00:00"]}, MET),
    ("every day at nine", AD, {"timeOfDay": ["09:00:00"]}, NOT_MET),
    ("once in two weeks, at nine and at nine in the evening", AD, {**BIWEEKLY, "timeOfDay": ["09:00", "21:00"]}, UNKNOWN),
    ("twice in four weeks", AD, {"frequency": 2, "period": 4, "periodUnit": "wk"}, MET),
    ("every two to four weeks", AD, {"frequency": 1, "period": 2, "periodMax": 4, "periodUnit": "wk"}, MET),
    ("every one to two weeks", AD, {"frequency": 1, "period": 1, "periodMax": 2, "periodUnit": "wk"}, UNKNOWN),
    ("once or twice in two weeks", AD, {"frequency": 1, "frequencyMax": 2, "period": 2, "periodUnit": "wk"}, UNKNOWN),
    ("six doses, one in two weeks", AD, {**BIWEEKLY, "count": 6}, MET),
    ("for twelve weeks", AD, {**BIWEEKLY, "boundsDuration": {"value": 12, "unit": "wk", "code": "wk"}}, MET),
    ("from a day on", AD, {**BIWEEKLY, "boundsPeriod": {"start": "2026-11-20"}}, MET),
    ("for ten seconds each", AD, {**BIWEEKLY, "duration": 10, "durationUnit": "s", "offset": 5}, MET),
    ("so often, in what is not said", AD, {"frequency": 1}, UNKNOWN),
    ("not a number", AD, {"frequency": "x", "period": 2, "periodUnit": "wk"}, UNKNOWN),
    ("nothing", AD, {}, UNKNOWN),
    ("days of a cycle", AD, {**BIWEEKLY, "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/timing-daysOfCycle"}]}, UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(
    ("order", "repeat", "truth"), [pytest.param(*r[1:], id=r[0]) for r in TIMINGS]
)
def test_how_often_a_timing_says(order: Json, repeat: Json, truth: str) -> None:
    found = judged(order, [sig(repeat)])
    assert found["truth"] == truth, found


WORDS = [
    ("code WK", EOE, sig(timing={"code": {"coding": [{"system": GTS, "code": "WK"}]}}), MET),
    ("code WK for two weeks", AD, sig(timing={"code": {"coding": [{"system": GTS, "code": "WK"}]}}), NOT_MET),
    ("code QD beside two weeks", AD, sig(timing={"code": {"coding": [{"system": GTS, "code": "QD"}]}, "repeat": BIWEEKLY}), UNKNOWN),
    ("code by its older address", EOE, sig(timing={"code": {"coding": [{"system": "http://hl7.org/fhir/v3/GTSAbbreviation", "code": "WK"}]}}), MET),
    ("local code with a name", AD, sig(timing={"code": {"coding": [{"system": "urn:oid:1.2.3", "code": "77", "display": "EVERY 14 DAYS"}]}}), MET),
    ("local code without a name beside figures", AD, sig(timing={"code": {"coding": [{"system": "urn:oid:1.2.3", "code": "77"}]}, "repeat": BIWEEKLY}), MET),
    ("local code without a name", AD, sig(timing={"code": {"coding": [{"system": "urn:oid:1.2.3", "code": "77"}]}}), UNKNOWN),
    ("name: every 2 (two) weeks", AD, sig(timing={"code": {"text": "every 2 (two) weeks"}}), MET),
    ("name: Q2W", AD, sig(timing={"code": {"text": "Q2W"}}), MET),
    ("name: q 14 days", AD, sig(timing={"code": {"text": "q 14 days"}}), MET),
    ("name: every other week", AD, sig(timing={"code": {"text": "Every other week"}}), MET),
    ("name: once every two weeks", AD, sig(timing={"code": {"text": "once every two weeks"}}), MET),
    ("name: every other Monday", AD, sig(timing={"code": {"text": "Every other Monday"}}), MET),
    ("name: every Monday", AD, sig(timing={"code": {"text": "Every Monday"}}), NOT_MET),
    ("name: weekly", AD, sig(timing={"code": {"text": "WEEKLY"}}), NOT_MET),
    ("name: biweekly has two meanings", AD, sig(timing={"code": {"text": "biweekly"}}), UNKNOWN),
    ("name: every 1-2 weeks", AD, sig(timing={"code": {"text": "every 1-2 weeks"}}), UNKNOWN),
    ("name of something else", AD, sig(timing={"code": {"text": "as directed"}}), UNKNOWN),
    ("a sig that agrees", AD, sig(BIWEEKLY, text="Inject 300 mg (2 mL) under the skin every 14 days."), MET),
    ("a sig with the first dose", AD, sig(BIWEEKLY, text="Inject 600 mg on day 1, then 300 mg every 2 weeks"), MET),
    ("a sig of another rhythm", AD, sig(BIWEEKLY, text="Inject 300 mg once weekly"), UNKNOWN),
    ("a sig of another rhythm, for the patient", AD, sig(BIWEEKLY, patientInstruction="One pen twice a week"), UNKNOWN),
    ("a sig of another dose", AD, sig(BIWEEKLY, text="Inject 600 mg every two weeks"), UNKNOWN),
    ("a sig with the strength of the pen", AD, sig(BIWEEKLY, text="Inject 1 pen (300 mg/2 mL) every 2 weeks"), MET),
    ("a sig that says nothing of it", AD, sig(BIWEEKLY, text="Keep in the refrigerator. Rotate sites."), MET),
    ("words alone are no dose", AD, {"text": "300 mg every 2 weeks"}, UNKNOWN),
    ("as needed", AD, sig(BIWEEKLY, asNeededBoolean=True), UNKNOWN),
    ("as needed for itch", AD, sig(BIWEEKLY, asNeededCodeableConcept={"text": "itch"}), UNKNOWN),
    ("not as needed", AD, sig(BIWEEKLY, asNeededBoolean=False), MET),
    ("days in a list", AD, sig(timing={"event": ["2026-11-20", "2026-12-04", "2026-12-18T08:00:00Z"]}), MET),
    ("days in a list, a week apart", AD, sig(timing={"event": ["2026-11-20", "2026-11-27", "2026-12-04"]}), NOT_MET),
    ("days in a list, one unknown", AD, sig(timing={"event": ["2026-11-20", "soon"]}), UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("order", "one", "truth"), [pytest.param(*r[1:], id=r[0]) for r in WORDS])
def test_what_codes_and_words_say(order: Json, one: Json, truth: str) -> None:
    found = judged(order, [one])
    assert found["truth"] == truth, found


def entry(kind: str | None, quantity: Json, system: str = EPIC, key: str = "doseQuantity") -> Json:
    return {**({"type": named(kind, system)} if kind else {}), key: quantity}


PEN, ML = {"value": 1, "unit": "pen"}, {"value": 2, "unit": "mL", "code": "mL"}
DOSES = [
    ("three of Epic", AD, [entry("calculated", mg(300)), entry("ordered", mg(300)), entry("admin-amount", ML)], MET),
    ("ordered in pens", AD, [entry("ordered", PEN), entry("calculated", mg(300))], MET),
    ("the amount to give in pieces that nobody knows", AD, [entry("ordered", mg(300)), entry("admin-amount", {"value": 1, "unit": "kit"})], MET),
    ("calculated by weight", AD, [entry("calculated", {"value": 5, "unit": "mg/kg"}, TYPES), entry("ordered", mg(300), TYPES)], MET),
    ("calculated is another dose", AD, [entry("calculated", mg(600)), entry("ordered", mg(300))], UNKNOWN),
    ("the amount to give is another dose", AD, [entry("ordered", mg(300)), entry("admin-amount", {"value": 2, "unit": "pens"})], UNKNOWN),
    ("two without a type, alike", AD, [entry(None, mg(300)), entry(None, ML)], MET),
    ("two without a type, different", AD, [entry(None, mg(300)), entry(None, mg(600))], UNKNOWN),
    ("two without a type, one not readable", AD, [entry(None, mg(300)), entry(None, {"value": 2, "unit": "tablets"})], UNKNOWN),
    ("both above the label", AD, [entry(None, mg(400)), entry(None, mg(600))], NOT_MET),
    ("a range within", AD, [{"doseRange": {"low": mg(200), "high": mg(300)}}], MET),
    ("a range beyond", AD, [{"doseRange": {"low": mg(300), "high": mg(600)}}], UNKNOWN),
    ("a range above", AD, [{"doseRange": {"low": mg(400), "high": mg(600)}}], NOT_MET),
    ("a range with one end", AD, [{"doseRange": {"high": mg(300)}}], UNKNOWN),
    ("a dose and its speed", AD, [{"doseQuantity": mg(300), "rateRatio": {"numerator": ML, "denominator": {"value": 1, "unit": "min"}}}], MET),
    ("a speed alone", AD, [{"rateQuantity": {"value": 300, "unit": "mg/h"}}], UNKNOWN),
    ("mL", AD, [{"doseQuantity": {"value": 2, "unit": "ml"}}], MET),
    ("a syringe in words", AD, [{"doseQuantity": {"value": "1", "unit": "Prefilled Syringe"}}], MET),
    ("each", AD, [{"doseQuantity": {"value": 1, "unit": "each"}}], MET),
    ("an injection", AD, [{"doseQuantity": {"value": 1, "unit": "injection"}}], MET),
    ("two pens", AD, [{"doseQuantity": {"value": 2, "unit": "pens"}}], NOT_MET),
    ("a number alone", AD, [{"doseQuantity": {"value": 300}}], UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(
    ("order", "rates", "truth"), [pytest.param(*r[1:], id=r[0]) for r in DOSES]
)
def test_a_dose_as_often_as_it_is_said(order: Json, rates: list[Json], truth: str) -> None:
    found = judged(order, [sig(BIWEEKLY, rates)])
    assert found["truth"] == truth, found


@pytest.mark.parametrize("shape", ["object", "older", "one instruction"])
def test_shapes_of_a_dose(shape: str) -> None:
    one: Json = {"timing": {"repeat": BIWEEKLY}}
    if shape == "older":
        one["doseQuantity"] = mg(300)
    else:
        one["doseAndRate"] = {"doseQuantity": mg(300)}
    assert judged(AD, one if shape == "one instruction" else [one])["truth"] == MET


LOADING = [
    ("count 1", {"count": 1}, MET),
    ("one day", {"frequency": 1, "period": 1, "periodUnit": "d", "boundsDuration": {"value": 1, "code": "d"}}, MET),
    ("from day to day", {**DAILY, "boundsPeriod": {"start": "2026-11-20", "end": "2026-11-20"}}, MET),
]  # fmt: skip


@pytest.mark.parametrize(("repeat", "truth"), [pytest.param(*r[1:], id=r[0]) for r in LOADING])
def test_a_first_dose_and_those_after_it(repeat: Json, truth: str) -> None:
    found = judged(AD, [sig(repeat, mg(600)), sig(BIWEEKLY)])
    assert found["truth"] == truth, found
    assert judged(AD, [sig(repeat, mg(900)), sig(BIWEEKLY)])["truth"] == NOT_MET
    assert judged(POLYPS, [sig(repeat, mg(600)), sig(BIWEEKLY)])["truth"] == NOT_MET


def test_two_injections_on_the_first_day_are_its_dose() -> None:
    both = {"frequency": 2, "period": 1, "periodUnit": "d", "count": 2}
    assert judged(AD, [sig(both, mg(300)), sig(BIWEEKLY)])["truth"] == MET
    assert judged(AD, [sig(both, mg(400)), sig(BIWEEKLY)])["truth"] == NOT_MET


def test_a_loading_dose_is_judged_alone() -> None:
    assert judged(AD, [sig({"count": 1}, mg(600))])["truth"] == MET
    assert judged(AD, [sig({"count": 1}, mg(601))])["truth"] == NOT_MET
    assert judged(POLYPS, [sig({"count": 1}, mg(600))])["truth"] == NOT_MET
    once = sig(None, mg(600), timing={"code": {"text": "Once"}})
    assert judged(AD, [once])["truth"] == MET
    assert judged(AD, [sig({"count": 1}, mg(600), text="600 mg every 2 weeks")])["truth"] == UNKNOWN


def test_a_loading_dose_beside_the_doses_after_it_is_told_with_each() -> None:
    first, then = [sig({"count": 1}, mg(600))], [sig(BIWEEKLY)]
    for one, other, said in ((first, then, "300 mg every 14 days"), (then, first, "600 mg once")):
        found = judged(AD, one, also={"dosageInstruction": other})
        assert found["truth"] == MET
        assert any(said in note for note in found["notes"]), found


def test_drafts_that_are_too_much_together_are_for_the_reviewer() -> None:
    first, whole = sig({"count": 1}, mg(600)), [sig({"count": 1}, mg(600)), sig(BIWEEKLY)]
    assert judged(AD, whole, also={"dosageInstruction": [first]})["truth"] == UNKNOWN
    assert (
        judged(AD, [sig(BIWEEKLY)], also={"dosageInstruction": [sig(BIWEEKLY)]})["truth"] == UNKNOWN
    )
    cancelled = {"dosageInstruction": [sig(BIWEEKLY)], "status": "cancelled"}
    assert judged(AD, [sig(BIWEEKLY)], also=cancelled)["truth"] == MET


def medication(strength: Json, **more: Any) -> Json:
    return {
        "medicationCodeableConcept": None,
        "medicationReference": {"reference": "#m"},
        "contained": [
            {
                "resourceType": "Medication",
                "id": "m",
                "code": {"coding": [{"system": RXNORM, "code": "1876376"}]},
                "ingredient": [
                    {"itemCodeableConcept": {"text": "dupilumab"}, "strength": strength}
                ],
                **more,
            }
        ],
    }


def test_the_strength_of_the_ingredient_makes_a_dose_of_mL_or_pens() -> None:
    per_ml = {"numerator": mg(150), "denominator": {"value": 1, "unit": "mL", "code": "mL"}}
    per_pen = {"numerator": mg(300), "denominator": {"value": 1, "unit": "pen"}}
    two_ml = sig(BIWEEKLY, {"value": 2, "unit": "mL"})
    one_pen = sig(BIWEEKLY, {"value": 1, "unit": "pen"})
    assert judged(AD, [two_ml], **medication(per_ml))["truth"] == MET
    assert (
        judged(AD, [sig(BIWEEKLY, {"value": 4, "unit": "mL"})], **medication(per_ml))["truth"]
        == NOT_MET
    )
    assert judged(AD, [one_pen], **medication(per_pen))["truth"] == MET
    assert judged(AD, [one_pen], **medication(per_ml))["truth"] == UNKNOWN
    held = {"numerator": {"value": 2, "unit": "mL"}, "denominator": {"value": 1, "unit": "pen"}}
    assert judged(AD, [one_pen], **medication(per_ml, amount=held))["truth"] == MET
    assert judged(AD, [two_ml], **medication({}))["truth"] == UNKNOWN


@pytest.mark.parametrize("value", [None, 1, "x", [], [1], {"repeat": 1}, {"repeat": [[]]}, {"event": 3}, {"code": [1]}])  # fmt: skip
def test_any_shape_of_a_timing_is_no_crash(value: object) -> None:
    assert (
        judged(AD, [{"timing": value, "doseAndRate": [{"doseQuantity": mg(300)}]}])["truth"]
        == UNKNOWN
    )


def test_any_shape_in_a_repeat_is_no_crash() -> None:
    for key in ("dayOfWeek", "timeOfDay", "when", "count", "countMax", "boundsPeriod", "boundsDuration",
                "boundsRange", "frequency", "frequencyMax", "period", "periodMax", "periodUnit", "extension"):  # fmt: skip
        for value in (None, 0, -1, 1.5, "x", [], [{}], {}, {"value": []}, True, "1e400", [None]):
            judged(AD, [sig({**BIWEEKLY, key: value})])
