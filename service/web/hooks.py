"""The URLs that CDS Hooks defines: discovery, the services and their feedback."""

from dataclasses import asdict
from functools import partial

from flask import Blueprint, Response, g

from service.cds.discovery import discovery
from service.cds.feedback import parse_feedback
from service.cds.strict_json import parse_body
from service.cpu_limit import CpuShare
from service.errors import RequestError
from service.library.library import Library
from service.questionnaires.published import published
from service.step_times import Phases
from service.web.computing import answered, shadow_call
from service.web.http.body import json_body
from service.web.http.caller import caller, refuse_foreign_page
from service.web.http.error_answers import json_answer, rendered, with_tag
from service.web.http.request_log import milliseconds
from service.web.runtime import Runtime, ServiceCall

# Kept by clients, but asked for again each time: a change of the services must not be missed.
CACHED = "no-cache"
CONTENT = "X-Content-Version"  # SHA-256 of all documents and the version of the program


def hooks_blueprint(runtime: Runtime) -> Blueprint:
    """The handlers of discovery, of a call of a service, and of feedback."""
    pages = Blueprint("hooks", __name__, url_prefix="/cds-services")
    library = runtime.library
    discovered = published(discovery(library.services, library.crd_support))

    @pages.get("")
    def discover() -> Response:
        answer = rendered(discovered.body)
        answer.headers["Cache-Control"] = CACHED
        return _with_content(with_tag(answer, discovered.tag), library)

    @pages.post("/<service_id>")
    def call(service_id: str) -> Response:
        _refuse_unknown(runtime, service_id)
        body = json_body()
        began = Phases()
        with began.during("authenticate"):
            who = caller(runtime)
        to_answer = ServiceCall(
            service_id, who.client.id, body, not who.is_foreign_page, g.request_id
        )
        computed = answered(runtime, to_answer)
        runtime.store.keep_decisions(computed.decisions, service_id, computed.hook, milliseconds())
        if runtime.records is not None:
            runtime.records.took(to_answer, who.client, runtime.as_of(), computed.cards)
        answer = rendered(computed.cards)
        # freeing thousands of resources takes a while: done once the answer is sent, so nobody waits
        answer.call_on_close(computed.held.clear)
        if runtime.shadow is not None and (shadowed := shadow_call(to_answer, computed)):
            answer.call_on_close(partial(runtime.shadow.add, shadowed))
        g.steps = (*began.noted, *computed.phases)
        answer.call_on_close(partial(runtime.metrics.judged, computed.counts))
        return _with_content(answer, library)

    @pages.post("/<service_id>/feedback")
    def feedback(service_id: str) -> Response:
        _refuse_unknown(runtime, service_id)
        refuse_foreign_page(caller(runtime))
        body = json_body()
        with runtime.turns.turn(CpuShare(runtime.cpu_seconds, runtime.turns.give_way), len(body)):
            items = parse_feedback(parse_body(body))
        runtime.store.keep_feedback(service_id, [asdict(item) for item in items])
        runtime.metrics.feedback(item.outcome for item in items)
        return json_answer({})

    return pages


def _with_content(answer: Response, library: Library) -> Response:
    """The answer with the version of the documents that it was made of."""
    answer.headers[CONTENT] = library.content
    return answer


def _refuse_unknown(runtime: Runtime, service_id: str) -> None:
    if not runtime.hooks(service_id):
        raise RequestError(404, "not-found", "there is no service of this id; see /cds-services")
