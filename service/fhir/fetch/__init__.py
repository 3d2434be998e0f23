"""Fetches from the EHR's FHIR server what the EHR did not send."""

from service.fhir.fetch.access import Access, Grant, Scopes
from service.fhir.fetch.call import Call, Query
from service.fhir.fetch.create import Created
from service.fhir.fetch.fhir_client import FhirClient

__all__ = ["Access", "Call", "Created", "FhirClient", "Grant", "Query", "Scopes"]
