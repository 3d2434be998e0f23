"""Fetches from the EHR's FHIR server what an order needs and the request lacks; at order-sign only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic

from service.advise.fetch_queries import (
    MEDICATION,
    MOST_BEHIND,
    Template,
    keys_to_ask,
    medications_behind,
    medications_in,
    medications_to_ask,
)
from service.cds.request import Authorization, DraftEntry, HookRequest
from service.facts.client import Client
from service.facts.order.drafts import drafts_of
from service.fhir.fetch import Access, Call, FhirClient, Grant, Query, Scopes
from service.fhir.record import Record
from service.json_object import Json
from service.library.library import Library

ORDERS = "MedicationRequest"
HOOK = "order-sign"


@dataclass(frozen=True, slots=True)
class FetchPlans:
    """Makes the plan of what to fetch for a request; all plans share one HTTP client."""

    fhir: FhirClient

    def __call__(
        self,
        library: Library,
        service_id: str,
        request: HookRequest,
        client: Client,
        authorization: Authorization | None,
    ) -> "FetchPlan | None":
        """The plan for a request; None if nothing is missing or its FHIR server may not be called."""
        if request.hook != HOOK or request.fhir_server is None:
            return None
        access = library.access(client.id)
        base = access.base(request.fhir_server)
        if base is None or not _may_call(access, authorization):
            return None
        templates = _templates(library, service_id)
        scopes = _scopes(request, authorization)
        token = authorization.token if authorization else None
        call = Call(base.rstrip("/"), token, monotonic() + access.deadline)
        keys = keys_to_ask(request, templates, call.base, scopes)
        plan = FetchPlan(self.fhir, library, client, request, call, scopes, tuple(keys))
        return plan if plan.is_needed() else None


def _templates(library: Library, service_id: str) -> Mapping[str, Template]:
    served = (
        service for service in library.services if (service.id, service.hook) == (service_id, HOOK)
    )
    others = {source.key: source.search_otherwise for source in library.sources}
    templates = next((service.prefetch for service in served), {})
    return {key: (template, others.get(key)) for key, template in templates.items()}


def _may_call(access: Access, authorization: Authorization | None) -> bool:
    """Whether the FHIR server may be called: with a token, or by a client that needs none."""
    if authorization is None:
        return access.without_token
    return authorization.token is not None


def _scopes(request: HookRequest, authorization: Authorization | None) -> Scopes:
    if authorization is None:
        return Scopes(None)
    patient = authorization.patient
    own = patient is None or patient.removeprefix("Patient/") == request.patient_id
    return Scopes(authorization.scope, own)


@dataclass(frozen=True, slots=True)
class FetchPlan:
    """One request's calls; `run` may take until the client's deadline, so no lock may be held."""

    fhir: FhirClient
    library: Library
    client: Client
    request: HookRequest
    call: Call
    scopes: Scopes
    keys: tuple[Query, ...]

    def is_needed(self) -> bool:
        """Whether an order is or may be for one of our drugs, and data for it is missing."""
        if not (self.keys or self._may_read()):
            return False
        record = self._record(self.request)
        if self._draft_medications(record):
            return True
        return self._is_ours(record) and bool(self.keys or self._behind(self.request))

    def run(self) -> HookRequest:
        """The request with all data that could be fetched, in the order of the keys."""
        record = self._record(self.request)
        draft_medications = self._draft_medications(record)
        if self._is_ours(record):
            return self._complete(self.request, draft_medications)
        with_drafts = self._with(self.request, self.fhir.fetch(self.call, draft_medications))
        is_ours = self._is_ours(self._record(with_drafts))
        return self._complete(with_drafts, []) if is_ours else with_drafts

    def _complete(self, request: HookRequest, draft_medications: Sequence[Query]) -> HookRequest:
        """The request with the missing keys, and the Medications that the data refers to."""
        # half of the reads is reserved for Medications that the fetched keys refer to
        behind = self._behind(request)[: MOST_BEHIND // 2 if self.keys else MOST_BEHIND]
        keys_asked = {query.key for query in (*draft_medications, *behind)}

        def then(answers: Mapping[str, Json]) -> Sequence[Query]:
            named = self._behind(self._with(request, answers))
            left = [query for query in named if query.key not in keys_asked]
            return left[: MOST_BEHIND - len(behind)]

        queries = [*draft_medications, *self.keys, *behind]
        return self._with(request, self.fhir.fetch(self.call, queries, then if self.keys else None))

    def _may_read(self) -> bool:
        return self.scopes.grant(MEDICATION, search=False) is not Grant.NONE

    def _draft_medications(self, record: Record) -> list[Query]:
        """Medications that draft orders refer to."""
        if not self._may_read():
            return []
        source = self.library.source_of(ORDERS)
        own = [order for order in _orders(self.request) if record.is_own(source, order)]
        return medications_to_ask(record, own, self.call.base)

    def _behind(self, request: HookRequest) -> list[Query]:
        """Medications that the record's fills and orders refer to."""
        if not self._may_read():
            return []
        sources = self.library.sources
        return medications_behind(self._record(request), request, sources, self.call.base)

    def _record(self, request: HookRequest) -> Record:
        """Enough of a record to tell which drug is ordered."""
        library, server = self.library, request.fhir_server
        record = Record(request.patient_id, server, library.terminology, self.client.aliases)
        record.share = request.share
        record.referable.add([(draft.full_url, draft.resource) for draft in request.draft_orders])
        if _refer(request):
            record.referable.add(medications_in(request.prefetch, library.sources))
        record.load({}, library.sources)
        return record

    def _is_ours(self, record: Record) -> bool:
        library, orders = self.library, _orders(self.request)
        source = library.source_of(ORDERS)
        return any(
            drafts_of(record, orders, source, drug, library.drug_names[drug])
            for drug in library.drugs.get(HOOK, ())
        )

    def _with(self, request: HookRequest, answers: Mapping[str, Json]) -> HookRequest:
        """A new request with the answers; the original request is not changed."""
        keys = {query.key for query in self.keys}
        values = {key: answer for key, answer in answers.items() if key in keys}
        if not _is_patient(values.get("patient"), request):
            values.pop("patient", None)
        medications = [
            DraftEntry(None, medication)
            for key, medication in answers.items()
            if _is_medication(key, medication)
        ]
        return replace(
            request,
            prefetch={**request.prefetch, **values},
            draft_orders=(*request.draft_orders, *medications),
        )


def _orders(request: HookRequest) -> list[Json]:
    drafts: Iterable[Json] = (draft.resource for draft in request.draft_orders)
    return [order for order in drafts if order.get("resourceType") == ORDERS]


def _refer(request: HookRequest) -> bool:
    return any("medicationReference" in order for order in _orders(request))


def _is_patient(value: Json | None, request: HookRequest) -> bool:
    """Whether the right patient was fetched; otherwise it counts as missing (412)."""
    wanted = ("Patient", request.patient_id)
    return value is not None and (value.get("resourceType"), value.get("id")) == wanted


def _is_medication(key: str, value: Json) -> bool:
    return f"{value.get('resourceType')}/{value.get('id')}" == key and key.startswith("Medication/")
