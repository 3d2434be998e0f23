"""Statements that this service keeps of the patient of a request, as QuestionnaireResponses."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from service.cds.request import HookRequest, KeptResponse
from service.errors import StoreError
from service.facts.statements.statement_responses import STATEMENT
from service.fhir.fetch import Access
from service.fhir.resource_types import RESPONSE
from service.json_object import Json
from service.store import KeptStatement, PatientKey
from service.web.runtime import Runtime

# An EHR may send what it read a while before, and takes a while until a search finds what was written.
UNTIL_FOUND = timedelta(minutes=15)


def with_statements(
    runtime: Runtime, client_id: str, request: HookRequest, asked_at: float, size: int = 0
) -> HookRequest:
    """The request with what is kept of its patient; other requests compute while it waits for that.

    `asked_at` is when the EHR sent the request, in seconds since 1970.
    """
    store = runtime.store.statements
    patient = patient_of(runtime.library.access(client_id), client_id, request)
    if store is None or patient is None:
        return request
    with runtime.turns.released(request.share, size):
        try:
            found = store.of(patient)
        except StoreError:  # told by /ready, and by the answer
            return replace(request, statements=None)
    before = datetime.fromtimestamp(asked_at, UTC) - UNTIL_FOUND
    return replace(
        request,
        statements=tuple(
            KeptResponse(as_answered(one), in_ehr=_is_in_ehr(one, before)) for one in found
        ),
    )


def _is_in_ehr(kept: KeptStatement, before: datetime) -> bool:
    """Whether it was written to the EHR before this moment."""
    at = kept.delivery.at
    return kept.delivery.state == "done" and at is not None and at < before


def patient_of(access: Access, client_id: str, request: HookRequest) -> PatientKey | None:
    """Whose statements count: a patient on a FHIR server of this client.

    None for any other server, and where a request names none and the client has several.
    """
    server = request.fhir_server
    if server is None:
        server = access.bases[0] if len(access.bases) == 1 else None
    base = None if server is None else access.base(server)
    return None if base is None else PatientKey(client_id, base, request.patient_id)


def as_answered(kept: KeptStatement) -> Json:
    """The QuestionnaireResponse; patient and author are those it was kept with, whatever it says itself.

    Its id is the one that the EHR gave it, if it was written there, else our own.
    """
    there = kept.delivery.reference
    return {
        **kept.response,
        "resourceType": RESPONSE,
        "id": there.rsplit("/", 1)[-1] if there else kept.id,
        "identifier": {"system": STATEMENT, "value": kept.id},
        "subject": {"reference": f"Patient/{kept.of.patient}"},
        "author": {"reference": kept.author, "display": kept.author_name},
    }
