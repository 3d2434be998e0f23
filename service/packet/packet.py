"""The files of a packet: the letter as PDF and HTML, and the request as FHIR."""

from collections.abc import Callable
from dataclasses import dataclass

import orjson

from service.advise import Rendered
from service.cds.request import HookRequest
from service.fhir.record import Record
from service.library.library import Library
from service.packet.case_to_send import CaseToSend
from service.packet.claim import Version
from service.packet.letter import letter_of
from service.packet.letter_parts import Letter
from service.packet.letter_pdf import letter_pdf
from service.packet.request_bundle import RequestBundle, request_bundle
from service.packet.supplied_resources import supplied_with
from service.pages.html import site_html

PDF, HTML, REQUEST = "letter.pdf", "letter.html", "request.json"
TYPES = {
    PDF: "application/pdf",
    HTML: "text/html; charset=utf-8",
    REQUEST: "application/fhir+json; charset=utf-8",
}


@dataclass(frozen=True)
class Packet:
    """The packet of one order; each file is made when it is asked for."""

    letter: Letter
    request: RequestBundle | None

    def files(self) -> dict[str, Callable[[], bytes]]:
        """Each file by its name; the PDF raises NoPdfError where it cannot be made."""
        made: dict[str, Callable[[], bytes]] = {
            PDF: lambda: letter_pdf(self.letter),
            HTML: lambda: site_html("letter", letter=self.letter).encode(),
        }
        if (request := self.request) is not None:
            option = orjson.OPT_INDENT_2
            made[REQUEST] = lambda: orjson.dumps(request.resource, option=option) + b"\n"
        return made


def packet_of(
    library: Library, request: HookRequest, record: Record | None, order: Rendered, version: Version
) -> Packet | None:
    """The packet of one order; None if it was not judged by a policy, or must be cleared first."""
    assessment, assessed = order.judgement.assessment, order.judgement.assessed
    policy = assessment.policy
    if record is None or policy is None or assessment.root is None or assessed.held:
        return None
    case = CaseToSend(library, order, policy, supplied_with(request, record))
    codes = library.claim_codes
    return Packet(letter_of(case), request_bundle(case, codes, version) if codes else None)
