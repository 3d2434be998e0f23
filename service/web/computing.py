"""From the bytes of a call to the bytes of its cards, in this process or in the second one."""

from math import inf

import orjson

from service.cds.body import parse_body
from service.cds.request import parse_authorization, parse_hook_request
from service.cpu_share import CpuShare, CpuShareError
from service.phases import now
from service.web.kept_requests import KeptRequest
from service.web.order_link import link_to_page, story_url
from service.web.runtime import Computed, Runtime, ServiceCall

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
    phases, came = share.phases, now()
    with runtime.turns.turn(share, size):
        phases.note("wait", came)
        with phases.during("read"):
            content = parse_body(call.body)
            request = parse_hook_request(content, runtime.hooks(call.service_id), share)
        if size * len(request.draft_orders) > most:
            raise LargeRequestError
        authorization = parse_authorization(content)
        client = runtime.library.client(call.client_id)
        fetch_plan = call.may_fetch and runtime.fetch_plans(
            runtime.library, call.service_id, request, client, authorization
        )
        if fetch_plan:
            share.seconds = runtime.cpu_seconds  # what is fetched is not fetched again elsewhere
            with runtime.turns.released(share, size), phases.during("fetch"):
                request = fetch_plan.run()
        as_of = runtime.as_of()
        advice = runtime.advise(runtime.library, request, client, as_of)
        if client.pages and advice.decisions and isinstance(content, dict):
            kept = {**content, "prefetch": dict(request.prefetch)}
            id_ = runtime.kept.keep(KeptRequest(call.service_id, client.id, as_of, kept))
            url = story_url(runtime.public_url, id_)
            link_to_page(advice.cards, url, runtime.library.wording, client.links)
        with phases.during("write"):
            cards = orjson.dumps({"cards": advice.cards})
        held = [request, advice]
        return Computed(request.hook, cards, advice.decisions, held, phases.noted, advice.counts)
