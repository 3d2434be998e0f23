"""What holds for every patient: few cards, few lines, nothing that must never be proposed."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from support.cases.run import library
from support.clinical.run import all_cases, answer, suggestions

from service.advise import Advice
from service.clinical.model import Step

Json = dict[str, Any]
CASES = list(all_cases())
each = pytest.mark.parametrize("number", range(len(CASES)), ids=lambda one: CASES[one].says)


@cache
def answered(number: int) -> Advice:
    return answer(CASES[number], library())


def _beside(advice: Advice) -> list[Json]:
    return [one.card for one in advice.told if one.kind != "coverage"]


def _created(advice: Advice) -> Iterator[Json]:
    for one in suggestions(advice):
        for act in one["actions"]:
            if act["type"] == "create":
                yield act["resource"]


@each
def test_few_cards_and_few_lines(number: int) -> None:
    advice = answered(number)
    twin = advice.twins[0]
    assert len(advice.cards) <= 3
    assert len(twin["alternatives"]) <= 5
    assert _lines(advice) <= 4


def _lines(advice: Advice) -> int:
    """How many considerations stand in full."""
    cards = (one.card for one in advice.told if one.kind == "considerations")
    return sum(card["detail"].count("\n- ") + card["detail"].startswith("- ") for card in cards)


@each
def test_summaries_are_whole(number: int) -> None:
    for card in _beside(answered(number)):
        assert len(card["summary"]) < 140
        assert "…" not in card["summary"]


@each
def test_no_systemic_corticosteroid_is_proposed(number: int) -> None:
    steroids = _codes("systemic_corticosteroid")
    for one in _created(answered(number)):
        codings = one.get("medicationCodeableConcept", {}).get("coding", [])
        assert steroids.isdisjoint(code["code"] for code in codings)
    for card in _beside(answered(number)):
        assert "predniso" not in card["detail"]


@each
def test_methotrexate_is_weekly(number: int) -> None:
    for one in _created(answered(number)):
        if "methotrexate" in str(one.get("medicationCodeableConcept")):
            for line in one["dosageInstruction"]:
                assert line["timing"]["repeat"] == {
                    "frequency": 1,
                    "period": 1,
                    "periodUnit": "wk",
                }
                assert "ONCE A WEEK" in line["text"]


@pytest.mark.conforms("ACT-08")
@each
def test_orders_are_drafts_for_this_patient(number: int) -> None:
    for one in _created(answered(number)):
        assert (one["status"], one["intent"]) == ("draft", "order")
        assert one["subject"] == {"reference": "Patient/p1"}


@pytest.mark.conforms("ACT-04")
@each
def test_only_what_replaces_deletes_the_draft(number: int) -> None:
    for told in answered(number).told:
        for one in told.card.get("suggestions", ()):
            deleted = [act["resourceId"] for act in one["actions"] if act["type"] == "delete"]
            assert deleted in ([], ["MedicationRequest/rx1"])
            assert not deleted or told.about[one["uuid"]].startswith("therapy:")


def test_baricitinib_is_flagged_and_never_ordered() -> None:
    case = next(one for one in CASES if one.expect.get("situation") == "ad.inefficacy")
    advice = answer(case, _only("baricitinib"))
    detail = _beside(advice)[0]["detail"]
    assert "**baricitinib** (oral JAK" in detail
    assert "not approved in the US for this disease" in detail
    assert not any(told.about for told in advice.told if told.kind == "alternatives")


@each
def test_no_shipped_pathway_names_baricitinib(number: int) -> None:
    assert not any("baricitinib" in card["detail"] for card in _beside(answered(number)))


def _codes(value_set: str) -> set[str]:
    by_code = library().terminology.by_code
    return {
        code
        for (_, code), entries in by_code.items()
        if any(one.value_set == value_set for one in entries)
    }


def _only(therapy: str) -> Any:
    """The library with each situation of atopic dermatitis offering one therapy."""
    shipped = library()
    key = ("dupilumab", "ad")
    step = Step(therapy, "x", "G1")
    pathway = shipped.clinical.pathways[key]
    changed = replace(
        pathway, situations=tuple(replace(one, order=(step,)) for one in pathway.situations)
    )
    pathways = {**shipped.clinical.pathways, key: changed}
    return replace(shipped, clinical=replace(shipped.clinical, pathways=pathways))


def test_a_case_has_what_it_says() -> None:
    assert CASES
    assert all(one.expect for one in CASES)
