"""From the bytes of a call to the bytes of its cards, in this process or in the second one."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from math import inf

import orjson

from service.advise.advice import Advice
from service.advise.crd_answer import crd_answer
from service.advise.shadow_comparison import ComparedTruth, compared
from service.cards.twin import as_sent
from service.cds.crd_request import CrdRequest, parse_crd_request
from service.cds.numbers_as_written import with_numbers_as_written
from service.cds.request import HookRequest, parse_authorization, parse_hook_request
from service.cds.strict_json import parse_body
from service.cpu_bound import CpuShare, CpuShareError
from service.facts.client import Client
from service.json_object import Json
from service.library.library import Library
from service.phases import now
from service.web.kept_requests import TOKEN, KeptRequest
from service.web.launch.opened_order import note_open_order
from service.web.runtime import Computed, Runtime, ServiceCall
from service.web.shadow import ShadowCall
from service.web.site.order_link import link_to_page, link_to_questions, story_url
from service.web.stored_statements import with_statements

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
        authorization = parse_authorization(content)
        client = _client(runtime, call)
        fetch_plan = call.may_fetch and runtime.fetch_plans(
            runtime.library, call.service_id, request, client, authorization
        )
        if fetch_plan:
            share.seconds = runtime.cpu_seconds  # what is fetched is not fetched again elsewhere
            with runtime.turns.released(share, size), phases.during("fetch"):
                request = fetch_plan.run()
        if call.may_fetch:
            request = with_statements(runtime, client.id, request, asked_at, size)
        as_of = runtime.as_of()
        crd = _crd_request(runtime, call, request, content)
        advice = runtime.advise(runtime.library, request, client, as_of)
        url, is_app = None, client.id in runtime.library.registrations
        if (client.pages or is_app) and advice.decisions and isinstance(content, dict):
            kept = {**content, "prefetch": dict(request.prefetch)}
            asked = KeptRequest(
                call.service_id,
                client.id,
                as_of,
                kept,
                request.statements,
                asked_at,
                runtime.library.content,
            )
            # others compute while a database keeps it
            waits = runtime.turns.released(share, size) if runtime.kept.waits else nullcontext()
            with waits:
                id_ = runtime.kept.keep(asked)
            url = story_url(runtime.public_url, id_) if client.pages else None
            wording = runtime.library.wording
            has_plain_cards = crd is None or not client.system_actions
            if has_plain_cards:
                link_to_page(advice.cards, url, wording, client.links)
            if is_app and id_ is not None:
                note_open_order(runtime, client.id, request, id_)
            if is_app and has_plain_cards:
                link_to_questions(advice.cards, runtime.public_url, id_, wording)
        if crd is not None and isinstance(advice, Advice):
            answer = crd_answer(runtime.library, request, crd, advice, url)
            said: Json = {"cards": as_sent(answer.cards), "systemActions": answer.system_actions}
            decisions: Sequence[Json] = answer.decisions
        else:
            said, decisions = {"cards": as_sent(advice.cards)}, advice.decisions
        completed = None
        if runtime.shadow is not None and fetch_plan and isinstance(content, dict):
            completed = orjson.dumps({**content, TOKEN: None, "prefetch": dict(request.prefetch)})
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
