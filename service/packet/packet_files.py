"""The files of a packet: the letter as PDF and HTML, and the request as FHIR."""

from collections.abc import Callable
from dataclasses import dataclass

import orjson

from service.advise import Rendered
from service.packet.case_to_send import CaseToSend
from service.packet.letter import letter_of
from service.packet.letter_parts import Letter
from service.packet.letter_pdf import letter_pdf
from service.packet.pas_claim import Version
from service.packet.request_bundle import RequestBundle, request_bundle
from service.packet.supplied_resources import supplied_with
from service.pages.html import site_html

PDF, HTML, REQUEST = "letter.pdf", "letter.html", "request.json"


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


def has_packet(order: Rendered) -> bool:
    """Whether an order was judged by a policy, and nothing must be cleared first."""
    assessment = order.judgement.assessment
    judged = assessment.policy is not None and assessment.root is not None
    return judged and not order.judgement.assessed.held


def packet_of(order: Rendered, version: Version) -> Packet | None:
    """The packet of one order; None if it has none."""
    visit, policy = order.judgement.visit, order.judgement.assessment.policy
    if policy is None or not has_packet(order):
        return None
    case = CaseToSend(visit.library, order, policy, supplied_with(visit.request, visit.record))
    codes = visit.library.claim_codes
    return Packet(letter_of(case), request_bundle(case, codes, version) if codes else None)
