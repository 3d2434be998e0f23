"""Which FHIR servers may be called for a client, and what a token's SMART scopes allow."""

import re
from dataclasses import dataclass
from enum import IntEnum
from urllib.parse import urlsplit

from service.settings import is_loopback

DEADLINE = 2.5


@dataclass(frozen=True, slots=True)
class Access:
    """A client's FHIR servers; `deadline` in seconds for all calls of one request together."""

    bases: tuple[str, ...] = ()
    deadline: float = DEADLINE
    without_token: bool = False

    def base(self, server: str) -> str | None:
        """The listed base URL that equals a request's `fhirServer`; None if none does."""
        wanted = server.rstrip("/")
        return next((base for base in self.bases if base.rstrip("/") == wanted), None)


def wrong_base(base: str, *, loopback: bool) -> str | None:
    """Why a URL cannot be a FHIR base, or None; http is allowed only for this machine if `loopback`."""
    if not base.isascii() or not base.isprintable() or set(base) & set(" \\%"):
        return "holds a character that has no place in a base URL"
    try:
        parts = urlsplit(base)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is no URL"
    if parts.scheme not in ("https", "http") or not host:
        return "is no base URL such as https://ehr.example.org/fhir"
    if parts.username is not None or "?" in base or "#" in base or _leaves_base(parts.path):
        return "has more than a server and a path"
    if parts.scheme == "http" and not (loopback and is_loopback(host)):
        return "is not https; http is for 'local' on this machine only"
    return None


def _leaves_base(path: str) -> bool:
    return not {".", ".."}.isdisjoint(path.split("/")) or "//" in path


_SCOPE = re.compile(
    r"(?P<who>patient|user|system)/(?P<type>[A-Za-z]+|\*)\.(?P<may>[a-z]+|\*)(?P<only>\?.*)?"
)
_READ_V1 = frozenset({"read", "*"})
_LETTERS = frozenset("cruds")


class Grant(IntEnum):
    """Whether a call is allowed; with `PART` the server leaves out what the scope's parameters exclude."""

    NONE = 0
    PART = 1
    WHOLE = 2


@dataclass(frozen=True, slots=True)
class Scopes:
    """The scopes of a token; `said` is None if they are not known, and then everything is allowed."""

    said: str | None
    this_patient: bool = True

    def grant(self, type_: str, *, search: bool) -> Grant:
        """What they allow for a resource type."""
        if self.said is None:
            return Grant.WHOLE
        return max(
            (self._grant(scope, type_, search) for scope in self.said.split()), default=Grant.NONE
        )

    def _grant(self, scope: str, type_: str, search: bool) -> Grant:  # noqa: FBT001 - handed on
        match = _SCOPE.fullmatch(scope)
        if match is None or match["type"] not in ("*", type_):
            return Grant.NONE
        # a token for one patient allows no other patient
        if match["who"] == "patient" and not self.this_patient:
            return Grant.NONE
        if not _may(match["may"], "s" if search else "r"):
            return Grant.NONE
        return Grant.PART if match["only"] else Grant.WHOLE


def _may(letters: str, wanted: str) -> bool:
    return letters in _READ_V1 or (wanted in letters and set(letters) <= _LETTERS)
