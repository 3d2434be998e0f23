"""From the bytes of a call to the bytes of its cards, in this process or in the second one."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from math import inf

import orjson

from service.advise.advice import Advice
from service.advise.crd_answer import crd_answer
from service.advise.shadow_comparison import ComparedTruth, compared
from service.cards.assessment_json import as_sent
from service.cds.crd_request import CrdRequest, parse_crd_request
from service.cds.numbers_as_written import with_numbers_as_written
from service.cds.request import (
    AsOf,
    Authorization,
    HookRequest,
    parse_authorization,
    parse_hook_request,
)
from service.cds.strict_json import parse_body
from service.cpu_limit import CpuShare, CpuShareError
from service.facts.client import Client
from service.json_object import Json
from service.library.library import Library
from service.step_times import now
from service.web.kept_requests import TOKEN, KeptRequest
from service.web.launch.launched_order import note_open_order
from service.web.runtime import Answer, Computed, Runtime, ServiceCall
from service.web.shadow import ShadowCall
from service.web.site.order_link import link_to_page, link_to_questions, story_url
from service.web.statements_from_store import with_statements

# What goes to the second process: bodies of more bytes than this, or half of it with two draft orders and
# so on, for each order costs as much again; and requests that took this part of their share.
SMALL = 256 * 1024
FIRST_PART = 0.05


class LargeRequestError(Exception):
    """A request is too large to be computed in this process."""


def answered(runtime: Runtime, call: ServiceCall) -> Computed:
    """The answer to a call, so that a large or costly one keeps no small one waiting.

    One that has taken `FIRST_PART` of its share of CPU time is begun again in the second process.
    """
    second = runtime.second
    if second is None:
        return compute(runtime, call, runtime.cpu_seconds)
    if len(call.body) <= SMALL:
        try:
            return compute(runtime, call, runtime.cpu_seconds * FIRST_PART, SMALL)
        except LargeRequestError:
            pass
        except CpuShareError as error:
            if error.seconds >= runtime.cpu_seconds:  # it had its whole share here
                raise
    return second.computed(call)


def compute(runtime: Runtime, call: ServiceCall, seconds: float, most: float = inf) -> Computed:
    """The answer to a call, computed in this thread when its turn comes, in so much CPU time.

    Raises LargeRequestError if its bytes times its draft orders are more than `most`.
    """
    share, size = CpuShare(seconds, runtime.turns.give_way), len(call.body)
    phases, came, asked_at = share.phases, now(), runtime.now()
    with runtime.turns.turn(share, size):
        phases.note("wait", came)
        with phases.during("read"):
            content = parse_body(call.body)
            request = parse_hook_request(content, runtime.hooks(call.service_id), share)
        if size * len(request.draft_orders) > most:
            raise LargeRequestError
        received = _Received(runtime, call, content, share, asked_at)
        authorization = parse_authorization(content)
        client = _client(runtime, call)
        request, is_fetched = _with_missing_data(received, request, client, authorization)
        as_of = runtime.as_of()
        crd = _crd_request(runtime, call, request, content)
        advice = runtime.advise(runtime.library, request, client, as_of)
        has_plain_cards = crd is None or not client.system_actions
        url = _linked_page(
            received, request, client, advice, as_of, has_plain_cards=has_plain_cards
        )
        if crd is not None and isinstance(advice, Advice):
            answer = crd_answer(runtime.library, request, crd, advice, url)
            said: Json = {"cards": as_sent(answer.cards), "systemActions": answer.system_actions}
            decisions: Sequence[Json] = answer.decisions
        else:
            said, decisions = {"cards": as_sent(advice.cards)}, advice.decisions
        completed = _completed_body(received, request) if is_fetched else None
        with phases.during("write"):
            drafts = [draft.resource for draft in request.draft_orders]
            written = orjson.dumps(with_numbers_as_written(said, call.body, drafts))
        return Computed(
            hook=request.hook,
            cards=written,
            decisions=decisions,
            held=[request, advice],
            as_of=as_of,
            completed=completed,
            phases=phases.noted,
            counts=advice.counts,
        )


@dataclass(frozen=True, slots=True)
class _Received:
    """A call as it was read: its JSON, its share of CPU time, and when it was asked."""

    runtime: Runtime
    call: ServiceCall
    content: object
    share: CpuShare
    asked_at: float

    def released(self) -> AbstractContextManager[None]:
        """Others compute meanwhile."""
        return self.runtime.turns.released(self.share, len(self.call.body))


def _with_missing_data(
    received: _Received, request: HookRequest, client: Client, authorization: Authorization | None
) -> tuple[HookRequest, bool]:
    """The request with what the EHR's FHIR server and our own store add, and whether anything was fetched."""
    runtime, call, share = received.runtime, received.call, received.share
    if not call.may_fetch:
        return request, False
    fetch_plan = runtime.fetch_plans(
        runtime.library, call.service_id, request, client, authorization
    )
    if fetch_plan:
        share.seconds = runtime.cpu_seconds  # what is fetched is not fetched again elsewhere
        with received.released(), share.phases.during("fetch"):
            request = fetch_plan.run()
    size = len(call.body)
    return (
        with_statements(runtime, client.id, request, received.asked_at, size),
        bool(fetch_plan),
    )


def _linked_page(
    received: _Received,
    request: HookRequest,
    client: Client,
    advice: Answer,
    as_of: AsOf,
    *,
    has_plain_cards: bool,
) -> str | None:
    """Keeps the request for its pages and links its cards to them; the address of the page of its order."""
    runtime, call, content = received.runtime, received.call, received.content
    is_app = client.id in runtime.library.registrations
    if not ((client.pages or is_app) and advice.decisions and isinstance(content, dict)):
        return None
    kept = {**content, "prefetch": dict(request.prefetch)}
    asked = KeptRequest(
        call.service_id,
        client.id,
        as_of,
        kept,
        request.statements,
        received.asked_at,
        runtime.library.content,
    )
    # others compute while a database keeps it
    with received.released() if runtime.kept.waits else nullcontext():
        id_ = runtime.kept.keep(asked)
    url = story_url(runtime.public_url, id_) if client.pages else None
    if has_plain_cards:
        link_to_page(advice.cards, url, runtime.library.wording, client.links)
    if is_app and id_ is not None:
        note_open_order(runtime, client.id, request, id_)
    if is_app and has_plain_cards:
        link_to_questions(advice.cards, runtime.public_url, id_, runtime.library.wording)
    return url


def _completed_body(received: _Received, request: HookRequest) -> bytes | None:
    """The call with what was fetched, for a candidate that judges it too; None without one."""
    if received.runtime.shadow is None or not isinstance(received.content, dict):
        return None
    return orjson.dumps({**received.content, TOKEN: None, "prefetch": dict(request.prefetch)})


def _client(runtime: Runtime, call: ServiceCall) -> Client:
    """The client of a call; without pages if its request is not kept, so that no card names one."""
    client = runtime.library.client(call.client_id)
    return client if runtime.kept.takes(len(call.body)) else replace(client, pages=False)


def shadow_call(call: ServiceCall, answered: Computed) -> ShadowCall | None:
    """What a candidate judges of an answered call; None if there was no order to judge."""
    if answered.as_of is None or not answered.decisions:
        return None
    body = answered.completed or call.body
    return ShadowCall(call.service_id, call.client_id, body, answered.as_of)


def judged_in_shadow(
    runtime: Runtime, candidate: Library, call: ShadowCall
) -> Sequence[ComparedTruth]:
    """The call judged by both; in the second process, if there is one."""
    if runtime.second is not None:
        return runtime.second.compared(call)
    return judged_twice(runtime, candidate, call)


def judged_twice(runtime: Runtime, candidate: Library, call: ShadowCall) -> list[ComparedTruth]:
    """The call judged by the documents that serve and by the candidate, in this thread at its turn."""
    share = CpuShare(2 * runtime.cpu_seconds, runtime.turns.give_way)
    hooks = runtime.hooks(call.service_id)
    with runtime.turns.turn(share, len(call.body)):
        requests = [parse_hook_request(parse_body(call.body), hooks, share) for _ in range(2)]
        return compared((runtime.library, candidate), requests, call.client_id, call.as_of)


def _crd_request(
    runtime: Runtime, call: ServiceCall, request: HookRequest, content: object
) -> CrdRequest | None:
    """How a CRD service was called; None for a plain service. Raises RequestError 422."""
    document = runtime.library.crd
    service = runtime.service(call.service_id, request.hook)
    if document is None or service is None or not service.crd:
        return None
    return parse_crd_request(content, document.versions, document.default)
