"""By which names this service is called, and which web pages are its own: RFC 6454, the Fetch standard.

A browser sends a page's request to this machine whoever wrote the page. So what arrives without a token
from this machine is believed only if `Host` names this service, and in part only if no page of another
origin sent it.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from service.settings import is_loopback

PORTS = {"http": 80, "https": 443}
# values of Sec-Fetch-Site that a browser sends for a page of ours, or for an address typed by a person
OWN_SITES = frozenset({None, "same-origin", "none"})
_AUTHORITY = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?P<port>[0-9]{1,5})?)?")


class Authority(NamedTuple):
    """A host in lower case, without brackets and without a dot at its end; `port` is None if not given."""

    host: str
    port: int | None


def read_authority(value: str) -> Authority | None:
    """The value of a `Host` header; None if it is no single host with or without a port."""
    match = _AUTHORITY.fullmatch(value.strip().lower())
    if match is None:
        return None
    port = match["port"]
    return Authority(match["host"].strip("[]").removesuffix("."), int(port) if port else None)


def origin_of(url: str) -> str | None:
    """The origin of an http or https URL as browsers write it; None if it has none."""
    try:
        parts = urlsplit(url.strip().lower())
        authority = read_authority(parts.netloc)
    except ValueError:
        return None
    if parts.scheme not in PORTS or authority is None:
        return None
    host = f"[{authority.host}]" if ":" in authority.host else authority.host
    usual = authority.port in (None, PORTS[parts.scheme])
    return f"{parts.scheme}://{host}{'' if usual else f':{authority.port}'}"


class OwnNames:
    """The names of this service, and the origins whose pages may do what the service's own pages may."""

    def __init__(
        self, public_url: str, hosts: Iterable[str] = (), origins: Iterable[str] = ()
    ) -> None:
        public = read_authority(urlsplit(public_url).netloc)
        self._hosts = {*hosts, *(() if public is None else (public.host,))}
        self._origins = {*origins, origin_of(public_url)}

    def has(self, host: str) -> bool:
        """Whether a host, as `Authority` has it, is this machine or a name of ours."""
        return is_loopback(host) or host in self._hosts

    def foreign_page(self, origin: str | None, fetch_site: str | None, host: str | None) -> bool:
        """Whether a page of an origin that is neither ours nor listed sent a request.

        `origin`, `fetch_site` and `host` are the headers `Origin`, `Sec-Fetch-Site` and `Host`. A program
        that is no browser sends neither of the first two.
        """
        if origin is None:
            return fetch_site not in OWN_SITES
        return origin not in self._origins and not self._is_same(origin, host or "")

    def _is_same(self, origin: str, host: str) -> bool:
        """Whether an origin has a name of ours and the port that was called."""
        scheme, _, rest = origin.partition("://")
        page, called = read_authority(rest), read_authority(host)
        if scheme not in PORTS or page is None or called is None or not self.has(page.host):
            return False
        return (page.port or PORTS[scheme]) == (called.port or PORTS[scheme])
