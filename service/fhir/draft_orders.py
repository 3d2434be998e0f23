"""Draft orders: which of them are not to be carried out."""

from service.fhir.elements import codes
from service.json_object import Json

# FHIR R4 medicationrequest-status and request-status; "revoked" is of a ServiceRequest.
WITHDRAWN = frozenset({"entered-in-error", "cancelled", "revoked"})


def is_withdrawn(order: Json) -> bool:
    """Whether a draft says that it is not to be carried out."""
    return order.get("doNotPerform") is True or bool(codes(order.get("status")) & WITHDRAWN)
