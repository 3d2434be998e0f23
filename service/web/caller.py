"""Which client a request comes from."""

from ipaddress import ip_address

from flask import Request, g
from flask.globals import request_ctx

from service.errors import RequestError
from service.facts.model import Client
from service.web.runtime import Runtime

LOCAL = "local"
# headers that a proxy adds, as WSGI names them: behind a proxy the caller may be anywhere
PROXY_HEADERS = frozenset(
    f"HTTP_{name}"
    for name in ("FORWARDED", "VIA", "X_FORWARDED_FOR", "X_FORWARDED_HOST", "X_REAL_IP")
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
    return not PROXY_HEADERS.isdisjoint(incoming.environ)


def _on_this_machine(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
