"""One GET after another to one server: who may see the token, how long, how much."""

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
# what a gateway says for a server that it could not reach
BEHIND_A_GATEWAY = (502, 504)
# what a server says to a parameter that it does not know
REFUSED = (400, 404, 422, 501)
HEADERS = {
    "Accept": "application/fhir+json, application/json;q=0.9",
    "User-Agent": f"dupilumab-cds/{__version__}",
}
Read = Callable[[bytes], object]


class UnansweredError(Exception):
    """A URL brought nothing that can be used; `rest` in seconds where the server asked for it.

    `refused`: the server does not search so.
    """

    def __init__(self, *, reached: bool, rest: float | None = None, refused: bool = False) -> None:
        super().__init__()
        self.reached = reached
        self.rest = rest
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for one key; `page` is what came already, `whole` whether scopes show all of it.

    `otherwise` is asked where the server refuses `url`.
    """

    key: str
    url: str
    whole: bool = True
    page: Json | None = None
    otherwise: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One server for one request, until a moment of the monotonic clock."""

    base: str
    token: str | None = field(repr=False)
    until: float


@dataclass(frozen=True, slots=True)
class _Bearer(AuthBase):
    """The token on our own requests only; being there it also keeps a .netrc from being read."""

    token: str | None = field(repr=False)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        if self.token is not None:
            request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class PageReader:
    """The pages of one key, within the time of the request and a cap on bytes."""

    def __init__(self, call: Call, adapter: HTTPAdapter, read: Read) -> None:
        self.call = call
        self._adapter = adapter
        self._read = read
        self._left = BYTES
        # what is on this machine is not looked for behind a proxy
        self._here = is_loopback(urlsplit(call.base).hostname or "")

    def get(self, url: str) -> Json:
        """The JSON object at a URL; UnansweredError where there is none."""
        left = self._seconds_left()
        # a session of its own: no cookie of one patient's call travels with another's
        session = Session()
        session.trust_env = not self._here
        for scheme in ("https://", "http://"):
            session.mount(scheme, self._adapter)
        with session.get(
            url,
            headers=HEADERS,
            auth=_Bearer(self.call.token),
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
    """Anything but 200 is no answer; a redirect is not followed, whereto ever it leads."""
    status = response.status_code
    if status == OK:
        return
    busy = status in (TOO_MANY, UNAVAILABLE)
    seconds = response.headers.get("Retry-After", "")
    rest = float(seconds[:6]) if busy and seconds.isascii() and seconds.isdigit() else None
    # one search that is broken says nothing of the others: its error is an answer too
    reached = not busy and status not in BEHIND_A_GATEWAY
    raise UnansweredError(reached=reached, rest=rest, refused=status in REFUSED)
