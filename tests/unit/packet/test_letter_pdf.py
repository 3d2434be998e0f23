"""The PDF: tagged, the same bytes for the same case, and hostile text is text."""

from collections.abc import Callable
from typing import Any

import pytest
from support.packets import body_of, file_of, packet, recorded_packet

from service.packet import letter_pdf as module
from service.packet.letter_pdf import NoPdfError, can_make_pdf, letter_pdf
from service.packet.packet_files import PDF

HOSTILE = '#panic("x") #read("/etc/passwd") *b* $x$ `c` ]] #{ \\ <script> "'


def changed(text: str) -> Any:
    """A recorded request whose patient, prescriber and order carry a text."""
    body = body_of("initial-fully-met")
    body["prefetch"]["patient"]["name"] = [{"text": text}]
    body["prefetch"]["practitioner"]["name"] = [{"text": text}]
    order = body["context"]["draftOrders"]["entry"][0]["resource"]
    order["medicationCodeableConcept"]["text"] = text
    order["dosageInstruction"][1]["text"] = text
    return body


def test_pdf_is_tagged_and_the_same_for_the_same_case() -> None:
    assert can_make_pdf()
    made = file_of(packet("p001-initial"), PDF)
    assert made == file_of(packet("p001-initial"), PDF)
    assert made.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in made or b"pdfuaid" in made
    assert b"CreationDate" not in made


@pytest.mark.parametrize("text", [HOSTILE, "中文 😀 \u202eevil", "עברית", "ελληνικά кириллица ≥ ½"])
def test_text_of_the_chart_is_text_whatever_it_holds(text: str) -> None:
    assert letter_pdf(packet(changed(text)).letter).startswith(b"%PDF-")


def test_sign_that_no_font_has_is_written_by_its_number() -> None:
    by_number: Callable[[str], str] = module.by_number(module.BEYOND)
    assert by_number("a中é≥") == "a[U+4E2D]é≥"


def test_without_the_library_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    letter = recorded_packet("p001-initial").letter
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert not can_make_pdf()
    with pytest.raises(NoPdfError, match="extra 'pdf'"):
        letter_pdf(letter)
