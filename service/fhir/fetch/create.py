"""Creates a resource on a FHIR server, once: a call that is repeated makes no second one (If-None-Exist)."""

from time import monotonic
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import orjson
from requests import Response, Session
from requests.adapters import HTTPAdapter

from service.fhir.elements import LONGEST_ID, reference_parts
from service.fhir.fetch.call import CONNECT, HEADERS, Bearer, Call, UnansweredError
from service.json_object import Json
from service.settings import is_loopback

CREATED, THERE_ALREADY = 201, 200
# of answers that another call may turn: the token has expired, too early, too many, the server is busy
LATER = frozenset({401, 408, 425, 429})
SERVER_ERRORS = 500
MOST_BYTES = 1024 * 1024


class Created(NamedTuple):
    """What came of it: the reference of the resource there, or why it is not there.

    `again` says whether another call may succeed. `reason` is empty if the resource is there.
    """

    reference: str | None = None
    reason: str = ""
    again: bool = False


def create(call: Call, adapter: HTTPAdapter, resource: Json, once: tuple[str, str]) -> Created:
    """Creates a resource unless there is one with this identifier (system, value).

    Raises UnansweredError and what a network may cause.
    """
    left = call.until - monotonic()
    if left <= 0:
        raise UnansweredError(reached=False)
    type_ = resource["resourceType"]
    with Session() as session:
        session.trust_env = not is_loopback(urlsplit(call.base).hostname or "")
        for scheme in ("https://", "http://"):
            session.mount(scheme, adapter)
        with session.post(
            f"{call.base}/{type_}",
            data=orjson.dumps(resource),
            headers={
                **HEADERS,
                "Content-Type": "application/fhir+json",
                "Prefer": "return=representation",
                "If-None-Exist": f"identifier={quote(once[0], safe='')}|{quote(once[1], safe='')}",
            },
            auth=Bearer(call.token),
            timeout=(min(CONNECT, left), left),
            stream=True,
            allow_redirects=False,
        ) as response:
            return _read(response, type_)


def _read(response: Response, type_: str) -> Created:
    status = response.status_code
    if status in (CREATED, THERE_ALREADY):
        return Created(_reference(response, type_))
    again = status in LATER or status >= SERVER_ERRORS
    return Created(reason=f"the EHR's FHIR server answered {status}", again=again)


def _reference(response: Response, type_: str) -> str | None:
    """`Type/id` of the resource: by its address, else by the resource that was returned; else None."""
    named, id_ = reference_parts(response.headers.get("Location", ""))
    if named == type_ and 0 < len(id_) <= LONGEST_ID:
        return f"{type_}/{id_}"
    try:
        returned = orjson.loads(next(response.iter_content(MOST_BYTES), b""))
    except (orjson.JSONDecodeError, OSError):
        return None
    known = isinstance(returned, dict) and returned.get("resourceType") == type_
    made = returned.get("id") if known else None
    return f"{type_}/{made}" if isinstance(made, str) and 0 < len(made) <= LONGEST_ID else None
