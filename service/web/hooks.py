"""The URLs that CDS Hooks defines: discovery, the services and their feedback."""

from dataclasses import asdict

import orjson
from flask import Blueprint, Response

from service.cds.body import parse_body
from service.cds.discovery import discovery
from service.cds.feedback import parse_feedback
from service.cpu_share import CpuShare
from service.errors import RequestError
from service.web.body import json_body
from service.web.caller import caller, refuse_foreign_page
from service.web.computing import answered
from service.web.errors import json_answer, rendered
from service.web.runtime import Runtime, ServiceCall
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
        _refuse_unknown(runtime, service_id)
        body = json_body()
        who = caller(runtime)
        to_answer = ServiceCall(service_id, who.client.id, body, not who.is_foreign_page)
        computed = answered(runtime, to_answer)
        runtime.store.keep_decisions(computed.decisions, service_id, computed.hook, milliseconds())
        if runtime.records is not None:
            runtime.records.took(to_answer, who.client, runtime.as_of(), computed.cards)
        answer = rendered(computed.cards)
        # freeing thousands of resources takes a while: done once the answer is sent, so nobody waits
        answer.call_on_close(computed.held.clear)
        return answer

    @pages.post("/<service_id>/feedback")
    def feedback(service_id: str) -> Response:
        _refuse_unknown(runtime, service_id)
        refuse_foreign_page(caller(runtime))
        body = json_body()
        with runtime.turns.turn(CpuShare(runtime.cpu_seconds, runtime.turns.give_way), len(body)):
            items = parse_feedback(parse_body(body))
        runtime.store.keep_feedback(service_id, [asdict(item) for item in items])
        return json_answer({})

    return pages


def _refuse_unknown(runtime: Runtime, service_id: str) -> None:
    if not runtime.hooks(service_id):
        raise RequestError(404, "not-found", "there is no service of this id; see /cds-services")
