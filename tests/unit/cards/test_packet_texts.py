"""The texts of the letter are those of its document."""

from support.cases.run import library

from service.cards.packet_texts import HEADINGS, PACKET, PACKET_TEXTS


def test_document_has_each_text_and_no_other() -> None:
    assert library().wording.texts[PACKET].keys() == PACKET_TEXTS.keys()
    assert all(PACKET_TEXTS[name] == {} for name in HEADINGS)
