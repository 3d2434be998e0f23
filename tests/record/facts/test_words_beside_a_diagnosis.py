"""Words beside the code of a diagnosis that take it back, or name another disease, are asked about."""

import json
from copy import deepcopy
from datetime import date
from typing import Any

import orjson
import pytest
from support.paths import ROOT

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request
from service.cds.strict_json import parse_body
from service.library import load_library

LIBRARY = load_library(ROOT, ROOT / "fixtures/clients/claims_held.yaml")
REQUESTS = {
    name: json.loads((ROOT / "fixtures" / f"{name}.json").read_text())
    for name in ("initial-fully-met", "eoe-fully-met", "crswnp-fully-met", "pn-fully-met")
}


def _outcome(request: Any) -> str:
    hook = parse_hook_request(parse_body(orjson.dumps(request)), frozenset({"order-sign"}))
    day = AsOf("day", date(2026, 11, 21))
    return str(advise(LIBRARY, hook, LIBRARY.client("local"), day).twins[0]["outcome"])


def _of(name: str, key: str) -> tuple[Any, list[Any]]:
    request = deepcopy(REQUESTS[name])
    entries = request["prefetch"][key].get("entry", [])
    return request, [one["resource"] for one in entries]


def _called(name: str, words: str) -> str:
    """The outcome where the diagnosis stands in the record alone, under these words."""
    request, conditions = _of(name, "conditions")
    conditions[0]["code"]["text"] = words
    draft = request["context"]["draftOrders"]["entry"][0]["resource"]
    draft.pop("reasonCode", None)
    draft.pop("reasonReference", None)
    return _outcome(request)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("crswnp-fully-met", "r/o nasal polyps"),
        ("pn-fully-met", "Prurigo nodularis?"),
        ("pn-fully-met", "Prurigo nodularis - resolved 2019"),
        ("eoe-fully-met", "FHx: EoE (brother)"),
        ("pn-fully-met", "Sarcoidosis of skin"),
        ("eoe-fully-met", "GERD"),
        ("crswnp-fully-met", "Chickenpox and migraine"),
        ("pn-fully-met", "Seen by dermatology, isn't prurigo"),
        ("eoe-fully-met", "EoE entered by mistake"),
    ],
)
def test_diagnosis_negated_by_its_words_is_unknown(name: str, words: str) -> None:
    assert _called(name, words) == "unknown"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("crswnp-fully-met", "CRSwNP"),
        ("crswnp-fully-met", "Sinonasal polyposis, left > right"),
        ("pn-fully-met", "PN"),
        ("pn-fully-met", "Picker's nodules, not responding to steroids"),
        ("eoe-fully-met", "EoE"),
        ("eoe-fully-met", "Eosinophilic esophagitis, not otherwise specified"),
        ("eoe-fully-met", "Eosinophilic esophagitis and asthma"),
        ("pn-fully-met", "Prurigo nodularis with anxiety"),
    ],
)
def test_diagnosis_in_usual_local_words_is_met(name: str, words: str) -> None:
    assert _called(name, words) == "met"


@pytest.mark.parametrize(
    ("site", "outcome"),
    [
        ({"coding": [{"system": "http://snomed.info/sct", "code": "69695003"}]}, "unknown"),
        ({"coding": [{"system": "http://snomed.info/sct", "code": "32849002"}]}, "met"),
        ({"text": "Spleen"}, "unknown"),
        ({"text": "Distal esophagus"}, "met"),
    ],
)
def test_result_from_an_unusual_site_is_unknown(site: Any, outcome: str) -> None:
    request, results = _of("eoe-fully-met", "observations")
    for one in results:
        one["bodySite"] = site
    assert _outcome(request) == outcome


@pytest.mark.parametrize(
    ("note", "outcome"),
    [
        ("Test cancelled by lab", "unknown"),
        ("The previous value was wrong", "unknown"),
        ("No technical error. Automated count.", "met"),
    ],
)
def test_result_withdrawn_by_its_note_is_unknown(note: str, outcome: str) -> None:
    request, results = _of("eoe-fully-met", "observations")
    for one in results:
        one["note"] = [{"text": note}]
    assert _outcome(request) == outcome


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        ({"note": [{"text": "Reaction to Dupixent: anaphylaxis"}]}, "unknown"),
        ({"reaction": [{"manifestation": [{"text": "Rash after dupilumab"}]}]}, "unknown"),
        (
            {"note": [{"text": "Verified"}], "reaction": [{"manifestation": [{"text": "Hives"}]}]},
            "met",
        ),
    ],
)
def test_words_beside_the_code_of_an_allergy_are_read(more: Any, outcome: str) -> None:
    request, _ = _of("pn-fully-met", "allergies")
    coding = {"system": "http://snomed.info/sct", "code": "716186003"}
    allergy = {
        "resourceType": "AllergyIntolerance",
        "id": "a1",
        "patient": {"reference": f"Patient/{request['context']['patientId']}"},
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "verificationStatus": {"coding": [{"code": "confirmed"}]},
        "code": {"coding": [coding]},
    }
    entry = [{"resource": {**allergy, **more}}]
    request["prefetch"]["allergies"] = {
        "resourceType": "Bundle",
        "type": "searchset",
        "entry": entry,
    }
    assert _outcome(request) == outcome
