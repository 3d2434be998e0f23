"""The summary: short, plain, the outcome first, whatever the policy and the chart say."""

import json
from datetime import date
from functools import lru_cache
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from support.paths import ROOT

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request
from service.library import Library, load_library

LIMIT = 140
HOOKS = frozenset({"order-sign", "order-select"})
RECORDED = sorted(path.stem for path in (ROOT / "fixtures").glob("*.json"))


@lru_cache(maxsize=1)
def library() -> Library:
    return load_library(ROOT, None)


def body(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "fixtures" / f"{name}.json").read_bytes())
    return found


def cards(request: dict[str, Any], documents: Library | None = None) -> list[dict[str, Any]]:
    known = documents or library()
    as_of = AsOf("day", date(2026, 11, 21))
    read = parse_hook_request(request, HOOKS)
    return advise(known, read, known.client("local"), as_of).cards


@pytest.mark.conforms("CARD-02", "CARD-03")
@pytest.mark.parametrize("name", RECORDED)
def test_a_summary_is_plain_short_text(name: str) -> None:
    for card in cards(body(name)):
        summary = card["summary"]
        assert 0 < len(summary) < LIMIT
        assert not set(summary) & set("\n\\<>*_`")
        assert "&#" not in summary
        assert "&amp;" not in summary


@pytest.mark.conforms("CARD-04", "CARD-05", "CARD-07", "CRD-10", "CRD-12")
@pytest.mark.parametrize("name", RECORDED)
def test_a_card_has_what_cds_hooks_asks_of_it(name: str) -> None:
    for card in cards(body(name)):
        assert card["indicator"] in {"info", "warning"}
        assert card["source"]["label"]
        assert {"code", "system"} <= card["source"]["topic"].keys()
        assert all(value is not None for value in card.values())
        assert "{{" not in card["detail"]


@pytest.mark.conforms("CARD-01", "CRD-09")
def test_every_card_of_every_answer_has_an_id_of_its_own() -> None:
    request = body("p001-initial")
    found = [card["uuid"] for _ in range(3) for card in cards(request)]
    assert len(set(found)) == len(found)


@pytest.mark.conforms("CRD-18")
def test_several_orders_are_told_apart_on_the_card() -> None:
    request = body("p001-initial")
    (entry,) = (
        one
        for one in request["context"]["draftOrders"]["entry"]
        if one["resource"]["resourceType"] == "MedicationRequest"
    )
    other = {**entry["resource"], "id": "second"}
    request["context"]["draftOrders"]["entry"].append({"resource": other})
    found = cards(request)
    topics = [card["source"]["topic"]["code"] for card in found]
    assert topics == ["coverage-info", "coverage-info", "guideline"]
    assert all(card["detail"].startswith("Order: ") for card in found)


def test_no_more_than_five_cards_are_shown_though_every_order_is_judged() -> None:
    request = body("p001-initial")
    entries = request["context"]["draftOrders"]["entry"]
    (order,) = (
        one["resource"] for one in entries if one["resource"]["resourceType"] == "MedicationRequest"
    )
    entries += [{"resource": {**order, "id": f"more{n}"}} for n in range(7)]
    as_of = AsOf("day", date(2026, 11, 21))
    advice = advise(library(), parse_hook_request(request, HOOKS), library().client("local"), as_of)
    assert len(advice.cards) == 5
    assert len(advice.twins) == 8


@pytest.mark.conforms("CARD-02")
def test_long_names_in_the_documents_are_cut_to_the_limit(tmp_path: Path) -> None:
    for name in ("mappings", "cards"):
        copytree(ROOT / name, tmp_path / name)
    policy = tmp_path / "mappings/policies/bcbsms/dupilumab/2025-10-01/policy.yaml"
    text = policy.read_text(encoding="utf-8")
    policy.write_text(text.replace("title: atopic dermatitis", f"title: {'very long ' * 30}"))
    told = cards(body("p001-initial"), load_library(tmp_path, None))
    assert all(len(card["summary"]) < LIMIT for card in told)
    assert told[0]["summary"].endswith("…")
