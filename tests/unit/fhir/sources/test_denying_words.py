"""Words that deny an entry, that say that it is past, or that leave it open."""

import pytest

from service.fhir.sources.denying_words import LONGEST, Denials

DENIALS = Denials(
    words=("no", "no history of", "denied"),
    contrary=frozenset({"positive", "active"}),
    beside=frozenset({"patient"}),
    open=("possible",),
    cleared=("no change",),
    unless=("no more than",),
    signs=("?",),
    over=("resolved",),
    unsure=("suspected",),
)


@pytest.mark.parametrize(
    ("texts", "refusal"),
    [
        (["atopic dermatitis"], None),
        (["denied"], "never"),
        (["Patient denied"], "never"),
        (["denied: atopic dermatitis"], "never"),
        (["no history of asthma"], "unusable"),
        (["denied, but active"], "unusable"),
        (["possible asthma"], "unusable"),
        (["asthma?"], "unusable"),
        (["what?ever"], None),
        (["no change"], "unusable"),
        (["no change, active asthma"], None),
        (["no more than mild"], None),
        (["northern"], None),
        ([""], None),
        ([], None),
    ],
)
def test_words_refuse_an_entry_or_make_it_unusable(texts: list[str], refusal: str | None) -> None:
    assert DENIALS.refusal(texts) == refusal


def test_contrary_word_in_another_text_of_the_entry_counts_too() -> None:
    assert DENIALS.refusal(["denied", "asthma"]) == "never"
    assert DENIALS.refusal(["denied", "active asthma"]) == "unusable"


@pytest.mark.parametrize(
    ("text", "past"), [("Resolved asthma", True), ("unresolved asthma", False), ("asthma", False)]
)
def test_word_of_the_past_is_found_as_a_whole_word(text: str, past: bool) -> None:
    assert DENIALS.says_past([text]) is past


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("suspected asthma", True),
        ("asthma ?", True),
        ("suspected asthma, denied", False),
        ("suspected asthma, resolved", False),
        ("asthma", False),
    ],
)
def test_entry_is_doubtful_only_if_nothing_denies_it(text: str, doubtful: bool) -> None:
    assert DENIALS.is_doubtful([text]) is doubtful


def test_words_beyond_the_longest_text_are_not_read() -> None:
    assert DENIALS.refusal([f"{'a ' * (LONGEST // 2)}denied"]) is None


def test_without_words_nothing_is_denied() -> None:
    nothing = Denials((), frozenset(), frozenset())
    assert nothing.refusal(["denied"]) is None
    assert not nothing.says_past(["resolved"])
    assert not nothing.is_doubtful(["suspected?"])
