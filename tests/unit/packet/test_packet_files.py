"""The files of a packet."""

import orjson
from support.packets import WITHOUT, body_of, file_of, order_of, packet, recorded_packet

from service.packet.packet_files import HTML, PDF, REQUEST, has_packet, packet_of


def test_packet_has_a_letter_in_two_forms_and_a_request() -> None:
    made = recorded_packet("initial-fully-met")
    assert [*made.files()] == [PDF, HTML, REQUEST]
    assert orjson.loads(file_of(made, REQUEST))["resourceType"] == "Bundle"
    assert file_of(made, HTML) == file_of(packet("initial-fully-met"), HTML)


def test_html_is_whole_and_hostile_text_is_text() -> None:
    body = body_of("initial-fully-met")
    body["prefetch"]["patient"]["name"] = [{"text": "<script>alert(1)</script><img src=x>"}]
    shown = file_of(packet(body), HTML).decode()
    assert "<script" not in shown
    assert "<img" not in shown
    assert "&lt;script&gt;alert(1)" in shown
    assert '<html lang="en">' in shown
    assert 'href="#entry-1"' in shown
    assert 'id="entry-1"' in shown
    assert "http://" not in shown


def test_order_that_was_not_judged_or_must_be_cleared_has_none() -> None:
    for name in WITHOUT - {"select-another-order"}:
        assert packet_of(order_of(name), "2.1") is None
        assert not has_packet(order_of(name))
    body = body_of("initial-fully-met")
    body["prefetch"]["patient"]["deceasedBoolean"] = True
    assert not has_packet(order_of(body))
    assert has_packet(order_of("initial-fully-met"))
