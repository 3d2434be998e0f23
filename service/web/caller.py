"""Which client a request comes from."""

from ipaddress import ip_address

from flask import Request, g
from flask.globals import request_ctx

from service.errors import RequestError
from service.facts.model import Client
from service.web.runtime import Runtime

LOCAL = "local"
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


def caller(runtime: Runtime) -> Client:
    """The client that calls: the one the token names; without a token only this machine, as `local`.

    Where no client has an issuer, tokens are ignored: this machine is `local` with and without one.
    """
    incoming = request_ctx.request
    authorization = incoming.headers.get("Authorization")
    is_local = _on_this_machine(incoming.remote_addr or "") and not _came_by_proxy(incoming)
    if authorization is not None and (runtime.authenticator.checks_tokens or not is_local):
        return runtime.library.client(
            runtime.authenticator.client(authorization, incoming.path, g.body)
        )
    if authorization is not None:
        runtime.authenticator.ignore_token(authorization)
    if not is_local:
        message = "a call from elsewhere needs a token: 'Authorization: Bearer <token>'"
        raise RequestError(401, "login", message)
    return runtime.library.client(LOCAL)


def _came_by_proxy(incoming: Request) -> bool:
    names = incoming.environ
    return not PROXY_HEADERS.isdisjoint(names) or any(
        name.startswith(PROXY_PREFIXES) for name in names
    )


def _on_this_machine(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
