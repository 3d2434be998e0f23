"""Which drafts are for the drug: told by another terminology, without a system, or in words alone."""

from datetime import date
from typing import Any

import pytest
from support.cases.request import client, request
from support.cases.run import library

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request

DAY = date(2026, 11, 20)
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
Json = dict[str, Any]
CLEAR, ASKED, NONE = "clear", "asked", "none"


def told(draft: Json, *others: Json) -> str:
    """What the service makes of a draft that names its drug so: judged, asked about or passed over."""
    given: Json = {"weight": "60 kg"}
    body = request(given, DAY)
    entries = body["context"]["draftOrders"]["entry"]
    order = entries[0]["resource"]
    for key in ("medicationCodeableConcept", "medicationReference"):
        order.pop(key, None)
    order.update(draft)
    entries.extend({"resource": one} for one in others)
    found = advise(
        library(),
        parse_hook_request(body, frozenset(["order-sign"])),
        client(given, DAY),
        AsOf("day", DAY),
    )
    if not found.twins:
        return NONE
    return CLEAR if found.twins[0]["criteria"] else ASKED


def code(system: str | None, value: str, **more: str) -> Json:
    coding = (
        {"code": value, **more} if system is None else {"system": system, "code": value, **more}
    )
    return {"medicationCodeableConcept": {"coding": [coding]}}


CODES: dict[str, tuple[Json, str]] = {
    "ATC": (code("http://www.whocc.no/atc", "D11AH05"), CLEAR),
    "ATC by its OID": (code("urn:oid:2.16.840.1.113883.6.73", "D11AH05"), CLEAR),
    "another ATC": (code("http://www.whocc.no/atc", "A10BA02"), NONE),
    "UNII": (code("http://fdasis.nlm.nih.gov", "420K487FSG"), CLEAR),
    "UNII by its OID": (code("urn:oid:2.16.840.1.113883.4.9", "420K487FSG"), CLEAR),
    "NDC without a system": (code(None, "00024591401"), ASKED),
    "NDC with hyphens without a system": (code(None, "0024-5914-01"), ASKED),
    "RxNorm without a system": (code(None, "1876401"), ASKED),
    "NDC under another address": (
        code("http://terminology.example.org/NDC", "0024-5915-02"),
        ASKED,
    ),
    "NDC under no address": (code("ndc", "00024591401"), ASKED),
    "RxNorm under its name": (code("RxNorm", "1876376"), ASKED),
    "ATC under another address": (code("http://www.whocc.no/atc/ddd", "D11AH05"), ASKED),
    "another NDC without a system": (code(None, "00093721401"), NONE),
    "a number of another list": (code("http://ehr.example.org/orderables", "1876401"), NONE),
    "the number beside another drug's name": (
        code(None, "1876401", display="Metformin 500 mg tablet"),
        NONE,
    ),
    "a date without a system": (code(None, "20261120"), NONE),
}


@pytest.mark.parametrize(("draft", "expected"), CODES.values(), ids=CODES)
def test_codes_of_other_terminologies(draft: Json, expected: str) -> None:
    assert told(draft) == expected


def inside(**medication: Any) -> Json:
    held = {"resourceType": "Medication", "id": "m", **medication}
    return {"contained": [held], "medicationReference": {"reference": "#m"}}


WORDS: dict[str, Json] = {
    "text": {"medicationCodeableConcept": {"text": "dupilumab 300 mg/2 mL pen"}},
    "display": code("http://ehr.example.org/orderables", "77", display="DUPIXENT 300MG/2ML SOPN"),
    "display beside a code without a system": code(None, "77", display="Dupixent"),
    "display without a code": {"medicationCodeableConcept": {"coding": [{"display": "Dupixent"}]}},
    "display of an unclassified code": code(
        "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "J3590", display="Dupilumab inj"
    ),
    "name of a reference": {
        "medicationReference": {"reference": "Medication/x", "display": "Dupixent"}
    },
    "name of a reference alone": {"medicationReference": {"display": "dupilumab (DUPIXENT) pen"}},
    "contained": inside(code={"text": "Dupixent"}),
    "contained, by a display": inside(code={"coding": [{"display": "dupilumab"}]}),
    "contained, without a system": inside(code={"coding": [{"code": "00024591401"}]}),
    "ingredient in words": inside(ingredient=[{"itemCodeableConcept": {"text": "dupilumab"}}]),
    "ingredient by its reference": inside(ingredient=[{"itemReference": {"display": "Dupilumab"}}]),
    "ingredient without a system": inside(
        ingredient=[{"itemCodeableConcept": {"coding": [{"code": "1876376"}]}}]
    ),
    "of R5": {"medication": {"concept": {"text": "Dupixent"}}},
    "of R5, by a reference": {"medication": {"reference": {"display": "Dupixent"}}},
    "trade mark": {"medicationCodeableConcept": {"text": "DUPIXENT® (dupilumab) Pen"}},
}


@pytest.mark.parametrize("draft", WORDS.values(), ids=WORDS)
def test_draft_that_names_the_drug_in_words_is_a_question(draft: Json) -> None:
    assert told(draft) == ASKED


def test_a_medication_that_came_beside_the_draft() -> None:
    held = {"resourceType": "Medication", "id": "mm", "code": {"coding": [{"code": "00024591401"}]}}
    refers = {"medicationReference": {"reference": "Medication/mm"}}
    assert told(refers, held) == ASKED
    assert told({"medication": {"reference": refers["medicationReference"]}}, held) == ASKED
    assert told(refers, {**held, "code": {"text": "Metformin"}}) == NONE


@pytest.mark.parametrize("value", [None, 0, "Dupixent", [], [{}], [None], True, {"coding": "x"}])
def test_malformed_draft_is_no_error(value: Any) -> None:
    for key in ("medication", "medicationCodeableConcept", "medicationReference"):
        told({key: value})
        told({"medication": {"concept": value, "reference": value}})
