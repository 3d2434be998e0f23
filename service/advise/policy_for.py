"""Which policy decides one order: by its day, its coverage and payer, and the version in force."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from service.cds.request import AsOf, HookRequest
from service.facts.client import Client
from service.facts.order.drafts import Draft
from service.facts.payer.coverage_reading import KnownPayers
from service.facts.payer.coverages import PayerOfOrder, payer_of_order
from service.fhir.record import Record
from service.fhir.values.days import Zone, parse_day
from service.json_object import Json
from service.library.library import Library
from service.policy.model import Policy


@dataclass(frozen=True, slots=True)
class Visit:
    """One request with its client, its day and its record.

    `shared` is what its orders share: what was found of the patient, by drug and day.
    """

    library: Library
    request: HookRequest
    client: Client
    as_of: AsOf
    record: Record
    shared: dict[tuple[str, date], dict[object, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """One order on one day with the coverage that pays for it; `policy` is None if the payer has none."""

    drug: str
    draft: Draft
    day: date
    payer: PayerOfOrder
    policy: Policy | None


def policy_for(visit: Visit, drug: str, draft: Draft) -> Question:
    """The order with its day, its coverage and the policy of that payer."""
    library, record = visit.library, visit.record
    day = order_day(visit.as_of, draft.resource, record.calendar.zone)
    payers = KnownPayers(library.payers, library.plan, library.knowledge.pointing)
    payer = payer_of_order(record, draft.resource, payers, visit.client.default_payer, day)
    policy = library.policy(payer.payer.id, drug, day) if payer.payer else None
    return Question(drug, draft, day, payer, policy)


def order_day(as_of: AsOf, order: Json, zone: Zone) -> date:
    """The day that an order is judged on."""
    if as_of.kind == "order":
        written = parse_day(order.get("authoredOn"), zone)
        if written is not None and written.exact:
            return date.fromordinal(written.first)
    return as_of.day
