"""The user of a launch as the author of statements: the Practitioner, with the name that the EHR has."""

from time import monotonic

from service.auth.id_token import User, read_user
from service.fhir.elements import literal_reference
from service.fhir.fetch import Call, Query
from service.fhir.resource_types import PRACTITIONER, ROLE
from service.fhir.values.human_name import name_of
from service.json_object import Json
from service.web.launch.launch_flow import Launched
from service.web.launch.sessions import Author
from service.web.runtime import Runtime


def author_of(runtime: Runtime, launched: Launched) -> Author:
    """Who logged in. A role leads to its Practitioner; what cannot be read leaves the name empty."""
    user = launched.user
    resource = _read(runtime, launched, user)
    if user.type == ROLE and resource is not None:
        named = literal_reference(resource.get("practitioner"))
        practitioner = read_user(named, launched.server) if named else None
        if practitioner is not None and practitioner.type == PRACTITIONER:
            user, resource = practitioner, _read(runtime, launched, practitioner)
    return Author(user.reference, name_of(resource or {}), verified=True)


def _read(runtime: Runtime, launched: Launched, user: User) -> Json | None:
    """The user's resource on the EHR's FHIR server; None if it cannot be read."""
    base = launched.server.rstrip("/")
    until = monotonic() + runtime.library.access(launched.client_id).deadline
    call = Call(base, launched.granted.access_token, until)
    query = Query(user.reference, f"{base}/{user.reference}")
    found = runtime.fetch_plans.fhir.fetch(call, [query]).get(user.reference)
    same = found is not None and (found.get("resourceType"), found.get("id")) == tuple(user)
    return found if same else None
