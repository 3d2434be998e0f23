"""Writes statements to the EHR they were made in, where it allows that, and notes what came of it."""

from datetime import UTC, datetime
from time import monotonic

from service.errors import StoreError
from service.facts.statements.statement_responses import STATEMENT
from service.fhir.fetch import Call, Created
from service.store import Delivery, KeptStatement, PatientKey, StatementStore
from service.web.launch.sessions import AnsweringSession, Ehr
from service.web.launch.statements_to_store import may_create, patient_key
from service.web.runtime import Runtime
from service.web.statements_from_store import as_answered

# What is not there after so many calls is told to the user, and not tried again.
MOST_TRIES = 10


def deliver(runtime: Runtime, session: AnsweringSession) -> tuple[Delivery, ...]:
    """Writes to the EHR what this user stated about this patient and is not there yet.

    Called when statements were made, and at each later launch. Statements of others are not written:
    the token is this user's. What could not be written counts here all the same.
    """
    store, key = runtime.store.statements, patient_key(runtime, session)
    if store is None or key is None or session.ehr is None or not may_create(session):
        return ()
    try:
        due = [one for one in store.of(key) if _is_due(one, session.author.reference)]
        return tuple(
            _delivered(runtime, store, session.ehr, key, one)
            for one in due
            if store.claim_delivery(one.id, one.delivery.tries)
        )
    except StoreError:  # told by /ready; tried again at the next launch
        return ()


def worst_delivery(deliveries: tuple[Delivery, ...]) -> Delivery | None:
    """What the user is told of several: a refusal before what is due, and that before what is done."""
    order = ("refused", "due", "done", "none")
    return min(deliveries, key=lambda one: order.index(one.state), default=None)


def _is_due(kept: KeptStatement, author: str) -> bool:
    return kept.delivery.state == "due" and kept.author == author


def _delivered(
    runtime: Runtime, store: StatementStore, ehr: Ehr, key: PatientKey, kept: KeptStatement
) -> Delivery:
    resource = {name: part for name, part in as_answered(kept).items() if name != "id"}
    seconds = runtime.library.access(key.client).deadline
    call = Call(key.server, ehr.token, monotonic() + seconds)
    created = runtime.fetch_plans.fhir.create(call, resource, (STATEMENT, kept.id))
    delivery = _noted(created, kept.delivery.tries + 1)
    store.note_delivery(kept.id, delivery)
    return delivery


def _noted(created: Created, tries: int) -> Delivery:
    now = datetime.now(UTC)
    if not created.reason:
        return Delivery("done", created.reference, None, tries, now)
    again = created.again and tries < MOST_TRIES
    return Delivery("due" if again else "refused", None, created.reason, tries, now)
