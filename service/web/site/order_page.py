"""The page of the orders of one request, from the advice on it; its pictures are drawn afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import Blueprint, Response

from service.advise import Advice, Rendered, advise
from service.advise.day_met import met_by_time
from service.cards.answering_texts import ANSWERING
from service.cards.wording import plain
from service.cds.request import parse_hook_request
from service.cpu_limit import CpuShare
from service.errors import RequestError
from service.library.library import Library
from service.packet.letter_pdf import can_make_pdf
from service.packet.packet_files import has_packet
from service.pages.html import KeptPage, story_html
from service.pages.story.changes_in_words import time_in_words
from service.pages.story.order_story import Known, OrderStory, order_picture, order_story
from service.pages.story.story_words import StoryWords
from service.pages.story.timeline_chart import vega_svg
from service.web.http.page_policy import allow_on_page
from service.web.kept_requests import MINUTES, KeptRequest
from service.web.runtime import Runtime
from service.web.site.assets import ALLOWED
from service.web.site.order_link import ORDERS

GONE = "there is no page under this address, or no longer"
NO_PICTURE = "this order has no picture"


def orders_blueprint(runtime: Runtime) -> Blueprint:
    """`/orders/<id>` shows how the answer to a kept request came about."""
    pages = Blueprint("orders", __name__, url_prefix=ORDERS)
    library = runtime.library
    words = StoryWords(library.wording)

    @pages.get("/<id_>")
    def show(id_: str) -> str:
        request = kept_request(runtime, id_)
        with advised_again(runtime, request) as advice:
            numbered = enumerate(advice.orders, 1)
            packets = {n: can_make_pdf() for n, each in numbered if has_packet(each)}
            stories = [
                order_story(library, _known(each), "", drawn=False, number=number)
                for number, each in enumerate(advice.orders, 1)
            ]
        allow_on_page(**ALLOWED)
        kept = words.say("kept", minutes=str(MINUTES))
        may_ask = (
            runtime.launch_memory.sessions.folder and library.client(request.client_id).unverified
        )
        is_of_others = request.documents not in ("", library.content)
        changed = words["documents_changed"] if is_of_others else ""
        asking = plain(library.wording.say(ANSWERING, "link_here")) if may_ask else ""
        return story_html(
            stories,
            words,
            page=KeptPage(f"{ORDERS}/{id_}", kept, changed),
            asking=asking,
            packets=packets,
        )

    @pages.get("/<id_>/timeline/<int:number>")
    def timeline(id_: str, number: int) -> Response:
        with advised_again(runtime, kept_request(runtime, id_)) as advice:
            known = _known(order_of(advice, number))
        draw = runtime.second.drawn if runtime.second else vega_svg
        picture = order_picture(library, known, number, draw)
        if picture is None:
            raise RequestError(404, "not-found", NO_PICTURE)
        return Response(picture, content_type="image/svg+xml; charset=utf-8")

    @pages.get("/<id_>/time/<int:number>")
    def time(id_: str, number: int) -> Response:
        with advised_again(runtime, kept_request(runtime, id_)) as advice:
            said = _time(library, order_of(advice, number))
        return Response(said, content_type="text/plain; charset=utf-8")

    return pages


def file_of(library: Library, advice: Advice, site: str) -> str:
    """The page as one file that needs no server; `site` stands before the paths of our own pages."""
    stories = [
        _with_time(library, rendered, site, number)
        for number, rendered in enumerate(advice.orders, 1)
    ]
    return story_html(stories, StoryWords(library.wording))


def pictures_of(library: Library, advice: Advice) -> list[str]:
    """The timeline of each order that has one, as SVG."""
    pictures = (order_picture(library, _known(rendered)) for rendered in advice.orders)
    return [picture for picture in pictures if picture is not None]


def kept_request(runtime: Runtime, id_: str) -> KeptRequest:
    """The kept request of an address; raises RequestError 404 if there is none, or no longer."""
    kept = runtime.kept.read(id_)
    if kept is None:
        raise RequestError(404, "not-found", GONE)
    return kept


@contextmanager
def advised_again(runtime: Runtime, kept: KeptRequest) -> Iterator[Advice]:
    """The advice on a kept request, computed again as it was; the turn lasts while it is used."""
    share = CpuShare(runtime.cpu_seconds, runtime.turns.give_way)
    with runtime.turns.turn(share, 0):
        request = parse_hook_request(kept.content, runtime.hooks(kept.service_id), share)
        request = replace(request, statements=kept.statements)
        client = runtime.library.client(kept.client_id)
        yield advise(runtime.library, request, client, kept.as_of)


def order_of(advice: Advice, number: int) -> Rendered:
    """The order of this number; raises RequestError 404 if there is none."""
    if not 1 <= number <= len(advice.orders):
        raise RequestError(404, "not-found", GONE)
    return advice.orders[number - 1]


def _known(rendered: Rendered) -> Known:
    judgement = rendered.judgement
    cards = tuple(card.card for card in rendered.cards)
    scene = judgement.scene
    return Known(
        judgement.assessment, judgement.assessed.case, cards, rendered.twin, scene.drug, scene.payer
    )


def _with_time(library: Library, rendered: Rendered, site: str, number: int) -> OrderStory:
    story = order_story(library, _known(rendered), site, drawn=True, number=number)
    if not story.changes.time_later:
        return story
    time = _time(library, rendered)
    return replace(story, changes=replace(story.changes, time=time, time_later=False))


def _time(library: Library, rendered: Rendered) -> str:
    """The day on which an order that is not met will be met by itself, in words."""
    known = rendered.judgement
    later = met_by_time(known.visit, known.question, known.assessed)
    return time_in_words(StoryWords(library.wording), later) if later else ""
