"""Who is calling."""

from ipaddress import ip_address

from flask import Request, g
from flask.globals import request_ctx

from service.errors import RequestError
from service.facts.model import Client
from service.web.runtime import House

LOCAL = "local"
# what a proxy adds, as WSGI names it; its caller may be anywhere
OF_PROXIES = frozenset(
    f"HTTP_{name}"
    for name in ("FORWARDED", "VIA", "X_FORWARDED_FOR", "X_FORWARDED_HOST", "X_REAL_IP")
)


def caller(house: House) -> Client:
    """The client that calls: with a token the token decides; without one only this machine, as `local`.

    Where no client has an issuer a token says nothing: with and without one this machine is `local`.
    """
    incoming = request_ctx.request
    authorization = incoming.headers.get("Authorization")
    here = _on_this_machine(incoming.remote_addr or "") and not _came_by_proxy(incoming)
    if authorization is not None and (house.door.checks_tokens or not here):
        return house.library.client(house.door.client(authorization, incoming.path, g.body))
    if authorization is not None:
        house.door.ignore_token(authorization)
    if not here:
        what = "a call from elsewhere needs a token: 'Authorization: Bearer <token>'"
        raise RequestError(401, "login", what)
    return house.library.client(LOCAL)


def _came_by_proxy(incoming: Request) -> bool:
    return not OF_PROXIES.isdisjoint(incoming.environ)


def _on_this_machine(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
