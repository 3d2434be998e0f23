"""Statements that this service keeps of the patient of a request, as QuestionnaireResponses."""

from dataclasses import replace

from service.cds.request import HookRequest
from service.errors import StoreError
from service.facts.statements import STATEMENT
from service.fhir.fetch import Access
from service.fhir.resource_types import RESPONSE
from service.json_object import Json
from service.store import KeptStatement, PatientKey
from service.web.runtime import Runtime


def with_statements(
    runtime: Runtime, client_id: str, request: HookRequest, size: int
) -> HookRequest:
    """The request with what is kept of its patient; other requests compute while it waits for that."""
    store = runtime.store.statements
    patient = patient_of(runtime.library.access(client_id), client_id, request)
    if store is None or patient is None:
        return request
    with runtime.turns.released(request.share, size):
        try:
            found = store.of(patient)
        except StoreError:  # told by /ready, and by the answer
            return replace(request, statements=None)
    return replace(request, statements=tuple(map(as_answered, found)))


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
