"""The card of other therapies: in order, with what rules others out."""

from dataclasses import replace

from support.card_context import CONTEXT
from support.cases.run import library

from service.cards.alternatives_card import alternatives_cards
from service.cards.card import Card
from service.cards.card_lengths import LONGEST_SUMMARY
from service.clinical.suggestions import Offer, Option, RuledOut
from service.clinical.suggestions import Tests as Baseline
from service.clinical.therapies_and_pathways import Check, Situation, Therapy, Use
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
    (shown,) = alternatives_cards(library().wording, offer, ["MedicationRequest/1"], CONTEXT)
    return shown


def test_three_therapies_are_in_the_order_of_the_offer_with_their_reasons_and_the_others_named() -> (
    None
):
    detail = card("Alpha", "Beta", "Gamma", "Delta").card["detail"]
    assert "1. **Alpha**: why Alpha" in detail
    assert detail.index("why Beta") < detail.index("why Gamma")
    assert "**Also:** Delta" in detail
    assert "why Delta" not in detail


def test_sources_are_in_the_twin_and_not_on_the_card() -> None:
    detail = card("Alpha").card["detail"]
    assert "Guideline A" not in detail
    assert "Label B" not in detail


def test_a_therapy_behind_the_others_is_named_with_the_risk_on_record() -> None:
    risky = replace(option("Delta"), lowered="a clot on record")
    options = (*map(option, ("Alpha", "Beta", "Gamma")), risky)
    offer = Offer(SITUATION, options, (), (), ())
    (shown,) = alternatives_cards(library().wording, offer, ["MedicationRequest/1"], CONTEXT)
    assert "Delta (a clot on record)" in shown.card["detail"]


def test_summary_names_as_many_as_fit() -> None:
    assert "Alpha" in card("Alpha").card["summary"]
    many = card(*(f"Therapy with a long name {n}" for n in range(9))).card["summary"]
    assert len(many) <= LONGEST_SUMMARY
    assert "Therapy with a long name 0" in many
    assert "Therapy with a long name 8" not in many


def test_therapies_ruled_out_for_one_reason_are_one_line() -> None:
    detail = card("Alpha", ruled_out=("Beta", "Gamma")).card["detail"]
    assert "Beta, Gamma" in detail
    assert detail.count("in use already") == 1


ORDER = {"resourceType": "MedicationRequest"}
DRAFTS = ["MedicationRequest/1", "MedicationRequest/2"]


def replacing(form: str, drafts: list[str], *names: str) -> list[Card]:
    """The cards of an offer with an order for each therapy, for a client that takes this form."""
    options = tuple(replace(option(name), order=ORDER, dose="10 mg daily") for name in names)
    tests = Baseline(names, (Check("t", "a test", ""),), ({"resourceType": "ServiceRequest"},))
    offer = Offer(SITUATION, options, (), (), (tests,))
    context = replace(CONTEXT, replacing=form)  # type: ignore[arg-type]  # a text of the test
    return alternatives_cards(library().wording, offer, drafts, context)


def actions(card: Card, place: int = 0) -> list[tuple[str, str | None]]:
    """What each action of a suggestion does, and to which draft."""
    each = card.card["suggestions"][place]["actions"]
    return [(one["type"], one.get("resourceId") or one["resource"].get("id")) for one in each]


def test_therapy_without_an_order_is_no_suggestion() -> None:
    assert "suggestions" not in card("Alpha").card


def test_the_draft_becomes_the_new_order_in_one_update() -> None:
    (shown,) = replacing("update", DRAFTS[:1], "Alpha")
    assert actions(shown) == [("update", "1")]
    (first, _) = shown.card["suggestions"]
    assert shown.about[first["uuid"]] == "therapy:alpha"


def test_a_client_may_take_a_replacement_as_delete_and_create() -> None:
    (shown,) = replacing("delete_create", DRAFTS, "Alpha")
    expected = [("delete", DRAFTS[0]), ("delete", DRAFTS[1]), ("create", None)]
    assert actions(shown) == expected


def test_of_several_drafts_one_becomes_the_new_order_and_the_others_go() -> None:
    (shown,) = replacing("update", DRAFTS, "Alpha")
    assert actions(shown) == [("update", "1"), ("delete", DRAFTS[1])]


def test_tests_are_free_beside_one_replacement_and_have_their_own_card_beside_several() -> None:
    (one,) = replacing("update", DRAFTS[:1], "Alpha")
    assert one.card["selectionBehavior"] == "any"
    first, tests = replacing("update", DRAFTS[:1], "Alpha", "Beta")
    assert (first.card["selectionBehavior"], len(first.card["suggestions"])) == ("at-most-one", 2)
    assert (tests.kind, len(tests.card["suggestions"])) == ("tests", 1)
