"""A request in the words of the case files, as far as the steps of `service.advise` have it."""

from datetime import date
from typing import Any

from support.cases.request import client, request
from support.cases.run import library

from service.advise.policy_for import Question, Visit, policy_for
from service.cds.request import AsOf, parse_hook_request
from service.facts.order.drafts import Draft, drafts_of
from service.fhir.record import Record

DAY = date(2026, 11, 20)
DRUG = "dupilumab"
ORDERS = "MedicationRequest"
Json = dict[str, Any]


def body_of(given: Json, hook: str = "order-sign", **changes: object) -> Json:
    """The hook request; `changes` are made to the draft, and None takes an element away."""
    body = request(given, DAY) | {"hook": hook}
    draft = order_in(body)
    draft.update(changes)
    for name in [name for name, value in changes.items() if value is None]:
        del draft[name]
    if hook == "order-select":
        body["context"]["selections"] = [f"{ORDERS}/{draft['id']}"]
    return body


def order_in(body: Json) -> Json:
    """The draft order of a request."""
    found: Json = body["context"]["draftOrders"]["entry"][0]["resource"]
    return found


def visit_of(body: Json, **held: object) -> Visit:
    """The request with its record; `held` says which data the client holds in full."""
    known, who = library(), client(dict(held), DAY)
    hook = parse_hook_request(body, frozenset({"order-sign", "order-select"}))
    record = Record(hook.patient_id, hook.fhir_server, known.terminology, who.aliases)
    record.referable.add([(draft.full_url, draft.resource) for draft in hook.draft_orders])
    record.load(hook.prefetch, known.sources)
    return Visit(known, hook, who, AsOf("day", DAY), record)


def drafts_in(visit: Visit) -> list[Draft]:
    """The draft orders for the drug."""
    orders = [draft.resource for draft in visit.request.draft_orders]
    source, names = visit.library.source_of(ORDERS), visit.library.drug_names[DRUG]
    return [*drafts_of(visit.record, orders, source, DRUG, names)]


def question_in(visit: Visit) -> Question:
    """The first of them with its policy."""
    return policy_for(visit, DRUG, drafts_in(visit)[0])
