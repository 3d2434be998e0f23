"""The words of the page of an order."""

from datetime import date

from support.order_stories import WORDS

from service.policy.truth import Reason


def test_text_without_values_is_read_by_its_name() -> None:
    assert WORDS["met"] == "met"
    assert "{{" not in WORDS["change_not_met"]


def test_values_are_put_into_a_text() -> None:
    assert WORDS.say("as_of", day=WORDS.day(date(2026, 11, 21))).endswith("2026-11-21")


def test_every_reason_has_words() -> None:
    # what the prescriber alone knows is asked: the question itself says why
    assert {reason for reason in Reason if not WORDS.reason(str(reason))} <= {Reason.ATTESTATION}
    assert WORDS.text(None) == ""
