"""The files of a packet, behind the links on the page of its order."""

from collections.abc import Mapping

from flask import Blueprint, Response

from service.errors import RequestError
from service.packet.letter_pdf import NoPdfError
from service.packet.packet_files import HTML, PDF, REQUEST, packet_of
from service.web.runtime import Runtime
from service.web.site.order_link import ORDERS
from service.web.site.order_page import advised_again, kept_request, order_of

TYPES: Mapping[str, str] = {
    PDF: "application/pdf",
    HTML: "text/html; charset=utf-8",
    REQUEST: "application/fhir+json; charset=utf-8",
}
NO_PACKET = "this order has no such file"


def packets_blueprint(runtime: Runtime) -> Blueprint:
    """`/orders/<id>/packet/<number>/<name>` is one file of the packet of an order."""
    pages = Blueprint("packets", __name__, url_prefix=ORDERS)

    @pages.get("/<id_>/packet/<int:number>/<name>")
    def file(id_: str, number: int, name: str) -> Response:
        with advised_again(runtime, kept_request(runtime, id_)) as advice:
            packet = packet_of(order_of(advice, number), "2.1")
            make = packet.files().get(name) if packet else None
            if make is None:
                raise RequestError(404, "not-found", NO_PACKET)
            try:
                content = make()
            except NoPdfError as error:
                raise RequestError(404, "not-found", str(error)) from None
        # a letter brings its own style and is no page of this service; its name holds no patient
        shown = "inline" if name == PDF else "attachment"
        headers = {"Content-Disposition": f'{shown}; filename="{name}"'}
        return Response(content, content_type=TYPES[name], headers=headers)

    return pages
