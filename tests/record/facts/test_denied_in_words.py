"""An authorization whose adjudication says in words that it was denied is no approval."""

import json
from datetime import date
from typing import Any

import pytest
from support.cases.run import library
from support.paths import ROOT

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request


def truth(reason: str | None) -> str:
    """Whether the payer approved before, with that reason on the recorded authorization."""
    body = json.loads((ROOT / "fixtures/p000-renewal-approved.json").read_bytes())
    entry = body["prefetch"]["authorizations"]["entry"][0]["resource"]
    if reason:
        entry["adjudication"] = [{"category": {"text": "x"}, "reason": {"text": reason}}]
    hook = parse_hook_request(body, frozenset(["order-sign"]))
    known = library()
    (twin,) = advise(known, hook, known.client("local"), AsOf("day", date(2026, 11, 21))).twins
    return _truth(twin["criteria"], "common.renewal.previously_approved")


def _truth(nodes: list[dict[str, Any]], id_: str) -> str:
    for one in nodes:
        if one["id"] == id_:
            return str(one["truth"])
        if found := _truth(one.get("children", []), id_):
            return found
    return ""


@pytest.mark.parametrize(
    ("reason", "met"), [(None, True), ("medical necessity shown", True), ("denied", False)]
)
def test_words_of_refusal_beside_the_decision_are_read(reason: str | None, met: bool) -> None:
    assert (truth(reason) == "met") is met
