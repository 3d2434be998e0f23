"""The dose of a draft in every way that EHRs write it: what the label allows, forbids, or nobody can say."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.cases.request import client, request
from support.cases.run import library
from support.paths import yaml_of

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request

DAY = date(2026, 11, 20)
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
UCUM = "http://unitsofmeasure.org"
Json = dict[str, Any]
ROWS: Json = yaml_of(Path(__file__).with_name("orders_as_written.yaml"))
REASONS = {"eoe": "eosinophilic esophagitis", "ad": "atopic dermatitis", "polyps": "nasal polyps"}
MET, NOT_MET, UNKNOWN = "met", "not_met", "unknown"
DAILY = {"frequency": 1, "period": 1, "periodUnit": "d"}
BIWEEKLY = {"frequency": 1, "period": 2, "periodUnit": "wk"}


def mg(value: object) -> Json:
    return {"value": value, "unit": "mg", "system": UCUM, "code": "mg"}


def written(value: Any) -> Any:
    """A row with each '300 mg' of a dose as its Quantity."""
    if isinstance(value, list):
        return [written(one) for one in value]
    if isinstance(value, dict):
        doses = ("doseQuantity", "low", "high")
        return {
            key: mg(int(one.split()[0])) if key in doses and isinstance(one, str) else written(one)
            for key, one in value.items()
        }
    return value


def sig(repeat: Json | None = None, dose: object = None, **more: Any) -> Json:
    """One instruction: 300 mg unless another dose is given."""
    timing = {"timing": {"repeat": repeat}} if repeat is not None else {}
    rate = dose if isinstance(dose, list) else [{"doseQuantity": dose or mg(300)}]
    return {"doseAndRate": rate, **timing, **more}


def judged(reason: str, instructions: object, also: Json | None = None, **change: Any) -> Json:
    """The criterion of the dose for a draft with these instructions, perhaps beside another."""
    order = {"reason": REASONS[reason], "loading": None, "quantity": None, "lasts": None}
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
    id_ = "common.initial.quantity_limit"
    return next(one for one in nodes(twin["criteria"]) if one["id"] == id_)


def nodes(criteria: list[Json]) -> Iterator[Json]:
    for one in criteria:
        yield one
        yield from nodes(one.get("children", []))


def rows(part: str) -> list[Any]:
    return [pytest.param(one, id=one["says"]) for one in ROWS[part]]


@pytest.mark.parametrize("row", rows("timings"))
def test_timing_is_read_as_its_interval(row: Json) -> None:
    found = judged(row["order"], [sig(row["repeat"])])
    assert found["truth"] == row["is"], found


@pytest.mark.parametrize("row", rows("words"))
def test_timing_codes_and_words_are_read(row: Json) -> None:
    found = judged(row["order"], [sig(**written(row["sig"]))])
    if "doseAndRate" in row["sig"]:
        found = judged(row["order"], [written(row["sig"])])
    assert found["truth"] == row["is"], found


@pytest.mark.parametrize("row", rows("doses"))
def test_dose_is_judged_at_its_stated_interval(row: Json) -> None:
    found = judged(row["order"], [sig(BIWEEKLY, written(row["rates"]))])
    assert found["truth"] == row["is"], found


@pytest.mark.parametrize("shape", ["object", "older", "one instruction"])
def test_dose_is_read_in_each_form(shape: str) -> None:
    one: Json = {"timing": {"repeat": BIWEEKLY}}
    if shape == "older":
        one["doseQuantity"] = mg(300)
    else:
        one["doseAndRate"] = {"doseQuantity": mg(300)}
    assert judged("ad", one if shape == "one instruction" else [one])["truth"] == MET


FIRST = {
    "count 1": {"count": 1},
    "one day": {**DAILY, "boundsDuration": {"value": 1, "code": "d"}},
    "from day to day": {**DAILY, "boundsPeriod": {"start": "2026-11-20", "end": "2026-11-20"}},
    "once in its two weeks": {**BIWEEKLY, "boundsDuration": {"value": 2, "code": "wk"}},
}


@pytest.mark.parametrize("repeat", FIRST.values(), ids=FIRST)
def test_a_first_dose_and_those_after_it(repeat: Json) -> None:
    found = judged("ad", [sig(repeat, mg(600)), sig(BIWEEKLY)])
    assert found["truth"] == MET, found
    assert judged("ad", [sig(repeat, mg(900)), sig(BIWEEKLY)])["truth"] == NOT_MET
    assert judged("polyps", [sig(repeat, mg(600)), sig(BIWEEKLY)])["truth"] == NOT_MET


def test_two_injections_on_the_first_day_are_its_dose() -> None:
    both = {"frequency": 2, "period": 1, "periodUnit": "d", "count": 2}
    assert judged("ad", [sig(both, mg(300)), sig(BIWEEKLY)])["truth"] == MET
    assert judged("ad", [sig(both, mg(400)), sig(BIWEEKLY)])["truth"] == NOT_MET


def test_a_loading_dose_is_judged_alone() -> None:
    assert judged("ad", [sig({"count": 1}, mg(600))])["truth"] == MET
    assert judged("ad", [sig({"count": 1}, mg(601))])["truth"] == NOT_MET
    assert judged("polyps", [sig({"count": 1}, mg(600))])["truth"] == NOT_MET
    once = sig(None, mg(600), timing={"code": {"text": "Once"}})
    assert judged("ad", [once])["truth"] == MET
    refilled = {"numberOfRepeatsAllowed": 11}
    found = judged("ad", [sig({"count": 1}, mg(600))], dispenseRequest=refilled)
    assert found["truth"] == UNKNOWN, found
    again = sig({"count": 1}, mg(600), text="600 mg every 2 weeks")
    assert judged("ad", [again])["truth"] == UNKNOWN


def test_a_loading_dose_beside_the_doses_after_it_is_told_with_each() -> None:
    first, then = [sig({"count": 1}, mg(600))], [sig(BIWEEKLY)]
    for one, other, said in ((first, then, "300 mg every 14 days"), (then, first, "600 mg once")):
        found = judged("ad", one, {"dosageInstruction": other})
        assert found["truth"] == MET
        assert any(said in note for note in found["notes"]), found


def test_drafts_that_are_too_much_together_are_for_the_reviewer() -> None:
    first, then = sig({"count": 1}, mg(600)), [sig(BIWEEKLY)]
    assert judged("ad", [first, *then], {"dosageInstruction": [first]})["truth"] == UNKNOWN
    assert judged("ad", then, {"dosageInstruction": then})["truth"] == UNKNOWN
    for no in (
        {"status": "cancelled"},
        {"doNotPerform": True},
        {"subject": {"reference": "Patient/p2"}},
    ):
        assert judged("ad", then, {"dosageInstruction": then, **no})["truth"] == MET


def medication(strength: Json, **more: Any) -> Json:
    return {
        "medicationCodeableConcept": None,
        "medicationReference": {"reference": "#m"},
        "contained": [
            {
                "resourceType": "Medication",
                "id": "m",
                "code": {"coding": [{"system": RXNORM, "code": "1876376"}]},
                "ingredient": [{"itemCodeableConcept": {"text": "x"}, "strength": strength}],
                **more,
            }
        ],
    }


def test_the_strength_of_the_ingredient_makes_a_dose_of_millilitres_or_pens() -> None:
    per_ml = {"numerator": mg(150), "denominator": {"value": 1, "unit": "mL", "code": "mL"}}
    per_pen = {"numerator": mg(300), "denominator": {"value": 1, "unit": "pen"}}
    two_ml = sig(BIWEEKLY, {"value": 2, "unit": "mL"})
    one_pen = sig(BIWEEKLY, {"value": 1, "unit": "pen"})
    four_ml = sig(BIWEEKLY, {"value": 4, "unit": "mL"})
    assert judged("ad", [two_ml], **medication(per_ml))["truth"] == MET
    assert judged("ad", [four_ml], **medication(per_ml))["truth"] == NOT_MET
    assert judged("ad", [one_pen], **medication(per_pen))["truth"] == MET
    assert judged("ad", [one_pen], **medication(per_ml))["truth"] == UNKNOWN
    held = {"numerator": {"value": 2, "unit": "mL"}, "denominator": {"value": 1, "unit": "pen"}}
    assert judged("ad", [one_pen], **medication(per_ml, amount=held))["truth"] == MET
    assert judged("ad", [two_ml], **medication({}))["truth"] == UNKNOWN


SHAPES: list[object] = [
    None,
    1,
    "x",
    [],
    [1],
    {"repeat": 1},
    {"repeat": [[]]},
    {"event": 3},
    {"code": [1]},
]


@pytest.mark.parametrize("value", SHAPES)
def test_malformed_timing_is_unknown(value: object) -> None:
    assert judged("ad", [{**sig(), "timing": value}])["truth"] == UNKNOWN


REPEATED = [
    "dayOfWeek",
    "timeOfDay",
    "when",
    "count",
    "countMax",
    "boundsPeriod",
    "boundsDuration",
    "boundsRange",
    "frequency",
    "frequencyMax",
    "period",
    "periodMax",
    "periodUnit",
    "extension",
]


@pytest.mark.parametrize("key", REPEATED)
def test_malformed_repeat_is_no_error(key: str) -> None:
    shapes: list[object] = [None, 0, -1, 1.5, "x", [], [{}], {}, {"value": []}, True]
    for value in [*shapes, "1e400", [None]]:
        judged("ad", [sig({**BIWEEKLY, key: value})])
