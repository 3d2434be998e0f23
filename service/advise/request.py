"""The line, in the words of DESIGN.md section 1: each step is one call."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from service.advise.order import Visit, judge_order, order_day
from service.cards.card import Card
from service.cds.as_of import AsOf
from service.cds.request import DraftEntry, HookRequest
from service.errors import RequestError
from service.facts.model import Client
from service.facts.order.drafts import drafts_of
from service.fhir.record import Record
from service.fhir.reference import key, parts
from service.fhir.values.days import Calendar
from service.fhir.values.zone import Zone, offset_of
from service.json_object import Json
from service.library.library import Library

MOST_CARDS = 5
MOST_DRAFTS = 20
ORDERS = "MedicationRequest"
ASKED_WHEN_SIGNING = {"attestation", "order"}


@dataclass
class Advice:
    """What is answered: cards for the EHR, twins for programs, rows for the store."""

    told: list[Card] = field(default_factory=list)
    twins: list[dict[str, Any]] = field(default_factory=list)
    decisions: list[dict[str, Any]] = field(default_factory=list)
    record: Record | None = None

    @property
    def cards(self) -> list[dict[str, Any]]:
        """The cards as they are answered."""
        return [one.card for one in self.told]


def advise(library: Library, request: HookRequest, client: Client, as_of: AsOf) -> Advice:
    """Judges every draft order for a drug of the addressed service.

    RequestError 412 when there is an order to judge and not even the patient was supplied.
    """
    advice = Advice()
    orders = _orders(request)
    if not any(one.get("resourceType") == ORDERS for one in orders):
        return advice
    as_of = as_of.told_in(client.zone)
    advice.record = _record(library, request, client, orders, as_of)
    visit = Visit(library, request, client, as_of, advice.record)
    later: list[Card] = []
    for drug in library.drugs.get(request.hook, ()):
        later += _judge_all(visit, drug, orders, advice)
    # With several orders each has its coverage told before anything beside it.
    advice.told = [*advice.told, *later][:MOST_CARDS]
    return advice


def _judge_all(visit: Visit, drug: str, orders: Sequence[Json], advice: Advice) -> list[Card]:
    """Coverage goes into the advice; what is said beside it is given back."""
    names = visit.library.drug_names[drug]
    drafts = drafts_of(visit.record, orders, visit.library.source_of(ORDERS), drug, names)
    if len(drafts) > MOST_DRAFTS:
        what = f"context.draftOrders: more than {MOST_DRAFTS} orders for one drug"
        raise RequestError(413, "too-costly", what)
    if drafts:
        _require_patient(visit.request)
    later: list[Card] = []
    for draft in drafts:
        cards, twin = judge_order(visit, drug, draft, drafts)
        advice.twins.append(twin)
        advice.decisions.append(_decision(twin, cards))
        if _worth_showing(visit.request, twin):
            advice.told.append(cards[0])
            later += cards[1:]
    return later


def _worth_showing(request: HookRequest, twin: dict[str, Any]) -> bool:
    """While an order is still being made only what its maker cannot finish by signing it.

    A missing dose, reason or statement is asked once, at order-sign.
    """
    if request.hook != "order-select":
        return True
    return twin["outcome"] != "met" and bool(
        set(twin["awaits"]) - ASKED_WHEN_SIGNING or not twin["awaits"]
    )


def _orders(request: HookRequest) -> list[Json]:
    """The draft orders; at order-select only the ones that are selected."""
    drafts = request.draft_orders
    if request.hook == "order-select":
        selected = frozenset(parts(one) for one in request.selections)
        drafts = tuple(one for one in drafts if _is_among(selected, one))
    return [entry.resource for entry in drafts]


def _is_among(selected: frozenset[tuple[str | None, str]], draft: DraftEntry) -> bool:
    """Whether a selection names the draft: by its type and id, or by the address of its entry."""
    kind = draft.resource.get("resourceType")
    entry = parts(draft.full_url)[1] if draft.full_url else None
    names = (one for one in (draft.resource.get("id"), entry) if isinstance(one, str))
    return any((type_, name) in selected for name in names for type_ in (kind, None))


def _record(
    library: Library,
    request: HookRequest,
    client: Client,
    orders: Sequence[Json],
    as_of: AsOf,
) -> Record:
    """The prefetch as a record; the orders being signed are not their own history."""
    drafts = frozenset(
        reference for one in orders if one.get("resourceType") == ORDERS and (reference := key(one))
    )
    source = library.source_of(ORDERS)
    record = Record(
        request.patient_id,
        request.fhir_server,
        library.terminology,
        client.aliases,
        drafts,
        _calendar(client, orders, as_of),
    )
    record.referable.add([(one.full_url, one.resource) for one in request.draft_orders])
    record.load(request.prefetch, library.sources)
    others = [one.resource for one in request.draft_orders]
    record.propose([one for one in others if one.get("resourceType") == ORDERS], source)
    return record


def _calendar(client: Client, orders: Sequence[Json], as_of: AsOf) -> Calendar:
    """The zone of the client, else what the orders tell of it; and the last day asked about."""
    ours = [one for one in orders if one.get("resourceType") == ORDERS]
    offsets = (offset_of(one.get("authoredOn")) for one in ours)
    zone = Zone(client.zone, next((one for one in offsets if one is not None), None))
    return Calendar(zone, max(order_day(as_of, one, zone) for one in ours).toordinal())


def _require_patient(request: HookRequest) -> None:
    if request.hook == "order-sign" and "patient" not in request.prefetch:
        what = (
            "prefetch.patient: the patient was neither prefetched nor could be fetched; that takes "
            "a fhirServer that is listed for this client, and fhirAuthorization.access_token"
        )
        raise RequestError(412, "required", what)


def _decision(twin: dict[str, Any], cards: Sequence[Card]) -> dict[str, Any]:
    """What the store keeps: ids and outcome, no evidence and no patient."""
    policy = twin["policy"] or {}
    same = ("id", "order", "content", "path", "indication", "outcome", "awaits")
    return {
        **{name: twin[name] for name in same},
        "policy": policy.get("id"),
        "effective": policy.get("effective"),
        "open": twin["open"][0] if twin["open"] else [],
        "blocking": twin["blocking"],
        "cards": [(one.card["uuid"], one.kind, one.about, one.criteria) for one in cards],
    }
