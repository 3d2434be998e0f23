"""`/metrics` for Prometheus: for this machine, or for the networks that the settings name."""

from collections.abc import Sequence
from ipaddress import ip_address

from flask import Blueprint, Response
from flask.globals import request_ctx
from prometheus_client import CONTENT_TYPE_LATEST

from service.errors import RequestError
from service.settings import Network, is_loopback
from service.web.http.caller import came_by_proxy
from service.web.runtime import Runtime


def metrics_blueprint(runtime: Runtime, networks: Sequence[Network] | None) -> Blueprint:
    """The page; `networks` may read it beside this machine, None turns it off."""
    pages = Blueprint("metrics", __name__)

    @pages.get("/metrics")
    def metrics() -> Response:
        if networks is None:
            raise RequestError(404, "not-found", "CDS_METRICS is off")
        incoming = request_ctx.request
        address = incoming.environ.get("REMOTE_ADDR", "")
        # behind a proxy the address is the proxy's, so nobody is believed
        if came_by_proxy(incoming) or not _may_read(address, networks):
            message = (
                "metrics are for this machine and the networks of CDS_METRICS, without a proxy"
            )
            raise RequestError(403, "forbidden", message)
        return Response(runtime.metrics.text(), content_type=CONTENT_TYPE_LATEST)

    return pages


def _may_read(address: str, networks: Sequence[Network]) -> bool:
    if is_loopback(address):
        return True
    try:
        caller = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(caller, "ipv4_mapped", None)
    return any((mapped or caller) in network for network in networks)
