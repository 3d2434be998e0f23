"""Which client a request comes from, and whether a web page of another origin sent it."""

import logging
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask, Request, g
from flask.globals import request_ctx

from service.auth.host_and_origin import Authority, read_authority
from service.errors import RequestError
from service.facts.client import Client
from service.settings import is_loopback
from service.web.runtime import Runtime

LOCAL = "local"
# what a monitor asks, by whatever name it has for us
PROBES = frozenset({"/health", "/ready"})
NO_HOST = "Host: required once, as a host with or without a port"
OTHER_HOST = (
    "Host: a call without a token must name this machine, CDS_PUBLIC_URL or a name that the clients file"
    " lists under 'hosts'"
)
OTHER_ORIGIN = (
    "Origin: a web page needs a token for this, or its origin must be listed under 'origins' in the"
    " clients file"
)
# What proxies and networks of proxies add, as WSGI names it: behind one of them the caller may be anywhere.
PROXY_PREFIXES = (
    "HTTP_X_FORWARDED",
    "HTTP_X_ORIGINAL_",
    "HTTP_CF_",
    "HTTP_X_ENVOY_",
    "HTTP_X_AMZN_",
)
PROXY_HEADERS = frozenset(
    f"HTTP_{name}"
    for name in (
        "CDN_LOOP",
        "CLIENT_IP",
        "FASTLY_CLIENT_IP",
        "FLY_CLIENT_IP",
        "FORWARDED",
        "FORWARDED_FOR",
        "TRUE_CLIENT_IP",
        "VIA",
        "X_APPENGINE_USER_IP",
        "X_AZURE_CLIENTIP",
        "X_CLIENT_IP",
        "X_CLUSTER_CLIENT_IP",
        "X_PROXYUSER_IP",
        "X_REAL_IP",
        "X_REMOTE_ADDR",
        "X_REMOTE_IP",
    )
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
    """
    incoming = request_ctx.request
    authorization = incoming.headers.get("Authorization")
    is_local = _is_local(incoming)
    if authorization is not None and (runtime.authenticator.checks_tokens or not is_local):
        client_id = runtime.authenticator.client(authorization, incoming.path, g.body)
        return Caller(runtime.library.client(client_id))
    if authorization is not None:
        runtime.authenticator.ignore_token(authorization)
    if not is_local:
        message = "a call from elsewhere needs a token: 'Authorization: Bearer <token>'"
        raise RequestError(401, "login", message)
    client = runtime.library.client(LOCAL)
    is_foreign = _is_from_foreign_page(runtime, incoming.environ.get("HTTP_ORIGIN"))
    if is_foreign:
        log.info("call of a page of another origin without a token: no fetch, no feedback")
    return Caller(client, is_foreign)


def is_foreign_form(runtime: Runtime) -> bool:
    """Whether a page of another origin sent a form, as far as the browser says so."""
    origin = request_ctx.request.environ.get("HTTP_ORIGIN")
    # browsers write `null` for forms of pages that send no referrer
    return _is_from_foreign_page(runtime, None if origin == "null" else origin)


def _is_from_foreign_page(runtime: Runtime, origin: str | None) -> bool:
    given = request_ctx.request.environ
    return runtime.names.foreign_page(
        origin, given.get("HTTP_SEC_FETCH_SITE"), given.get("HTTP_HOST")
    )


def refuse_other_names(app: Flask, runtime: Runtime) -> None:
    """Refuses what comes from this machine without a token and calls us by a name that is not ours.

    Else a page whose name was made to lead to this machine (DNS rebinding) would have our own origin for
    the browser. Where the clients file has no `local`, nobody is believed without a token.
    """
    if LOCAL not in runtime.library.clients:
        return

    @app.before_request
    def refuse() -> None:
        incoming = request_ctx.request
        if incoming.path in PROBES or not _is_local(incoming) or _brings_token(incoming, runtime):
            return
        for name in _called_names(incoming):
            if name is None:
                raise RequestError(400, "structure", NO_HOST)
            if not runtime.names.has(name.host):
                raise RequestError(403, "forbidden", OTHER_HOST)


def _brings_token(incoming: Request, runtime: Runtime) -> bool:
    """Whether a token will decide who calls; HTML pages check none."""
    has_token = "HTTP_AUTHORIZATION" in incoming.environ and runtime.authenticator.checks_tokens
    return has_token and incoming.blueprint == "hooks"


def refuse_foreign_page(who: Caller) -> None:
    """Refuses what a page of another origin may not do without a token."""
    if who.is_foreign_page:
        raise RequestError(403, "forbidden", OTHER_ORIGIN)


def _called_names(incoming: Request) -> tuple[Authority | None, ...]:
    """The host that the request names, and the one of its target if that is a whole URL (RFC 9112).

    None for one that is missing or cannot be read.
    """
    given = incoming.environ
    target = given.get("RAW_URI") or given.get("REQUEST_URI") or "/"
    host = read_authority(given.get("HTTP_HOST", ""))
    if target.startswith("/"):
        return (host,)
    try:
        return host, read_authority(urlsplit(target).netloc)
    except ValueError:
        return host, None


def _is_local(incoming: Request) -> bool:
    return is_loopback(incoming.environ.get("REMOTE_ADDR", "")) and not came_by_proxy(incoming)


def came_by_proxy(incoming: Request) -> bool:
    """Whether a header shows that a proxy has passed the request on."""
    names = incoming.environ
    # speed: 3 microseconds in place of 12, for each call twice
    joined = " ".join(("", *names))
    return not PROXY_HEADERS.isdisjoint(names) or any(
        f" {prefix}" in joined for prefix in PROXY_PREFIXES
    )
