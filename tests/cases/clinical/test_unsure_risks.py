"""A risk of which nobody is sure is told as one that is confirmed; one that is ruled out is not."""

import copy
import json
from datetime import date
from functools import cache
from typing import Any

import pytest
from support.paths import ROOT

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request
from service.library import Library, load_library

Json = dict[str, Any]
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
STATUS = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
PREGNANT, TUBERCULOSIS, WORMS = "Z33.1", "A15.0", "B82.0"
NOTES = {
    PREGNANT: "common.note.pregnancy",
    TUBERCULOSIS: "common.note.tuberculosis",
    WORMS: "common.note.helminth",
}


@cache
def library() -> Library:
    return load_library(ROOT, ROOT / "fixtures/clients/claims_held.yaml")


def answered(code: str, text: str, status: str = "confirmed") -> Json:
    """The twin of the order of a patient whose criteria are met, with one more problem."""
    body = json.loads((ROOT / "fixtures/initial-fully-met.json").read_text(encoding="utf-8"))
    entries = body["prefetch"]["conditions"]["entry"]
    risk = copy.deepcopy(entries[0]["resource"])
    risk |= {"id": "risk", "code": {"coding": [{"system": ICD10, "code": code}], "text": text}}
    risk["verificationStatus"] = {"coding": [{"system": STATUS, "code": status}]}
    risk["onsetDateTime"] = "2026-10-01"  # a pregnancy of years ago is none of today
    del risk["severity"]
    entries.append({"resource": risk})
    known = library()
    request = parse_hook_request(body, frozenset({"order-sign"}))
    as_of = AsOf("day", date(2026, 11, 21))
    return advise(known, request, known.client("local"), as_of).twins[0]


def told(code: str, text: str, status: str = "confirmed") -> bool:
    twin = answered(code, text, status)
    assert twin["outcome"] == "met"
    return NOTES[code] in [one["id"] for one in twin["notes"]]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (PREGNANT, "Pregnancy"),
        (PREGNANT, "Possible pregnancy"),
        (PREGNANT, "? pregnant"),
        (TUBERCULOSIS, "R/O tuberculosis"),
        (TUBERCULOSIS, "Latent tuberculosis likely"),
        (WORMS, "Suspected helminth infection"),
    ],
)
def test_a_risk_is_told_though_nobody_is_sure(code: str, text: str) -> None:
    assert told(code, text)


@pytest.mark.parametrize("status", ["provisional", "differential", "unconfirmed"])
def test_a_risk_that_is_not_confirmed_is_told(status: str) -> None:
    assert told(TUBERCULOSIS, "Tuberculosis of lung", status)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Tuberculosis, ruled out", "confirmed"),
        ("Family history of tuberculosis", "confirmed"),
        ("Possible tuberculosis, ruled out", "confirmed"),
        ("Tuberculosis of lung", "refuted"),
        ("Tuberculosis of lung", "entered-in-error"),
    ],
)
def test_a_risk_that_is_denied_is_not_told(text: str, status: str) -> None:
    assert not told(TUBERCULOSIS, text, status)
