"""The URLs that CDS Hooks defines: discovery, the services and their feedback."""

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
from service.web.runtime import Runtime
from service.web.trace import milliseconds


def hooks_blueprint(runtime: Runtime) -> Blueprint:
    """The handlers of discovery, of a call of a service, and of feedback."""
    pages = Blueprint("hooks", __name__, url_prefix="/cds-services")
    discovered = orjson.dumps(discovery(runtime.library.services))

    @pages.get("")
    def discover() -> Response:
        return rendered(discovered)

    @pages.post("/<service_id>")
    def call(service_id: str) -> Response:
        hooks = _served(runtime, service_id)
        cards, held = _advised(runtime, service_id, hooks, json_body())
        answer = rendered(cards)
        # freeing thousands of resources takes a while: done once the answer is sent, so nobody waits
        answer.call_on_close(held.clear)
        return answer

    @pages.post("/<service_id>/feedback")
    def feedback(service_id: str) -> Response:
        _served(runtime, service_id)
        caller(runtime)
        items = parse_feedback(parse_body(json_body()))
        runtime.store.keep_feedback(service_id, [asdict(item) for item in items])
        return json_answer({})

    return pages


def _advised(
    runtime: Runtime, service_id: str, hooks: frozenset[str], body: bytes
) -> tuple[bytes, list[object]]:
    """The JSON of the cards, and the objects to free once it is sent."""
    client = caller(runtime)
    with runtime.one_at_a_time:
        content = parse_body(body)
        request = parse_hook_request(content, hooks)
        authorization = parse_authorization(content)
        fetch_plan = runtime.fetch_plans(
            runtime.library, service_id, request, client, authorization
        )
        if fetch_plan is not None:
            with runtime.released():
                request = fetch_plan.run()
        advice = runtime.advise(runtime.library, request, client, runtime.as_of())
        cards = orjson.dumps({"cards": advice.cards})
    runtime.store.keep_decisions(advice.decisions, service_id, request.hook, milliseconds())
    return cards, [request, advice]


def _served(runtime: Runtime, service_id: str) -> frozenset[str]:
    hooks = runtime.hooks(service_id)
    if not hooks:
        raise RequestError(404, "not-found", "there is no service of this id; see /cds-services")
    return hooks
