"""Answers one request: record, orders, judgements, cards; each step is one call."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.advise.order_advice import Judgement, Rendered, judge_order, render
from service.advise.policy_for import Visit, order_day
from service.cards.assessment_json import refer_to
from service.cards.card import Card
from service.cds.request import AsOf, DraftEntry, HookRequest
from service.errors import RequestError
from service.facts.client import Client
from service.facts.order.drafts import drafts_of
from service.fhir.elements import reference_parts, type_and_id
from service.fhir.record import Record
from service.fhir.resource_types import RESPONSE
from service.fhir.sources.source import Source
from service.fhir.supplied.bundle import WHOLE, State
from service.fhir.values.days import Calendar, Zone, offset_of
from service.json_object import Json
from service.library.library import Library
from service.policy.assessment import Assessment, Outcome
from service.policy.judged_criterion import nodes
from service.policy.truth import Truth
from service.watch.answer_counts import Counts

MOST_CARDS = 5
MOST_DRAFTS = 20
ORDERS = "MedicationRequest"
ASKED_WHEN_SIGNING = {"attestation", "order"}


@dataclass(frozen=True, slots=True)
class Advice:
    """What is answered: cards for the EHR, twins for programs, rows for the store.

    `orders` are all that were judged; `record` is None without an order.
    """

    orders: tuple[Rendered, ...] = ()
    shown_cards: tuple[Card, ...] = ()
    record: Record | None = None

    @property
    def cards(self) -> list[Json]:
        """The cards as they are answered."""
        return [card.card for card in self.shown_cards]

    @property
    def twins(self) -> list[Json]:
        """The assessments, one for each order of a drug."""
        return [rendered.twin for rendered in self.orders]

    @property
    def decisions(self) -> list[Json]:
        """The rows of the store, one for each order."""
        return [rendered.row for rendered in self.orders]

    @property
    def counts(self) -> Counts:
        """What the metrics count of it."""
        states = {} if self.record is None else self.record.states
        return Counts(
            tuple(_outcome(one.judgement.assessment) for one in self.orders),
            tuple(row for one in self.orders for row in _unknown(one.judgement.assessment)),
            tuple((key, str(state)) for key, state in states.items()),
        )


def advise(
    library: Library,
    request: HookRequest,
    client: Client,
    as_of: AsOf,
) -> Advice:
    """Judges every draft order for a drug of the called service.

    Raises RequestError 412 if there is an order to judge and the patient was not supplied.
    """
    orders = _orders(request)
    if not any(order.get("resourceType") == ORDERS for order in orders):
        return Advice()
    as_of = as_of.told_in(client.zone)
    phases = request.share.phases
    with phases.during("record"):
        record = _record(library, request, client, orders, as_of)
    visit = Visit(library, request, client, as_of, record)
    with phases.during("judge"):
        judged = [
            judgement
            for drug in library.drugs.get(request.hook, ())
            for judgement in _judgements(visit, drug, orders)
        ]
    with phases.during("cards"):
        rendered = tuple(_rendered(visit, judgement) for judgement in judged)
        return Advice(rendered, _shown(request, rendered), record)


def _outcome(assessment: Assessment) -> tuple[str, str, str, str]:
    policy = "" if assessment.policy is None else assessment.policy.id
    return policy, assessment.indication or "", assessment.path or "", str(assessment.outcome)


def _unknown(assessment: Assessment) -> Iterator[tuple[str, str, str]]:
    """The criteria without parts that are unknown, each with its policy and its reason."""
    policy = "" if assessment.policy is None else assessment.policy.id
    for judged in () if assessment.root is None else nodes(assessment.root):
        if judged.truth is Truth.UNKNOWN and not judged.children:
            yield policy, judged.criterion.id, str(judged.finding.reason or "")


def _rendered(visit: Visit, judgement: Judgement) -> Rendered:
    visit.request.share.check()
    return render(judgement, visit.library.wording)


def _shown(request: HookRequest, rendered: Sequence[Rendered]) -> tuple[Card, ...]:
    """The cards: the coverage of each order first, then all others.

    What the twins of several orders say alike is in the first of them alone.
    """
    worth_showing = [
        each for each in rendered if is_worth_showing(request, each.judgement.assessment)
    ]
    for later_order in worth_showing[1:]:
        refer_to(worth_showing[0].twin, later_order.twin)
    cards_of_each = [each.cards for each in worth_showing]
    first = [cards[0] for cards in cards_of_each]
    later = [card for cards in cards_of_each for card in cards[1:]]
    return tuple([*first, *later][:MOST_CARDS])


def _judgements(visit: Visit, drug: str, orders: Sequence[Json]) -> list[Judgement]:
    """Every draft order for a drug, judged."""
    names = visit.library.drug_names[drug]
    drafts = drafts_of(visit.record, orders, visit.library.source_of(ORDERS), drug, names)
    if len(drafts) > MOST_DRAFTS:
        message = f"context.draftOrders: more than {MOST_DRAFTS} orders for one drug"
        raise RequestError(413, "too-costly", message)
    if drafts:
        _require_patient(visit.request)
    return [judge_order(visit, drug, draft, drafts) for draft in drafts]


def is_worth_showing(request: HookRequest, assessment: Assessment) -> bool:
    """Whether a card is shown; at order-select not if only a dose, reason or statement is missing.

    Those are asked for once, at order-sign.
    """
    if request.hook != "order-select":
        return True
    awaits = set(assessment.awaits)
    return assessment.outcome is not Outcome.MET and not (awaits and awaits <= ASKED_WHEN_SIGNING)


def _orders(request: HookRequest) -> list[Json]:
    """The draft orders; at order-select only the ones that are selected."""
    drafts = request.draft_orders
    if request.hook == "order-select":
        selected = frozenset(reference_parts(selection) for selection in request.selections)
        drafts = tuple(draft for draft in drafts if _is_among(selected, draft))
    return [entry.resource for entry in drafts]


def _is_among(selected: frozenset[tuple[str | None, str]], draft: DraftEntry) -> bool:
    """Whether a selection names the draft, by its type and id or by the URL of its entry."""
    kind = draft.resource.get("resourceType")
    entry = reference_parts(draft.full_url)[1] if draft.full_url else None
    names = (name for name in (draft.resource.get("id"), entry) if isinstance(name, str))
    return any((type_, name) in selected for name in names for type_ in (kind, None))


def _record(
    library: Library,
    request: HookRequest,
    client: Client,
    orders: Sequence[Json],
    as_of: AsOf,
) -> Record:
    """The prefetch as a record; the draft orders do not count as history."""
    drafts = frozenset(
        reference
        for order in orders
        if order.get("resourceType") == ORDERS and (reference := type_and_id(order))
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
    record.share = request.share
    record.referable.add([(draft.full_url, draft.resource) for draft in request.draft_orders])
    record.load(request.prefetch, library.sources)
    if request.statements is None:
        _without_statements(record, library.source_of(RESPONSE))
    record.propose([draft.resource for draft in request.draft_orders], source)
    return record


def _without_statements(record: Record, answers: Source) -> None:
    """Notes that the statements kept here could not be read, so that the answer says so."""
    if record.states.get(answers.key) in WHOLE:
        record.states[answers.key] = State.INCOMPLETE
    else:
        record.states[answers.key] = State.FAILED


def _calendar(client: Client, orders: Sequence[Json], as_of: AsOf) -> Calendar:
    """The client's time zone, else the offset in an order; and the last day on which an order is judged."""
    ours = [order for order in orders if order.get("resourceType") == ORDERS]
    offsets = (offset_of(order.get("authoredOn")) for order in ours)
    zone = Zone(client.zone, next((offset for offset in offsets if offset is not None), None))
    return Calendar(zone, max(order_day(as_of, order, zone) for order in ours).toordinal())


def _require_patient(request: HookRequest) -> None:
    if request.hook == "order-sign" and "patient" not in request.prefetch:
        message = (
            "prefetch.patient: the patient was neither prefetched nor could be fetched; that takes "
            "a fhirServer that is listed for this client, and fhirAuthorization.access_token"
        )
        raise RequestError(412, "required", message)
