"""Words of the packet: values are set as they can be seen, never read as mark-up."""

from support.cases.run import library

from service.packet.packet_words import LONGEST, PacketWords, shown_whole

WORDS = PacketWords(library().wording)


def test_values_are_shown_as_they_are() -> None:
    said = WORDS.say("sentence", says="A <b> & *c*", shown='#panic("x") \u202e14 < 20')
    assert said == 'A <b> & *c*: #panic("x") 14 < 20.'
    assert type(said) is str
    assert WORDS.say("shows") == "What the record shows"
    assert WORDS.say("result_unknown", count="1").startswith("1 point is open. It is named below")


def test_value_that_is_too_long_is_cut() -> None:
    assert shown_whole("x" * (LONGEST + 1)) == "x" * (LONGEST - 1) + "…"
    assert shown_whole("x" * LONGEST) == "x" * LONGEST
