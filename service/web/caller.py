"""Who is calling."""

from ipaddress import ip_address
from typing import Any

from flask import request

from service.errors import RequestError
from service.web.house import Library

LOCAL = "local"


def caller(library: Library) -> Any:
    """The client that calls; without a token only this machine, and only where `local` is served."""
    if not _on_this_machine(request.remote_addr or ""):
        raise RequestError(401, "login", "callers from elsewhere need a token")
    return library.client(LOCAL)


def _on_this_machine(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
