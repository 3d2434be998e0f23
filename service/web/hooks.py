"""Discovery, the services and their feedback."""

from dataclasses import asdict

import orjson
from flask import Blueprint, Response

from service.cds.body import parse_body
from service.cds.discovery import discovery
from service.cds.feedback import parse_feedback
from service.cds.request import parse_authorization, parse_hook_request
from service.errors import RequestError
from service.web.body import json_body
from service.web.caller import caller
from service.web.errors import json_answer, rendered
from service.web.runtime import House
from service.web.trace import milliseconds


def hooks_blueprint(house: House) -> Blueprint:
    """The three kinds of URL that CDS Hooks defines."""
    pages = Blueprint("hooks", __name__, url_prefix="/cds-services")
    discovered = orjson.dumps(discovery(house.library.services))

    @pages.get("")
    def discover() -> Response:
        return rendered(discovered)

    @pages.post("/<service_id>")
    def call(service_id: str) -> Response:
        hooks = _served(house, service_id)
        cards, held = _advised(house, service_id, hooks, json_body())
        answer = rendered(cards)
        # thousands of resources take a while to be freed: after the answer nobody waits for it
        answer.call_on_close(held.clear)
        return answer

    @pages.post("/<service_id>/feedback")
    def feedback(service_id: str) -> Response:
        _served(house, service_id)
        caller(house)
        items = parse_feedback(parse_body(json_body()))
        house.store.keep_feedback(service_id, [asdict(item) for item in items])
        return json_answer({})

    return pages


def _advised(
    house: House, service_id: str, hooks: frozenset[str], body: bytes
) -> tuple[bytes, list[object]]:
    """The cards, and what was read and made for them."""
    client = caller(house)
    with house.turn:
        asked = parse_body(body)
        request = parse_hook_request(asked, hooks)
        authorization = parse_authorization(asked)
        errand = house.errands(house.library, service_id, request, client, authorization)
        if errand is not None:
            with house.outside():
                request = errand.run()
        advice = house.advise(house.library, request, client, house.as_of())
        cards = orjson.dumps({"cards": advice.cards})
    house.store.keep_decisions(advice.decisions, service_id, request.hook, milliseconds())
    return cards, [request, advice]


def _served(house: House, service_id: str) -> frozenset[str]:
    hooks = house.hooks(service_id)
    if not hooks:
        raise RequestError(404, "not-found", "there is no service of this id; see /cds-services")
    return hooks
