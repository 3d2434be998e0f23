"""The log line of a mistake of ours says where it is, and nothing of what was read."""

import logging

import pytest

from service.watch.bug_log import log_bug


def read(text: str) -> int:
    """Fails with a text that quotes what was read."""
    return int(text)


def test_a_bug_is_logged_without_its_text(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ValueError, match="Okafor") as raised:
        read("Amara Okafor")
    with caplog.at_level(logging.ERROR, "service"):
        log_bug(raised.value, "recording")
    assert "bug: ValueError at" in caplog.text
    assert "read:" in caplog.text
    assert "(recording)" in caplog.text
    assert "kafor" not in caplog.text
