"""The link from a card to the page of its order."""

from support.cases.run import library

from service.cards.assessment_json import EXTENSION
from service.json_object import Json
from service.web.site.order_link import link_to_page, link_to_questions, story_url

WORDING = library().wording


def test_address_is_absolute_and_none_for_what_is_not_kept() -> None:
    assert story_url("https://cds.example", "id") == "https://cds.example/orders/id"
    assert story_url("https://cds.example", None) is None


def test_only_a_card_with_an_assessment_gets_the_link() -> None:
    cards: list[Json] = [{"extension": {EXTENSION: {}}}, {}]
    link_to_page(cards, "https://cds.example/orders/id", WORDING, "smart")
    [link] = cards[0]["links"]
    assert link == {
        "label": "Why: all criteria and evidence",
        "url": "https://cds.example/orders/id",
        "type": "smart",
    }
    assert cards[1] == {}


def test_no_link_without_a_page() -> None:
    card: Json = {"extension": {EXTENSION: {}}}
    link_to_page([card], None, WORDING, "absolute")
    assert "links" not in card


def test_smart_link_is_on_cards_of_orders_that_await_statements() -> None:
    cards: list[Json] = [
        {"extension": {EXTENSION: {"awaits": ["attestation", "data"]}}, "links": [{"label": "x"}]},
        {"extension": {EXTENSION: {"awaits": ["data"]}}},
        {},
    ]
    link_to_questions(cards, "https://cds.example", "id", WORDING)
    assert cards[0]["links"][1] == {
        "label": "Answer the open questions",
        "url": "https://cds.example/launch",
        "type": "smart",
        "appContext": "id",
    }
    assert "links" not in cards[1]
    assert cards[2] == {}
    link_to_questions(cards[:1], "https://cds.example", None, WORDING)
    assert "appContext" not in cards[0]["links"][2]
