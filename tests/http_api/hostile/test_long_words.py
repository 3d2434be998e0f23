"""A card stays within its bounds whatever a chart says: names of any length, in every place."""

import json
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from support.card_rules import faults
from support.cases.run import library
from support.nothing_lost import lost
from support.paths import ROOT

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request

HOOKS = frozenset({"order-sign"})
DAY = date(2026, 11, 21)
STORIES = ("p001-initial", "asthma-fully-met", "renewal-worse", "adalimumab-claims")
# Where a chart speaks in words.
SAID = {"display", "text", "name", "valueString", "disposition", "preAuthRef", "title"}
LONG = {
    "one word": "x" * 3000,
    "many words": "a name that an interface engine wrote out in full " * 40,
    "mark-up": "*_[`|~#]<>&" * 80,
    "days": "2026-11-10 to 2026-11-12 " * 60,
    "products": "fluticasone propionate 0.5 MG/ACTUAT / " * 40,
}


def spoken(value: Any, words: str) -> Any:
    """The same value with these words in each place where a chart speaks."""
    if isinstance(value, dict):
        return {
            key: words if key in SAID and isinstance(one, str) else spoken(one, words)
            for key, one in value.items()
        }
    return [spoken(one, words) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("words", LONG.values(), ids=LONG)
@pytest.mark.parametrize("name", STORIES)
def test_long_words_of_a_chart_break_no_bound(name: str, words: str) -> None:
    sent = json.loads((ROOT / f"fixtures/{name}.json").read_text(encoding="utf-8"))
    sent["prefetch"] = spoken(sent["prefetch"], words)
    known = library()
    read = parse_hook_request(deepcopy(sent), HOOKS)
    advice = advise(known, read, known.client("local"), AsOf("day", DAY))
    assert advice.cards
    assert faults(advice.cards, sent) == []
    assert lost(advice) == []


@pytest.mark.parametrize("words", LONG.values(), ids=LONG)
def test_several_orders_with_long_words_break_no_bound(words: str) -> None:
    sent = json.loads((ROOT / "fixtures/p001-initial.json").read_text(encoding="utf-8"))
    entries = sent["context"]["draftOrders"]["entry"]
    (draft,) = (
        one["resource"] for one in entries if one["resource"]["resourceType"] == "MedicationRequest"
    )
    draft["note"] = [{"text": words}]
    draft["medicationCodeableConcept"]["text"] = words
    entries.append({"resource": {**draft, "id": "second"}})
    known = library()
    advice = advise(
        known, parse_hook_request(deepcopy(sent), HOOKS), known.client("local"), AsOf("day", DAY)
    )
    assert len(advice.twins) == 2
    assert faults(advice.cards, sent) == []
