"""Which FHIR servers may be called for a client, and how long they may take."""

from dataclasses import dataclass
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
        """The listed base URL that a request's `fhirServer` names, letter by letter."""
        wanted = server.rstrip("/")
        return next((base for base in self.bases if base.rstrip("/") == wanted), None)


def wrong_base(base: str, *, loopback: bool) -> str | None:
    """Why a URL cannot be a base of FHIR; plain http only on this machine, where `loopback` is."""
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
