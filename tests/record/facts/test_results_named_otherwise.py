"""A result beside whose code something names another test, specimen or site: asked about, never used."""

from typing import Any

import pytest
from support.claims import Json, answer, concept, fixture, node

LOINC = "http://loinc.org"
OURS = "https://dupilumab-cds.github.io/fhir/CodeSystem/finding"
COUNT = "asthma.initial.phenotype.eosinophilic.marker.blood_eos150"
BIOPSY = "eoe.initial.confirmed.biopsy15"
ITCH = "pn.initial.findings.itch.wi_nrs7"
EOSINOPHILS = {"system": LOINC, "code": "711-2"}
INSIDE = {
    "specimen": {"reference": "#s"},
    "contained": [{"resourceType": "Specimen", "id": "s", "type": {"text": "Urine"}}],
}
UCUM = {"system": "http://unitsofmeasure.org"}


def judged(story: str, criterion: str, code: Json, value: Json, **more: Any) -> Json:
    """The criterion where this is the only such result, but for `older` values under the plain code."""
    body = fixture(story)
    first = code["coding"][0]
    others = [one["resource"] for one in body["prefetch"]["observations"]["entry"]]
    others = [one for one in others if first["code"] not in str(one)]
    same: Json = {
        "resourceType": "Observation",
        "status": "final",
        "subject": {"reference": f"Patient/{body['context']['patientId']}"},
        "valueQuantity": value,
    }
    plain = concept({"system": first["system"], "code": first["code"]})
    older = [
        {**same, "id": f"older{n}", "effectiveDateTime": day, "code": plain}
        for n, day in enumerate(more.pop("older", []))
    ]
    result = {**same, "id": "this", "effectiveDateTime": "2026-11-10", "code": code, **more}
    return node(answer(body, "claims_held", observations=[*others, *older, result]), criterion)


def count(code: Json, **more: Any) -> str:
    value = {"value": 420, "unit": "/uL", "code": "/uL", **UCUM}
    return str(judged("asthma-fully-met", COUNT, code, value, **more)["truth"])


@pytest.mark.parametrize(
    "code",
    [
        concept({**EOSINOPHILS, "display": "Basophils [#/volume] in Blood"}),
        {**concept(EOSINOPHILS), "text": "Neutrophils absolute"},
        {**concept(EOSINOPHILS), "text": "Absolute lymphocyte count"},
        {**concept(EOSINOPHILS), "text": "Platelet count"},
        {**concept(EOSINOPHILS), "text": "Eosinophils, nasal smear"},
        {**concept(EOSINOPHILS), "text": "Eosinophils/100 leukocytes in Blood"},
        concept(EOSINOPHILS, {"system": LOINC, "code": "704-7"}),
        concept(EOSINOPHILS, {"system": LOINC, "code": "751-8"}),
        concept(EOSINOPHILS, {"system": "urn:oid:1.2.3", "code": "BASO", "display": "Basophils"}),
    ],
)
def test_a_name_or_a_second_code_of_another_test_leaves_it_open(code: Json) -> None:
    assert count(code) == "unknown"
    assert count(code, older=["2026-05-01"]) == "unknown"
    assert count(code, older=["2026-11-15"]) == "met"


@pytest.mark.parametrize(
    "code",
    [
        concept({**EOSINOPHILS, "display": "EOS ABS"}),
        concept({**EOSINOPHILS, "display": "Eosinophils [#/volume] in Blood by Automated count"}),
        {**concept(EOSINOPHILS), "text": "Eosinophils"},
        {**concept(EOSINOPHILS), "text": "Eosinófilos (recuento absoluto)"},
        {**concept(EOSINOPHILS), "text": "ABS. EO CT"},
        {**concept(EOSINOPHILS), "text": "CBC With Differential/Platelet: Eos (Absolute)"},
        {**concept(EOSINOPHILS), "text": ["Basophils"]},
        concept(EOSINOPHILS, {"system": LOINC, "code": "26449-9"}),
        concept(EOSINOPHILS, EOSINOPHILS),
        concept(EOSINOPHILS, {"system": "urn:oid:1.2.3", "code": "4711", "display": "EO#"}),
    ],
)
def test_usual_name_of_a_laboratory_test_is_read(code: Json) -> None:
    assert count(code) == "met"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"specimen": {"display": "Sputum, induced"}}, "unknown"),
        ({"bodySite": {"text": "Nasal mucosa"}}, "unknown"),
        (INSIDE, "unknown"),
        ({"specimen": {"display": "Venous blood, EDTA"}}, "met"),
        ({"specimen": {"reference": "Specimen/1"}, "bodySite": {"text": "Left arm"}}, "met"),
        ({"specimen": ["Sputum"], "bodySite": "nose"}, "unknown"),
    ],
)
def test_a_count_in_blood_is_taken_from_blood(more: Json, said: str) -> None:
    assert count(concept(EOSINOPHILS), **more) == said


@pytest.mark.parametrize(
    ("site", "said"),
    [("Stomach", "unknown"), ("Second part of duodenum", "unknown"), ("Distal esophagus", "met")],
)
def test_a_biopsy_count_is_taken_from_the_esophagus(site: str, said: str) -> None:
    code, value = concept({"system": OURS, "code": "EOS_PER_HPF"}), {"value": 52, "unit": "eos/hpf"}
    for more in ({"bodySite": {"text": site}}, {"specimen": {"display": site}}):
        assert judged("eoe-fully-met", BIOPSY, code, value, **more)["truth"] == said


def test_score_of_another_name_does_not_count() -> None:
    value = {"value": 9}
    for name, said in (("SCORAD", "unknown"), ("DLQI", "unknown"), ("Peggiore prurito", "met")):
        code = {**concept({"system": OURS, "code": "WI_NRS"}), "text": name}
        assert judged("pn-fully-met", ITCH, code, value)["truth"] == said


def test_component_named_as_another_test_is_unknown() -> None:
    inner = {
        "code": concept({**EOSINOPHILS, "display": "Monocytes"}),
        "valueQuantity": {"value": 420, "unit": "/uL", "code": "/uL", **UCUM},
    }
    panel = {**concept(EOSINOPHILS), "text": "CBC"}
    panel["coding"] = [{"system": LOINC, "code": "57021-8"}]
    for display, said in (("Monocytes", "unknown"), ("Eosinophils", "met")):
        part = {**inner, "code": concept({**EOSINOPHILS, "display": display})}
        body = fixture("asthma-fully-met")
        others = [one["resource"] for one in body["prefetch"]["observations"]["entry"]]
        others = [one for one in others if "711-2" not in str(one)]
        result = {
            "resourceType": "Observation",
            "id": "panel",
            "status": "final",
            "subject": {"reference": f"Patient/{body['context']['patientId']}"},
            "effectiveDateTime": "2026-11-10",
            "code": panel,
            "component": [part],
        }
        found = node(answer(body, "claims_held", observations=[*others, result]), COUNT)
        assert found["truth"] == said
