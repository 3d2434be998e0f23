"""Recorded requests as their pages show them."""

from datetime import date
from functools import cache
from pathlib import Path

import orjson
from support.cases.run import library
from support.paths import ROOT

from service.advise import Rendered, advise
from service.cds.request import AsOf, parse_hook_request
from service.facts.client import Client
from service.pages.story.order_story import Known, OrderStory, order_story
from service.pages.story.story_words import StoryWords

DAY = date(2026, 11, 21)  # of the recordings
FIXTURES = ROOT / "fixtures"
RECORD_ONLY = Client("local", {"record": True}, pages=True)
CLAIMS_HELD = Client("local", {"record": True, "claims": True}, pages=True)
HOOKS = frozenset({"order-sign", "order-select"})
WORDS = StoryWords(library().wording)


def advised(name: str | Path | bytes, client: Client = CLAIMS_HELD) -> Rendered:
    """The first order of a recorded request, judged on the day of the recordings."""
    raw = name if isinstance(name, bytes) else (FIXTURES / f"{name}.json").read_bytes()
    request = parse_hook_request(orjson.loads(raw), HOOKS)
    return advise(library(), request, client, AsOf("day", DAY)).orders[0]


def known(rendered: Rendered) -> Known:
    """What its page is made from."""
    judgement = rendered.judgement
    cards = tuple(card.card for card in rendered.cards)
    return Known(
        judgement.assessment, judgement.assessed.case, cards, rendered.twin, "dupilumab", "Payer"
    )


@cache
def story_of(name: str, *, claims_held: bool = True) -> OrderStory:
    """The page of a recorded request without its picture."""
    client = CLAIMS_HELD if claims_held else RECORD_ONLY
    return order_story(library(), known(advised(name, client)), "", drawn=False)
