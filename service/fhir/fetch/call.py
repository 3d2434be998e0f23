"""GET requests to one server, with limits on time and bytes; the token goes to that server only."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from urllib.parse import urlsplit

from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from service import __version__
from service.json_object import Json
from service.settings import is_loopback

CONNECT = 0.5
BYTES = 16 * 1024 * 1024
CHUNK = 16 * 1024
OK, TOO_MANY, UNAVAILABLE = 200, 429, 503
# statuses of a gateway that could not reach its server
BEHIND_A_GATEWAY = (502, 504)
# statuses of a server that does not support a search parameter
REFUSED = (400, 404, 422, 501)
HEADERS = {
    "Accept": "application/fhir+json, application/json;q=0.9",
    "User-Agent": f"dupilumab-cds/{__version__}",
}
Read = Callable[[bytes], object]


class UnansweredError(Exception):
    """A URL gave no usable answer; `rest` in seconds if the server sent Retry-After.

    `refused`: the server does not support this search.
    """

    def __init__(self, *, reached: bool, rest: float | None = None, refused: bool = False) -> None:
        super().__init__()
        self.reached = reached
        self.rest = rest
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Query:
    """What is fetched for one key; `page` was sent already, `whole` is False if scopes hide some of it.

    `otherwise` is the URL to use if the server refuses `url`.
    """

    key: str
    url: str
    whole: bool = True
    page: Json | None = None
    otherwise: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One FHIR server, the token for it, and the time limit (monotonic clock) of one request."""

    base: str
    token: str | None = field(repr=False)
    until: float


@dataclass(frozen=True, slots=True)
class Bearer(AuthBase):
    """Adds the token to requests; setting any auth also stops requests from reading .netrc."""

    token: str | None = field(repr=False)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """The request with the token."""
        if self.token is not None:
            request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class PageReader:
    """Reads the pages of one key, within the time of the request and a limit on bytes."""

    def __init__(self, call: Call, adapter: HTTPAdapter, read: Read) -> None:
        self.call = call
        self._adapter = adapter
        self._read = read
        self._left = BYTES
        # servers on this machine are called without a proxy
        self._here = is_loopback(urlsplit(call.base).hostname or "")

    def get(self, url: str) -> Json:
        """The JSON object at a URL; raises UnansweredError if there is none."""
        left = self._seconds_left()
        # a new session for each call, so that no cookie is shared between patients
        session = Session()
        session.trust_env = not self._here
        for scheme in ("https://", "http://"):
            session.mount(scheme, self._adapter)
        with session.get(
            url,
            headers=HEADERS,
            auth=Bearer(self.call.token),
            timeout=(min(CONNECT, left), left),
            stream=True,
            allow_redirects=False,
        ) as response:
            _refuse(response)
            page = self._read(self._body(response))
        if not isinstance(page, dict):
            raise UnansweredError(reached=True)
        return page

    def _body(self, response: Response) -> bytes:
        parts: list[bytes] = []
        for chunk in response.iter_content(CHUNK):
            self._left -= len(chunk)
            self._seconds_left()
            if self._left < 0:
                raise UnansweredError(reached=True)
            parts.append(chunk)
        return b"".join(parts)

    def _seconds_left(self) -> float:
        left = self.call.until - monotonic()
        if left <= 0:
            raise UnansweredError(reached=False)
        return left


def _refuse(response: Response) -> None:
    """Raises UnansweredError for any status but 200; redirects are never followed."""
    status = response.status_code
    if status == OK:
        return
    busy = status in (TOO_MANY, UNAVAILABLE)
    seconds = response.headers.get("Retry-After", "")
    rest = float(seconds[:6]) if busy and seconds.isascii() and seconds.isdigit() else None
    # an error for one search is an answer too: other searches may still work
    reached = not busy and status not in BEHIND_A_GATEWAY
    raise UnansweredError(reached=reached, rest=rest, refused=status in REFUSED)
