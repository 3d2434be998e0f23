"""A body site beside a code that no list holds: its name tells a palm or a sole, and nothing against it."""

from typing import Any

import pytest
from support.cases.request import client, request
from support.cases.run import library
from support.clinical.patient import DAY

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request

Json = dict[str, Any]
SNOMED = "http://snomed.info/sct"


def _site(text: str | None, code: str, display: str) -> Json:
    named = {"text": text} if text else {}
    return {"coding": [{"system": SNOMED, "code": code, "display": display}], **named}


@pytest.mark.parametrize(
    ("site", "truth"),
    [
        (_site("palms of both hands", "1000001", "Palm of hand"), "met"),
        (_site(None, "1000001", "Sole of foot"), "met"),
        (_site(None, "731973001", "a name that no list holds"), "met"),
        (_site("palms", "1000001", "Back of hand"), "unknown"),
        (_site("both hands", "1000001", "Hand"), "unknown"),
        (_site("back of hand", "1000001", "Back of hand"), "unknown"),
    ],
    ids=str,
)
def test_the_name_beside_an_unknown_code(site: Json, truth: str) -> None:
    given = {"diagnoses": [{"is": "atopic dermatitis", "severity": "severe", "site": "palm"}]}
    sent = request(given, DAY)
    sent["prefetch"]["conditions"]["entry"][0]["resource"]["bodySite"] = [site]
    hook = parse_hook_request(sent, frozenset(["order-sign"]))
    twin = advise(library(), hook, client(given, DAY), AsOf("day", DAY)).twins[0]
    assert _truths(twin["criteria"])["ad.initial.severity.palms_soles"] == truth


def _truths(nodes: list[Json]) -> dict[str, str]:
    found = {one["id"]: one["truth"] for one in nodes}
    for one in nodes:
        found |= _truths(one.get("children", []))
    return found
