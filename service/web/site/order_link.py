"""The link from a card to the page of its order."""

from collections.abc import Iterable

from service.cards.answering_texts import ANSWERING
from service.cards.assessment_json import EXTENSION
from service.cards.story_texts import STORY
from service.cards.wording import Wording, plain
from service.json_object import Json
from service.policy.truth import Way

ORDERS = "/orders"
LAUNCH = "/launch"
AWAITED = str(Way.ATTESTATION)


def story_url(public_url: str, id_: str | None) -> str | None:
    """The address of the page of a kept request; None if it is not kept."""
    return None if id_ is None else f"{public_url}{ORDERS}/{id_}"


def link_to_questions(
    cards: Iterable[Json], public_url: str, id_: str | None, wording: Wording
) -> None:
    """Adds the SMART link to the cards of orders that a statement may settle.

    `appContext` is the id of the kept request: an EHR hands it to the page that it launches.
    """
    for card in cards:
        twin = card.get("extension", {}).get(EXTENSION)
        if twin is not None and AWAITED in twin["awaits"]:
            label = plain(wording.say(ANSWERING, "link"))
            context = {} if id_ is None else {"appContext": id_}
            link = {"label": label, "url": f"{public_url}{LAUNCH}", "type": "smart", **context}
            card["links"] = [*card.get("links", ()), link]


def link_to_page(cards: Iterable[Json], url: str | None, wording: Wording, link_type: str) -> None:
    """Adds the link to the cards that carry an assessment; `link_type` is the client's `links`."""
    for card in cards:
        if url is not None and EXTENSION in card.get("extension", {}):
            label = plain(wording.say(STORY, "link"))
            card["links"] = [{"label": label, "url": url, "type": link_type}]
