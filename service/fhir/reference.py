"""Reads and compares references of any form: relative, absolute, versioned, urn."""

from service.fhir.elements import text
from service.json_object import Json


def parts(reference: str) -> tuple[str | None, str]:
    """Resource type and id of a literal reference; the type is None for urns and bare ids."""
    path = reference.split("?", 1)[0].split("/_history/", 1)[0].rstrip("/")
    if path.startswith("urn:"):
        return None, path.rsplit(":", 1)[-1]
    pieces = path.rsplit("/", 2)
    if len(pieces) > 1:
        return pieces[-2], pieces[-1]
    return None, path


def base(reference: str) -> str | None:
    """The server part of an absolute reference; None for a relative one."""
    if "://" not in reference:
        return None
    return reference.split("/_history/", 1)[0].rsplit("/", 2)[0].rstrip("/")


def literal(element: object) -> str | None:
    """The literal reference of a Reference element, or a bare string that stands for one."""
    if isinstance(element, dict):
        return text(element.get("reference"))
    return text(element)


def points_to(element: object, type_: str, id_: str, *servers: str | None) -> bool:
    """Whether a Reference points to this resource on one of these servers, or on no stated server."""
    reference = literal(element)
    if reference is None:
        return False
    found_type, found_id = parts(reference)
    if found_id != id_ or found_type not in (None, type_):
        return False
    where = base(reference)
    named = [server.rstrip("/") for server in servers if server is not None]
    return where is None or not named or where in named


LONGEST_ID = 64  # of a FHIR R4 id
LONGEST_REFERENCE = 255  # with the address of a server


def has_long_id(resource: Json) -> bool:
    """Whether its id is longer than an id of R4 may be; the patient's own is no evidence and may be."""
    id_ = resource.get("id")
    long = isinstance(id_, str) and len(id_) > LONGEST_ID
    return long and resource.get("resourceType") != "Patient"


def cited(reference: str | None) -> str | None:
    """A reference as an answer cites it; None if its id or its address is too long."""
    if reference is None or len(reference) > LONGEST_REFERENCE:
        return None
    return reference if len(parts(reference)[1]) <= LONGEST_ID else None


def key(resource: Json) -> str | None:
    """`Type/id` of a resource that has both."""
    type_, id_ = text(resource.get("resourceType")), text(resource.get("id"))
    return f"{type_}/{id_}" if type_ and id_ else None
