"""The texts of cards are compiled when they are read, and tried with made-up values."""

from pathlib import Path

import pytest
from support.changed_documents import changed, shipped

from service.errors import Mistake
from service.library.card_texts import load_cards
from service.library.documents.folders import Documents

FILE = "cards/considerations.yaml"
SUMMARY = '  summary: "To consider with {{ drug }}: {{ first }}"'


def messages(documents: Documents) -> list[str]:
    mistakes: list[Mistake] = []
    load_cards(documents, mistakes)
    return [mistake.what for mistake in mistakes]


def test_shipped_texts_are_sound_and_say_what_they_are_given() -> None:
    mistakes: list[Mistake] = []
    wording = load_cards(shipped(), mistakes)
    assert mistakes == []
    said = wording.own("considerations", "summary", drug="a drug", first="this")
    assert "To consider with a drug: this" in str(said)


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ('  summary: "{{ drgu }}"', "summary: no variable 'drgu' here; did you mean 'drug'?"),
        (
            '  sumary: "{{ drug }}"',
            "no card has a text 'sumary'; did you mean 'summary'?",
        ),
        ('  summary: "{{ drug"', "summary: unexpected end of template, expected 'end of print"),
    ],
)
def test_text_that_cannot_be_said_is_a_mistake(tmp_path: Path, new: str, message: str) -> None:
    (found,) = messages(changed(tmp_path, FILE, SUMMARY, new))
    assert found.startswith(message)


def test_variable_that_is_not_given_is_told_with_the_nearest(tmp_path: Path) -> None:
    documents = changed(tmp_path, "cards/coverage.yaml", "{{ says }}{% if", "{{ sais }}{% if")
    assert messages(documents) == ["way: no variable 'sais' here; did you mean 'says'?"]
