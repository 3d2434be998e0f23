"""The line: request, record, orders, policy, assessment, cards; each step in the words of DESIGN.md."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from service.cards.coverage import Scene, coverage_card
from service.cards.twin import About
from service.cds.as_of import AsOf
from service.cds.request import HookRequest
from service.errors import RequestError
from service.facts.answer import answer
from service.facts.case import Case
from service.facts.coverage import Covered, covered, in_network, is_payer
from service.facts.model import Client
from service.facts.orders import Asked, Draft, as_order, drafts_of, indications_asked
from service.facts.statements import answers
from service.fhir.days import parse_day
from service.fhir.elements import Json, objects
from service.fhir.record import Record
from service.fhir.reference import key, parts
from service.fhir.source import Source
from service.library.library import Library
from service.policy.assess import Assessment, Outcome, assess
from service.policy.model import Policy
from service.policy.truth import Way

MOST_CARDS = 5
PATHS = ("initial", "renewal")


@dataclass
class Advice:
    """What is answered: cards for the EHR, twins for programs, rows for the store."""

    cards: list[dict[str, Any]] = field(default_factory=list)
    twins: list[dict[str, Any]] = field(default_factory=list)
    decisions: list[dict[str, Any]] = field(default_factory=list)


def advise(library: Library, request: HookRequest, client: Client, as_of: AsOf) -> Advice:
    """Judges every draft order for a drug of the addressed service."""
    advice = Advice()
    orders = _orders(request)
    source = next((one for one in library.sources if one.type == "MedicationRequest"), None)
    if source is None or not any(one.get("resourceType") == source.type for one in orders):
        return advice
    record = _record(library, request, client, orders)
    for drug in library.drugs.get(request.hook, ()):
        drafts = drafts_of(record, orders, source, drug, library.drug_names[drug])
        if drafts:
            _require_patient(request)
        for draft in drafts:
            _judge(library, request, client, as_of, record, drug, draft, len(drafts) > 1, advice)
    return advice


def _orders(request: HookRequest) -> list[Json]:
    """The draft orders; at order-select only the ones that are selected."""
    orders = [entry.resource for entry in request.draft_orders]
    if request.hook != "order-select":
        return orders
    selected = {parts(one)[1] for one in request.selections}
    return [one for one in orders if one.get("id") in selected]


def _record(
    library: Library, request: HookRequest, client: Client, orders: Sequence[Json]
) -> Record:
    drafts = frozenset(reference for one in orders if (reference := key(one)))
    record = Record(
        request.patient_id, request.fhir_server, library.terminology, client.aliases, drafts
    )
    record.add_referable([(one.full_url, one.resource) for one in request.draft_orders])
    record.load(request.prefetch, library.sources)
    return record


def _require_patient(request: HookRequest) -> None:
    if request.hook == "order-sign" and "patient" not in request.prefetch:
        what = "prefetch.patient: the patient was neither prefetched nor can be fetched"
        raise RequestError(412, "required", what)


def _judge(
    library: Library,
    request: HookRequest,
    client: Client,
    as_of: AsOf,
    record: Record,
    drug: str,
    draft: Draft,
    several: bool,
    advice: Advice,
) -> None:
    day = _day(as_of, draft)
    payer = covered(record, draft.resource, library.payers, client.default_payer, day)
    assessment, why_short = _assess(library, request, client, record, drug, draft, payer, day)
    about = About(draft.reference, day, library.content, _states(record))
    scene = Scene(
        payer=payer.payer.name if payer.payer else "The payer",
        payer_short=payer.payer.short if payer.payer else "The payer",
        drug=drug,
        order=draft.label,
        several_orders=several,
        source_names={one.key: one.says for one in library.sources},
        why_short=why_short,
        elsewhere_says=payer.elsewhere.says if payer.elsewhere else None,
    )
    card, twin = coverage_card(library.wording, assessment, about, scene)
    advice.twins.append(twin)
    advice.decisions.append(_decision(twin))
    if len(advice.cards) < MOST_CARDS:
        advice.cards.append(card)


def _assess(
    library: Library,
    request: HookRequest,
    client: Client,
    record: Record,
    drug: str,
    draft: Draft,
    payer: Covered,
    day: date,
) -> tuple[Assessment, str | None]:
    """The assessment, or the short answer where there is nothing to judge."""
    policy = library.policy(payer.payer.id, drug, day) if payer.payer else None
    if not draft.clear:
        return _awaiting_order(policy), "order_unclear"
    if policy is None:
        reason = None if payer.readable else "payer_not_supplied"
        return Assessment(Outcome.NO_POLICY, reason=reason), reason
    if payer.elsewhere is not None:
        return Assessment(Outcome.ELSEWHERE, policy), None
    diagnoses = next(one for one in library.sources if one.type == "Condition")
    asked = indications_asked(record, draft.resource, policy, diagnoses)
    if asked.outside:
        return Assessment(Outcome.NOT_ADDRESSED, policy), None
    if not asked.live:
        return _awaiting_order(policy), "unknown_indication"
    case = _case(library, request, client, record, policy, draft, asked, payer, day)
    return assess(policy, asked.live, case.ask), None


def _awaiting_order(policy: Policy | None) -> Assessment:
    return Assessment(Outcome.UNKNOWN, policy, awaits=[str(Way.ORDER)])


def _case(
    library: Library,
    request: HookRequest,
    client: Client,
    record: Record,
    policy: Policy,
    draft: Draft,
    asked: Asked,
    payer: Covered,
    day: date,
) -> Case:
    case = Case(
        knowledge=library.knowledge,
        record=record,
        client=client,
        order=as_order(draft, asked),
        day=day,
        drug=policy.drug,
        indications=asked.live,
        is_payer=lambda holder: is_payer(record, payer.payer, holder),
        in_network=lambda pharmacy: in_network(payer.payer, pharmacy),
        answers={},
        answer=answer,
        user=request.user_id,
    )
    case.answers = answers(
        record,
        _responses(request, record, draft, library.sources),
        frozenset(
            form
            for indication in asked.live
            for path in PATHS
            for canonical in [policy.questionnaire(indication, path)]
            for form in (canonical, canonical.split("|", 1)[0])
        ),
        max(case.back(policy.statements_valid), policy.effective.toordinal()),
        day.toordinal(),
    )
    return case


def _responses(
    request: HookRequest, record: Record, draft: Draft, sources: Sequence[Source]
) -> list[Json]:
    """Answered questionnaires from prefetch, beside the draft order and inside it."""
    source = next(one for one in sources if one.type == "QuestionnaireResponse")
    beside = [one.resource for one in request.draft_orders]
    inside = objects(draft.resource.get("contained"))
    found = [one for one in [*beside, *inside] if one.get("resourceType") == source.type]
    own = [one for one in found if record.is_own(source, one)]
    return [*record.resources.get(source.type, []), *own]


def _day(as_of: AsOf, draft: Draft) -> date:
    if as_of.kind == "order":
        written = parse_day(draft.resource.get("authoredOn"))
        if written is not None and written.exact:
            return date.fromordinal(written.first)
    return as_of.day


def _states(record: Record) -> dict[str, str]:
    return {name: str(state) for name, state in record.states.items()}


def _decision(twin: dict[str, Any]) -> dict[str, Any]:
    policy = twin["policy"] or {}
    return {
        "id": twin["id"],
        "order": twin["order"],
        "policy": policy.get("id"),
        "effective": policy.get("effective"),
        "content": twin["content"],
        "path": twin["path"],
        "indication": twin["indication"],
        "outcome": twin["outcome"],
        "awaits": twin["awaits"],
        "open": twin["open"][0] if twin["open"] else [],
    }
