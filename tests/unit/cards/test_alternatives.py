"""The card of other therapies: in order, with what rules others out."""

from dataclasses import replace

from support.card_context import CONTEXT
from support.cases.run import library

from service.cards.alternatives import alternatives_card
from service.cards.card import Card
from service.cards.summary import SUMMARY_LIMIT
from service.clinical.model import Situation, Therapy, Use
from service.clinical.offer import Offer, Option, RuledOut
from service.policy.truth import Truth

SITUATION = Situation("ad.failed", "The drug failed", "Guideline A", None, ())
USE = Use("approved", "adults", "Label B")


def therapy(name: str) -> Therapy:
    return Therapy(name.lower(), name, "a class", "drug", {"ad": USE})


def option(name: str) -> Option:
    return Option(therapy(name), USE, Truth.MET, f"why {name}")


def card(*names: str, ruled_out: tuple[str, ...] = ()) -> Card:
    left_out = tuple(RuledOut(therapy(name), "in use already") for name in ruled_out)
    offer = Offer(SITUATION, tuple(map(option, names)), left_out, (), ())
    return alternatives_card(library().wording, offer, ["MedicationRequest/1"], CONTEXT)


def test_therapies_are_in_the_order_of_the_offer_with_their_reasons() -> None:
    detail = card("Alpha", "Beta").card["detail"]
    assert detail.index("why Alpha") < detail.index("why Beta")
    assert "Guideline A" in detail
    assert "Label B" in detail


def test_summary_names_as_many_as_fit() -> None:
    assert "Alpha" in card("Alpha").card["summary"]
    many = card(*(f"Therapy with a long name {n}" for n in range(9))).card["summary"]
    assert len(many) <= SUMMARY_LIMIT
    assert "Therapy with a long name 0" in many
    assert "Therapy with a long name 8" not in many


def test_therapies_ruled_out_for_one_reason_are_one_line() -> None:
    detail = card("Alpha", ruled_out=("Beta", "Gamma")).card["detail"]
    assert "Beta, Gamma" in detail
    assert detail.count("in use already") == 1


def test_therapy_with_an_order_is_a_suggestion_in_place_of_the_draft() -> None:
    assert "suggestions" not in card("Alpha").card
    order = {"resourceType": "MedicationRequest"}
    offer = Offer(
        SITUATION, (replace(option("Alpha"), order=order, dose="10 mg daily"),), (), (), ()
    )
    shown = alternatives_card(library().wording, offer, ["MedicationRequest/1"], CONTEXT)
    (suggestion,) = shown.card["suggestions"]
    assert [action["type"] for action in suggestion["actions"]] == ["delete", "create"]
    assert shown.about[suggestion["uuid"]] == "therapy:alpha"
