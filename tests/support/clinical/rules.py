"""What holds for the answer to every patient: few cards, few lines, nothing that must never be proposed."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from support.card_rules import faults
from support.cases.request import request
from support.cases.run import library
from support.clinical.run import Case, differences, ordered
from support.nothing_lost import lost

from service.advise import Advice

Json = dict[str, Any]
Rule = Callable[[Case, Advice], None]


def is_as_expected(case: Case, advice: Advice) -> None:
    assert list(differences(case, advice)) == []


def keeps_the_rules_of_cards(case: Case, advice: Advice) -> None:
    assert faults(advice.cards, request(case.given, case.as_of)) == []


def has_few_cards_that_lose_nothing(_: Case, advice: Advice) -> None:
    twin = advice.twins[0]
    assert len([one for one in advice.shown_cards if one.kind != "tests"]) <= 3
    assert len(twin["alternatives"]) <= 5
    assert lost(advice) == []


def has_whole_summaries(_: Case, advice: Advice) -> None:
    for card in beside_coverage(advice):
        assert len(card["summary"]) < 140
        assert "…" not in card["summary"]


def proposes_no_systemic_corticosteroid(_: Case, advice: Advice) -> None:
    steroids = _codes("systemic_corticosteroid")
    for one in _created(advice):
        codings = one.get("medicationCodeableConcept", {}).get("coding", [])
        assert steroids.isdisjoint(code["code"] for code in codings)
    for card in beside_coverage(advice):
        assert "predniso" not in card["detail"]


def proposes_methotrexate_once_a_week(_: Case, advice: Advice) -> None:
    for one in _created(advice):
        if "methotrexate" in str(one.get("medicationCodeableConcept")):
            for line in one["dosageInstruction"]:
                assert line["timing"]["repeat"] == {
                    "frequency": 1,
                    "period": 1,
                    "periodUnit": "wk",
                }
                assert "ONCE A WEEK" in line["text"]


def proposes_drafts_for_this_patient(_: Case, advice: Advice) -> None:
    for one in _created(advice):
        assert (one["status"], one["intent"]) == ("draft", "order")
        assert one["subject"] == {"reference": "Patient/p1"}


def deletes_the_draft_only_to_replace_it(_: Case, advice: Advice) -> None:
    for told in advice.shown_cards:
        for one in told.card.get("suggestions", ()):
            deleted = [act["resourceId"] for act in one["actions"] if act["type"] == "delete"]
            assert deleted in ([], ["MedicationRequest/rx1"])
            assert not deleted or told.about[one["uuid"]].startswith("therapy:")


def does_not_name_baricitinib(_: Case, advice: Advice) -> None:
    assert not any("baricitinib" in card["detail"] for card in beside_coverage(advice))


RULES: tuple[Rule, ...] = (
    is_as_expected,
    keeps_the_rules_of_cards,
    has_few_cards_that_lose_nothing,
    has_whole_summaries,
    proposes_no_systemic_corticosteroid,
    proposes_methotrexate_once_a_week,
    proposes_drafts_for_this_patient,
    deletes_the_draft_only_to_replace_it,
    does_not_name_baricitinib,
)


def beside_coverage(advice: Advice) -> list[Json]:
    """The cards that are not about coverage."""
    return [one.card for one in advice.shown_cards if one.kind != "coverage"]


def _created(advice: Advice) -> Iterator[Json]:
    """Every resource that a suggestion orders anew."""
    for act in ordered(advice):
        yield act["resource"]


@cache
def _codes(value_set: str) -> set[str]:
    by_code = library().terminology.by_code
    return {
        code
        for (_, code), entries in by_code.items()
        if any(one.value_set == value_set for one in entries)
    }
