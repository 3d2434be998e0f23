"""Which client a request comes from, and whether a web page of another origin sent it."""

import logging
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Request, g
from flask.globals import request_ctx

from service.errors import RequestError
from service.facts.model import Client
from service.web.runtime import Runtime

LOCAL = "local"
OTHER_HOST = (
    "Host: a call without a token must name this machine, CDS_PUBLIC_URL or a name that the clients file"
    " lists under 'hosts'"
)
OTHER_ORIGIN = (
    "Origin: a web page needs a token for this, or its origin must be listed under 'origins' in the"
    " clients file"
)
# headers that a proxy adds, as WSGI names them: behind a proxy the caller may be anywhere
PROXY_HEADERS = frozenset(
    f"HTTP_{name}"
    for name in ("FORWARDED", "VIA", "X_FORWARDED_FOR", "X_FORWARDED_HOST", "X_REAL_IP")
)
log = logging.getLogger("service.auth")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls.

    `is_foreign_page`: a page in a browser on this machine, of an origin that is neither ours nor listed,
    without a token. It may have judged what it sends, and nothing else.
    """

    client: Client
    is_foreign_page: bool = False


def caller(runtime: Runtime) -> Caller:
    """The client that calls: the one the token names; without a token only this machine, as `local`.

    Where no client has an issuer, tokens are ignored: this machine is `local` with and without one.
    `local` must call us by a name of ours (`Host`): else a page whose name was made to lead to this
    machine (DNS rebinding) would be believed.
    """
    incoming = request_ctx.request
    authorization = incoming.headers.get("Authorization")
    is_local = _on_this_machine(incoming.remote_addr or "") and not _came_by_proxy(incoming)
    if authorization is not None and (runtime.authenticator.checks_tokens or not is_local):
        client_id = runtime.authenticator.client(authorization, incoming.path, g.body)
        return Caller(runtime.library.client(client_id))
    if authorization is not None:
        runtime.authenticator.ignore_token(authorization)
    if not is_local:
        message = "a call from elsewhere needs a token: 'Authorization: Bearer <token>'"
        raise RequestError(401, "login", message)
    client = runtime.library.client(LOCAL)
    if not all(map(runtime.names.has, _called_names(incoming))):
        raise RequestError(403, "forbidden", OTHER_HOST)
    headers = incoming.headers
    is_foreign = runtime.names.foreign_page(
        headers.get("Origin"), headers.get("Sec-Fetch-Site"), headers.get("Host")
    )
    if is_foreign:
        log.info("call of a page of another origin without a token: no fetch, no feedback")
    return Caller(client, is_foreign)


def refuse_foreign_page(who: Caller) -> None:
    """Refuses what a page of another origin may not do without a token."""
    if who.is_foreign_page:
        raise RequestError(403, "forbidden", OTHER_ORIGIN)


def _called_names(incoming: Request) -> tuple[str | None, ...]:
    """The host that the request names, and the one of its target if that is a whole URL (RFC 9112)."""
    target = incoming.environ.get("RAW_URI") or incoming.environ.get("REQUEST_URI") or "/"
    host = incoming.headers.get("Host")
    if target.startswith("/"):
        return (host,)
    try:
        return host, urlsplit(target).netloc
    except ValueError:
        return host, None


def _came_by_proxy(incoming: Request) -> bool:
    return not PROXY_HEADERS.isdisjoint(incoming.environ)


def _on_this_machine(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
