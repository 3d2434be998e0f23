"""Values where they stand: in any coding, in components and contained results, with or without content."""

import json
from copy import deepcopy
from datetime import date
from functools import cache
from typing import Any

import pytest
from support.paths import ROOT

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request
from service.library import load_library
from service.library.library import Library

Json = dict[str, Any]
OURS = "https://dupilumab-cds.github.io/fhir/CodeSystem/finding"
LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
TABLES = "http://terminology.hl7.org/CodeSystem"
ABSENT = f"{TABLES}/data-absent-reason"
PALMS = "ad.initial.severity.palms_soles"
SURFACE = "ad.initial.severity.bsa10"
COUNT = "copd.initial.blood_eos300"
BREATH = "copd.initial.fev1_30_70"
RATIO = "copd.initial.spirometry_ratio"
NODULES = "pn.initial.findings.nodules20"
GRADE = "ad.initial.diagnosis.grade"
SIGNS = "ad.initial.baseline_symptoms.signs"


@cache
def library() -> Library:
    return load_library(ROOT, ROOT / "fixtures/clients/claims_held.yaml")


@cache
def recorded(name: str) -> bytes:
    return (ROOT / f"tests/cases/found/requests/{name}.json").read_bytes()


def ask(name: str, *results: Json, **more: Any) -> Json:
    """Every criterion of the answer to a recorded request with these results in place of its own."""
    body = json.loads(recorded(name))
    patient = body["context"]["patientId"]
    for one in results:
        one.setdefault("subject", {"reference": f"Patient/{patient}"})
    entries = [{"resource": one} for one in results]
    body["prefetch"]["observations"] = {"resourceType": "Bundle", "entry": entries}
    body["prefetch"] |= more
    hook = parse_hook_request(body, frozenset(["order-sign"]))
    known = library()
    (twin,) = advise(known, hook, known.client("local"), AsOf("day", date(2026, 11, 21))).twins
    return {one["id"]: one for one in _nodes(twin["criteria"])}


def _nodes(nodes: list[Json]) -> list[Json]:
    return [one for node in nodes for one in (node, *_nodes(node.get("children", [])))]


def said(found: Json, id_: str) -> str:
    """The truth, with the reason of an unknown."""
    one = found[id_]
    return one["truth"] if one["truth"] != "unknown" else f"unknown {one['reason']}"


def eczema(*results: Json) -> Json:
    return ask("guard-palms-or-soles-boolean", *results)


def lung(*results: Json) -> Json:
    return ask("eosinophils-420-10e6-per-litre", *results)


def coded(system: str, code: str, **more: str) -> Json:
    return {"coding": [{"system": system, "code": code, **more}]}


_number = iter(range(100_000))


def result(system: str, code: str, on: str | None = "2026-11-10", **value: Any) -> Json:
    found = {
        "resourceType": "Observation",
        "id": f"r{next(_number)}",
        "status": "final",
        "code": coded(system, code),
        **value,
    }
    return found | ({"effectiveDateTime": on} if on else {})


def ours(code: str, on: str | None = "2026-11-10", **value: Any) -> Json:
    return result(OURS, code, on, **value)


def panel(*parts: Json, on: str | None = "2026-11-10", **more: Any) -> Json:
    return result("urn:local", "panel", on, component=list(parts), **more)


def part(system: str, code: str, **value: Any) -> Json:
    return {"code": coded(system, code), **value}


def quantity(value: object, unit: str | None = None, code: str | None = None) -> Json:
    found = {"value": value, "unit": unit, "code": code}
    return {"valueQuantity": {key: one for key, one in found.items() if one is not None}}


YES: dict[str, Json] = {
    "boolean": {"valueBoolean": True},
    "one": {"valueInteger": 1},
    "one as a quantity": quantity(1),
    "one as a count": quantity(1, "1", "1"),
    "SNOMED yes": {"valueCodeableConcept": coded(SNOMED, "373066001")},
    "SNOMED present by OID": {
        "valueCodeableConcept": coded("urn:oid:2.16.840.1.113883.6.96", "52101004")
    },
    "LOINC yes": {"valueCodeableConcept": coded(LOINC, "LA33-6", display="Yes")},
    "LOINC present": {"valueCodeableConcept": coded(LOINC, "LA9633-4")},
    "table 0136": {"valueCodeableConcept": coded(f"{TABLES}/v2-0136", "Y")},
    "table 0136 at its old address": {
        "valueCodeableConcept": coded("http://hl7.org/fhir/v2/0136", "Y")
    },
    "table 0532 by OID": {"valueCodeableConcept": coded("urn:oid:2.16.840.1.113883.12.532", "Y")},
    "a local code that is displayed": {
        "valueCodeableConcept": coded("urn:local", "17", display="Yes")
    },
    "a code and its text": {
        "valueCodeableConcept": coded(SNOMED, "373066001") | {"text": "Yes, both palms"}
    },
    "text": {"valueCodeableConcept": {"text": "Present"}},
    "words": {"valueString": " YES. "},
    "true in words": {"valueString": "true"},
    "one in words": {"valueString": "1"},
    "only an interpretation": {
        "interpretation": [coded(f"{TABLES}/v3-ObservationInterpretation", "POS")]
    },
}
NO: dict[str, Json] = {
    "boolean": {"valueBoolean": False},
    "nought": {"valueInteger": 0},
    "SNOMED no": {"valueCodeableConcept": coded(SNOMED, "373067005")},
    "SNOMED absent": {"valueCodeableConcept": coded(SNOMED, "2667000")},
    "LOINC no": {"valueCodeableConcept": coded(LOINC, "LA32-8")},
    "LOINC absent": {"valueCodeableConcept": coded(LOINC, "LA9634-2")},
    "table 0136": {"valueCodeableConcept": coded(f"{TABLES}/v2-0136", "N")},
    "words": {"valueString": "not involved"},
    "only an interpretation": {
        "interpretation": [coded(f"{TABLES}/v3-ObservationInterpretation", "NEG")]
    },
}
UNREADABLE: dict[str, Json] = {
    "two": {"valueInteger": 2},
    "a percent": quantity(1, "%", "%"),
    "more than nought": {"valueQuantity": {"value": 0, "comparator": ">"}},
    "a code of SNOMED that is no answer": {
        "valueCodeableConcept": coded(SNOMED, "255604002", display="Yes")
    },
    "two codes that disagree": {
        "valueCodeableConcept": {
            "coding": [
                {"system": SNOMED, "code": "373066001"},
                {"system": LOINC, "code": "LA32-8"},
            ]
        }
    },
    "a code and a text that disagree": {
        "valueCodeableConcept": coded(SNOMED, "373066001") | {"text": "No"}
    },
    "a value and an interpretation that disagree": {
        "valueBoolean": True,
        "interpretation": [coded(f"{TABLES}/v3-ObservationInterpretation", "NEG")],
    },
    "other words": {"valueString": "left thenar"},
    "a local code": {"valueCodeableConcept": coded("urn:local", "Y17")},
    "a range": {"valueRange": {"low": {"value": 0}, "high": {"value": 1}}},
    "a number where an object belongs": {"valueCodeableConcept": 7},
}
NOTHING: dict[str, Json] = {
    "no value": {},
    "a reason why there is none": {"dataAbsentReason": coded(ABSENT, "not-performed")},
    "a code of that reason": {"valueCodeableConcept": coded(ABSENT, "unknown")},
    "a list where an object belongs": {"valueCodeableConcept": [3, None]},
    "null": {"valueString": None},
    "an empty concept": {"valueCodeableConcept": {}},
    "an empty text": {"valueString": "  "},
    "not assessed": {"valueString": "Not assessed"},
    "unknown in SNOMED": {"valueCodeableConcept": coded(SNOMED, "261665006")},
    "not asked in table 0532": {"valueCodeableConcept": coded(f"{TABLES}/v2-0532", "NASK")},
    "a quantity without a value": {"valueQuantity": {"unit": "%", "code": "%"}},
    "an absent value by extension": {
        "valueQuantity": {"_value": {"extension": [{"url": "x", "valueCode": "unknown"}]}}
    },
    "a boolean that is absent by extension": {"_valueBoolean": {"extension": []}},
}
LOW, HIGH = ours("BSA_PCT", **quantity(5, "%", "%")), ours("BSA_PCT", **quantity(30, "%", "%"))
BACK = {"bodySite": {"text": "back of hand"}}


@pytest.mark.parametrize("value", YES.values(), ids=list(YES))
def test_value_that_says_yes_is_met(value: Json) -> None:
    assert said(eczema(deepcopy(LOW) | BACK, ours("PALMS_SOLES", **value)), PALMS) == "met"


@pytest.mark.parametrize("value", NO.values(), ids=list(NO))
def test_value_that_says_no_is_not_met(value: Json) -> None:
    assert said(eczema(deepcopy(LOW), ours("PALMS_SOLES", **value)), PALMS) == "not_met"


@pytest.mark.parametrize("value", UNREADABLE.values(), ids=list(UNREADABLE))
def test_unreadable_value_is_unknown_and_not_a_no(value: Json) -> None:
    older = ours("PALMS_SOLES", "2026-11-01", valueBoolean=True)
    found = eczema(deepcopy(LOW) | BACK, ours("PALMS_SOLES", **value), older)
    assert said(found, PALMS) == "unknown unit"


@pytest.mark.parametrize("value", NOTHING.values(), ids=list(NOTHING))
def test_a_result_without_a_value_hides_no_older_one(value: Json) -> None:
    older = ours("PALMS_SOLES", "2026-11-01", valueBoolean=True)
    assert said(eczema(deepcopy(LOW), ours("PALMS_SOLES", **value), older), PALMS) == "met"
    for before, truth in ((HIGH, "met"), (LOW, "not_met")):
        found = eczema(deepcopy(before), ours("BSA_PCT", "2026-11-18", **value))
        assert said(found, SURFACE) == truth


def test_body_site_without_a_value_is_no_finding() -> None:
    palm: Json = {"bodySite": {"text": "palms"}}
    found = eczema(ours("BSA_PCT", dataAbsentReason=coded(ABSENT, "not-performed"), **palm))
    assert said(found, SURFACE) == "unknown not_found"
    assert said(found, PALMS) == "not_met"  # the diagnosis names the back of the hand
    assert said(eczema(ours("BSA_PCT", **quantity(5, "%"), **palm)), PALMS) == "met"


def test_older_value_stays_stale_though_a_newer_result_has_no_value() -> None:
    found = eczema(
        ours("BSA_PCT", "2026-01-10", **quantity(30, "%")), ours("BSA_PCT", "2026-11-18")
    )
    assert said(found, SURFACE) == "unknown stale"


def test_a_panel_holds_its_values_in_components() -> None:
    found = eczema(
        panel(
            part(OURS, "BSA_PCT", **quantity(30, "%", "%")),
            part(OURS, "PALMS_SOLES", valueCodeableConcept=coded(LOINC, "LA33-6")),
            {"code": {"text": "EASI"}, "valueQuantity": {"value": 21}},
            part(OURS, "WI_NRS", dataAbsentReason=coded(ABSENT, "not-asked")),
            "no component",  # type: ignore[arg-type]
        )
    )
    assert {one: said(found, one) for one in (SURFACE, PALMS, SIGNS)} == {
        SURFACE: "met",
        PALMS: "met",
        SIGNS: "met",
    }
    assert said(found, "ad.initial.baseline_symptoms.pruritus") == "unknown not_found"


def test_a_newer_component_takes_the_place_of_an_older_result_and_the_other_way() -> None:
    low = part(OURS, "BSA_PCT", **quantity(4, "%"))
    assert said(eczema(deepcopy(HIGH), panel(low, on="2026-11-18")), SURFACE) == "not_met"
    assert said(eczema(deepcopy(HIGH), panel(low, on="2026-11-01")), SURFACE) == "met"
    again = ours("BSA_PCT", "2026-11-18", component=[low])
    assert said(eczema(deepcopy(HIGH), again), SURFACE) == "not_met"


def test_a_component_counts_as_its_panel_does() -> None:
    low = part(OURS, "BSA_PCT", **quantity(4, "%"))
    for status in ("entered-in-error", "preliminary"):
        found = eczema(deepcopy(HIGH), panel(low, on="2026-11-18", status=status))
        assert said(found, SURFACE) == "met"


def test_a_component_with_a_value_and_a_reason_for_none_is_a_question() -> None:
    odd = part(OURS, "BSA_PCT", dataAbsentReason=coded(ABSENT, "error"), **quantity(30, "%"))
    assert said(eczema(panel(odd)), SURFACE).startswith("unknown")


def test_result_contained_in_a_panel_has_the_day_of_the_panel() -> None:
    inside = ours("BSA_PCT", None, **quantity(4, "%")) | {"id": "a"}
    whole = {"hasMember": [{"reference": "#a"}], "contained": [inside]}
    assert said(eczema(deepcopy(HIGH), panel(on="2026-11-18", **whole)), SURFACE) == "not_met"
    dated = {"contained": [inside | {"effectiveDateTime": "2026-10-01"}]}
    assert said(eczema(deepcopy(HIGH), panel(on="2026-11-18", **dated)), SURFACE) == "met"
    wrong = {"contained": [inside | {"status": "entered-in-error"}]}
    assert said(eczema(deepcopy(HIGH), panel(on="2026-11-18", **wrong)), SURFACE) == "met"
    parts = {"contained": [panel(part(OURS, "BSA_PCT", **quantity(4, "%")), on=None)]}
    assert said(eczema(deepcopy(HIGH), panel(on="2026-11-18", **parts)), SURFACE) == "not_met"


def test_result_of_another_patient_in_a_panel_is_ignored() -> None:
    other = ours("BSA_PCT", None, **quantity(4, "%")) | {"subject": {"reference": "Patient/mother"}}
    found = eczema(deepcopy(HIGH), panel(on="2026-11-18", contained=[other]))
    assert said(found, SURFACE) == "met"


@pytest.mark.parametrize(
    ("value", "unit", "truth"),
    [
        (0.42, "10^9/L", "met"),
        (0.42, "x10E9/L", "met"),
        (0.42, "K/cmm", "met"),
        (0.42, "Thous/mcL", "met"),
        (0.42, "thousand per microliter", "met"),
        (0.42, "10³/µL", "met"),
        (0.42, "GIGA/L", "met"),
        (0.42, "/nL", "met"),
        (420, "10*6/L", "met"),
        (420, "{Eos}/uL", "met"),
        (420, "cells/cu mm", "met"),
        (0.29, "K/uL", "not_met"),
        (290, "cells per cubic millimeter", "not_met"),
        (0, "/uL", "not_met"),
        (1, "/uL", "not_met"),
        (0.42, "/uL", "unknown unit"),  # of thousands, surely
        (0.42, "g/L", "unknown unit"),
        (4.2, "%", "unknown unit"),
        (420, "mg/L", "unknown unit"),
        (420, None, "unknown unit"),
    ],
)
def test_a_count_is_read_in_every_usual_unit(value: float, unit: str | None, truth: str) -> None:
    found = lung(result(LOINC, "711-2", **quantity(value, unit)))
    assert said(found, COUNT) == truth
    if unit:
        assert said(lung(result(LOINC, "711-2", **quantity(value, None, unit))), COUNT) == truth


def test_a_unit_and_a_code_that_contradict_each_other_are_a_question() -> None:
    found = lung(result(LOINC, "711-2", **quantity(0.42, "10*6/L", "10*9/L")))
    assert said(found, COUNT) == "unknown unit"


@pytest.mark.parametrize("code", ["711-2", "712-0", "26449-9"])
def test_a_count_by_whatever_method(code: str) -> None:
    assert said(lung(result(LOINC, code, **quantity(420, "/uL"))), COUNT) == "met"


@pytest.mark.parametrize("code", ["713-8", "714-6", "26450-7"])
def test_a_percentage_of_the_white_cells_is_no_count(code: str) -> None:
    assert said(lung(result(LOINC, code, **quantity(420, "/uL"))), COUNT) == "unknown not_found"


def litres(value: object, unit: str = "L") -> Json:
    return quantity(value, unit, unit)


POST, PREDICTED = "20155-8", "20154-1"


@pytest.mark.parametrize(
    ("one", "whole", "truth"),
    [
        ((POST, 1.5), (PREDICTED, 3.0), "met"),
        ((POST, 1.5), ("20149-1", 3.0), "met"),
        ((POST, 2.4), (PREDICTED, 3.0), "not_met"),
        ((POST, 1.5), ("20156-6", 3.0), "unknown not_found"),  # predicted before
        (("20157-4", 1.5), ("20156-6", 3.0), "unknown not_found"),  # both from before
        (("20150-9", 1.5), ("20149-1", 3.0), "unknown not_found"),  # does not say
        ((POST, 1.5), (PREDICTED, 0), "unknown unit"),
        ((POST, 0.05), (PREDICTED, 3.0), "unknown unit"),  # 1.7 % is no FEV1
    ],
)
def test_litres_beside_the_predicted_volume_are_a_percentage(
    one: tuple[str, float], whole: tuple[str, float], truth: str
) -> None:
    parts = [part(LOINC, code, **litres(value)) for code, value in (one, whole)]
    assert said(lung(panel(*parts)), BREATH) == truth
    results = [result(LOINC, code, **litres(value)) for code, value in (one, whole)]
    assert said(lung(*results), BREATH) == truth


def test_volumes_of_two_days_make_no_percentage() -> None:
    part_, whole = (
        result(LOINC, POST, **litres(1.5)),
        result(LOINC, PREDICTED, "2026-09-01", **litres(3)),
    )
    assert said(lung(part_, whole), BREATH) == "unknown not_found"


def test_two_predicted_volumes_of_one_day_are_a_question() -> None:
    wholes = [result(LOINC, PREDICTED, **litres(value)) for value in (3, 4)]
    assert said(lung(result(LOINC, POST, **litres(1.5)), *wholes), BREATH) == "unknown unit"


def test_a_volume_whose_name_says_after_bronchodilator_is_one_after_it() -> None:
    named = result(LOINC, "20150-9", **litres(1500, "mL"))
    named["code"]["text"] = "FEV1 post-bronchodilator"
    assert said(lung(named, result(LOINC, "20149-1", **litres(3))), BREATH) == "met"


def test_the_name_of_a_panel_tells_which_values_are_in_it() -> None:
    share = part(LOINC, "19926-5", **quantity(0.55, "{ratio}", "{ratio}"))
    whole = panel(share) | {"code": {"text": "Spirometry post-bronchodilator"}}
    assert said(lung(whole), RATIO) == "met"
    share["code"]["text"] = "FEV1/FVC pre"
    assert said(lung(whole), RATIO) == "unknown not_found"


def test_volumes_alone_are_seen_after_a_patient_without_any() -> None:
    """What nothing found means is kept over requests; it must not be given where something was found."""
    assert said(lung(), BREATH) == "unknown not_found"
    values = result(LOINC, POST, **litres(1.5)), result(LOINC, PREDICTED, **litres(3))
    assert said(lung(*values), BREATH) == "met"
    assert said(eczema(), PALMS) == "not_met"
    assert said(eczema(panel(part(OURS, "PALMS_SOLES", valueBoolean=True))), PALMS) == "met"


SEVERITY: dict[str, tuple[Json, str]] = {
    "SNOMED": (coded(SNOMED, "6736007"), "met"),
    "LOINC": (coded(LOINC, "LA6750-9"), "met"),
    "words": ({"text": "Moderate to severe"}, "met"),
    "mild in LOINC": (coded(LOINC, "LA6752-5"), "not_met"),
    "not readable": ({"text": "grade B"}, "unknown attestation"),
}


def diagnosed(severity: Json | None, code: Json) -> Json:
    one = {
        "resourceType": "Condition",
        "id": "c",
        "subject": {"reference": "Patient/elm"},
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "verificationStatus": {"coding": [{"code": "confirmed"}]},
        "code": code,
        "severity": severity,
    }
    return {"conditions": {"resourceType": "Bundle", "entry": [{"resource": one}]}}


ECZEMA = coded("http://hl7.org/fhir/sid/icd-10-cm", "L20.9")


@pytest.mark.parametrize(("severity", "truth"), SEVERITY.values(), ids=list(SEVERITY))
def test_a_grade_is_read_in_every_coding(severity: Json, truth: str) -> None:
    found = ask("guard-palms-or-soles-boolean", **diagnosed(severity, ECZEMA))
    assert said(found, GRADE) == truth


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        ({"valueCodeableConcept": coded(SNOMED, "24484000")}, "met"),
        ({"valueString": "Moderate"}, "met"),
        ({"valueString": "about three"}, "unknown attestation"),
        ({"valueInteger": 4}, "unknown attestation"),  # on which scale?
    ],
)
def test_a_score_in_words_names_its_grade(value: Json, truth: str) -> None:
    severe = ours("IGA", "2026-10-01", valueInteger=4) | {"method": {"text": "vIGA-AD"}}
    body = diagnosed(None, ECZEMA)
    assert (
        said(ask("guard-palms-or-soles-boolean", ours("IGA", **value), severe, **body), GRADE)
        == truth
    )


def test_absent_sign_is_no_grade() -> None:
    for value in ({"valueCodeableConcept": coded(SNOMED, "373067005")}, {"valueString": "Absent"}):
        assert said(eczema(ours("AD_SIGNS", **value)), SIGNS) == "unknown not_found"
    found = eczema(ours("AD_SIGNS", component=[{"code": {"text": "erythema"}, "valueInteger": 2}]))
    assert said(found, SIGNS) == "met"


def answered(*answers: Json, on: str = "2026-11-20") -> Json:
    stem = "https://dupilumab-cds.github.io/fhir/Questionnaire"
    return {
        "resourceType": "QuestionnaireResponse",
        "id": f"q{next(_number)}",
        "questionnaire": f"{stem}/bcbsms-L.5.01.513-ad-initial|2025-10-01",
        "status": "completed",
        "subject": {"reference": "Patient/elm"},
        "authored": f"{on}T10:00:00-06:00",
        "author": {"reference": "Practitioner/dr-lund"},
        "item": [{"linkId": SURFACE, "answer": list(answers)}],
    }


def stated(*responses: Json) -> str:
    entries = [{"resource": one} for one in responses]
    body = {"answers": {"resourceType": "Bundle", "entry": entries}}
    return said(ask("guard-palms-or-soles-boolean", **body), SURFACE)


def coding(system: str, code: str) -> Json:
    return {"valueCoding": {"system": system, "code": code}}


def test_a_coded_statement_is_read_and_one_in_words_is_a_question() -> None:
    assert stated(answered({"valueBoolean": True})) == "met"
    assert stated(answered(coding(SNOMED, "373066001"))) == "met"
    assert stated(answered(coding(f"{TABLES}/v2-0136", "N"))) == "not_met"
    assert stated(answered({"valueInteger": 1})) == "met"
    for words in ({"valueString": "true"}, coding(SNOMED, "255604002"), {"valueInteger": 2}):
        assert stated(answered(words)).startswith("unknown")


@pytest.mark.parametrize("newer", [{"valueString": "not sure"}, coding("urn:local", "n")])
def test_a_statement_that_cannot_be_read_takes_the_place_of_an_older_one(newer: Json) -> None:
    yes = answered({"valueBoolean": True}, on="2026-11-01")
    assert stated(yes) == "met"
    assert stated(yes, answered(newer)).startswith("unknown")
    assert stated(answered({"valueBoolean": True}), answered(newer, on="2026-11-01")) == "met"
