"""The request that a launched page is about: the one that its card was for, or made anew from the EHR."""

from collections.abc import Sequence
from dataclasses import replace
from time import monotonic
from uuid import uuid4

from service.advise import advise
from service.cds.discovery import ServiceDescription
from service.cds.request import Authorization, HookRequest, parse_hook_request
from service.cpu_limit import CpuShare
from service.errors import PageError
from service.fhir.elements import reference_parts
from service.fhir.fetch import Call, Query
from service.fhir.fetch.paging import filled
from service.fhir.supplied.bundle import WHOLE, PrefetchValue
from service.fhir.values.days import ANY_DAY, Zone, moment_of, parse_day
from service.json_object import Json
from service.library.library import Library
from service.memo import IdentitySet
from service.web.kept_requests import KeptRequest
from service.web.launch.launch_flow import Launched
from service.web.launch.newest_open_order import OpenOrders
from service.web.runtime import Runtime
from service.web.statements_from_store import with_statements

HOOK = "order-sign"
ORDERS = "MedicationRequest"
MOST_ORDERS = 50
# A draft is what is signed next; without one the order is taken that is in use.
STATUSES = (frozenset({"draft"}), frozenset({"active", "on-hold"}))


def opened_order(runtime: Runtime, launched: Launched) -> KeptRequest:
    """The request of `appContext`, else this user's newest about the patient, else one from the EHR.

    PageError if `appContext` is of another patient, if the EHR has no order to judge, or if it is not
    known whether it has one.
    """
    context = launched.granted.app_context
    kept = runtime.kept.read(context) if context else None
    ours = None if kept is None else _is_of(runtime, kept, launched)
    if ours is False:
        raise PageError(403, "other_patient")
    if ours is None:
        newest = _open_orders(runtime).find(
            launched.client_id, launched.patient, launched.user.reference
        )
        kept = runtime.kept.read(newest) if newest else None
    if kept is not None and _is_of(runtime, kept, launched):
        return _with_new_statements(runtime, kept)
    return _from_ehr(runtime, launched)


def _with_new_statements(runtime: Runtime, kept: KeptRequest) -> KeptRequest:
    """A kept request with the statements that are stored now: some may be newer, or deleted since."""
    share = CpuShare(runtime.cpu_seconds, runtime.turns.give_way)
    with runtime.turns.turn(share, 0):
        request = parse_hook_request(kept.content, runtime.hooks(kept.service_id), share)
        request = with_statements(runtime, kept.client_id, request, kept.asked_at)
    return replace(kept, statements=request.statements)


def note_open_order(runtime: Runtime, client_id: str, request: HookRequest, kept_id: str) -> None:
    """Has a later launch without `appContext` find a kept request."""
    type_, id_ = reference_parts(request.user_id)
    user = f"{type_ or 'Practitioner'}/{id_}"
    _open_orders(runtime).note(client_id, request.patient_id, user, kept_id)


def _open_orders(runtime: Runtime) -> OpenOrders:
    return OpenOrders(runtime.launch_memory.newest, runtime.launch_memory.key)


def _is_of(runtime: Runtime, kept: KeptRequest, launched: Launched) -> bool | None:
    """Whether a request is about the patient of a launch; ids are unique on one FHIR server only.

    None where that cannot be told: it names no server, and the client has several.
    """
    patient = str(kept.content.get("context", {}).get("patientId", "")).removeprefix("Patient/")
    if (kept.client_id, patient) != (launched.client_id, launched.patient):
        return False
    server = kept.content.get("fhirServer")
    if isinstance(server, str):
        return server.rstrip("/") == launched.server.rstrip("/")
    return True if len(runtime.library.access(launched.client_id).bases) == 1 else None


def _from_ehr(runtime: Runtime, launched: Launched) -> KeptRequest:
    medications = _medications(runtime, launched)
    entries, is_whole = _orders(medications)
    for number, statuses in enumerate(STATUSES):
        orders = [one for one in entries if one.get("status") in statuses][:MOST_ORDERS]
        found = _request(runtime, launched, medications, orders) if orders else None
        if found is not None and number == 0:
            return found
        if found is not None and is_whole:
            return _newest_alone(runtime, found)
    # of orders that did not all come nobody knows which one is the newest
    raise PageError(404, "no_order") if is_whole else PageError(502, "orders_not_read")


def _medications(runtime: Runtime, launched: Launched) -> Json:
    """The patient's orders on the EHR's FHIR server, under their prefetch key."""
    library = runtime.library
    source = library.source_of(ORDERS)
    template = _service(library).prefetch[source.key]
    base = launched.server.rstrip("/")
    path = filled(template, {"context.patientId": launched.patient})
    until = monotonic() + library.access(launched.client_id).deadline
    call = Call(base, launched.granted.access_token, until)
    fetched: Json = runtime.fetch_plans.fhir.fetch(call, [Query(source.key, f"{base}/{path}")])
    return fetched


def _service(library: Library) -> ServiceDescription:
    """The service whose cards lead to the page."""
    return next(one for one in library.services if one.hook == HOOK and not one.crd)


def _orders(medications: Json) -> tuple[list[Json], bool]:
    """The orders that the EHR sent, and whether these are all that it has."""
    found: list[Json] = []
    states = set[str]()
    for sent in medications.values():
        value = PrefetchValue(sent, ORDERS)
        for entry in value.entries:
            resource = entry.get("resource") if isinstance(entry, dict) else None
            if isinstance(resource, dict) and resource.get("resourceType") == ORDERS:
                found.append(resource)
            else:
                value.pass_over(entry)
        value.close(len(found))
        states.add(value.state)
    return found, bool(states) and states <= WHOLE


def _request(
    runtime: Runtime, launched: Launched, prefetch: Json, orders: list[Json]
) -> KeptRequest | None:
    """The request that the EHR would send when these orders are signed; None if none is judged here."""
    library = runtime.library
    service = _service(library)
    drafts = {"resourceType": "Bundle", "entry": [{"resource": order} for order in orders]}
    encounter = launched.granted.encounter
    content: Json = {
        "hook": HOOK,
        "hookInstance": str(uuid4()),
        "fhirServer": launched.server,
        "context": {
            "userId": launched.user.reference,
            "patientId": launched.patient,
            **({"encounterId": encounter} if encounter else {}),
            "draftOrders": drafts,
        },
        "prefetch": prefetch,
    }
    share, asked_at = CpuShare(runtime.cpu_seconds, runtime.turns.give_way), runtime.now()
    client = library.client(launched.client_id)
    token = launched.granted
    authorization = Authorization(token.access_token, token.scope, launched.patient)
    with runtime.turns.turn(share, 0):
        request = parse_hook_request(content, runtime.hooks(service.id), share)
        plan = runtime.fetch_plans(library, service.id, request, client, authorization)
        if plan is not None:
            with runtime.turns.released(share, 0):
                request = plan.run()
        request = with_statements(runtime, client.id, request, asked_at)
        as_of = runtime.as_of()
        judged = advise(library, request, client, as_of).orders
    if not judged:
        return None
    entries = [{"resource": draft.resource} for draft in request.draft_orders]
    context = {**content["context"], "draftOrders": {**drafts, "entry": entries}}
    whole = {**content, "context": context, "prefetch": dict(request.prefetch)}
    judged_by = request.statements, asked_at, library.content
    return KeptRequest(service.id, client.id, as_of, whole, *judged_by)


def _newest_alone(runtime: Runtime, kept: KeptRequest) -> KeptRequest:
    """The same request for the newest of its judged orders: all others are history.

    Where it cannot be told which of several is the newest, the page shows each of them.
    """
    library = runtime.library
    share = CpuShare(runtime.cpu_seconds, runtime.turns.give_way)
    with runtime.turns.turn(share, 0):
        request = parse_hook_request(kept.content, runtime.hooks(kept.service_id), share)
        client = library.client(kept.client_id)
        request = replace(request, statements=kept.statements)
        judged = advise(library, request, client, kept.as_of).orders
    drafts = [each.judgement.question.draft.resource for each in judged]
    newest = IdentitySet(newest_of(drafts, Zone(client.zone)))
    entries = [
        {"resource": one.resource}
        for one in request.draft_orders
        if one.resource.get("resourceType") != ORDERS or one.resource in newest
    ]
    bundle = {"resourceType": "Bundle", "entry": entries}
    context = {**kept.content["context"], "draftOrders": bundle}
    return replace(kept, content={**kept.content, "context": context})


def newest_of(orders: Sequence[Json], zone: Zone) -> list[Json]:
    """The orders of which no other one was surely written later; one without a readable day is among them."""
    written = [
        (order, moment_of(at := order.get("authoredOn")), parse_day(at, zone) or ANY_DAY)
        for order in orders
    ]
    return [
        order
        for order, moment, day in written
        if not any(
            later > moment if later and moment else later_day.first > day.last
            for _, later, later_day in written
        )
    ]
