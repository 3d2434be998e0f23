"""The card of considerations: the first four with their source, the others in short."""

import pytest
from support.card_context import CONTEXT
from support.cases.run import library

from service.cards.card import Card
from service.cards.considerations import MOST_LINES, considerations_card
from service.clinical.model import Note


def note(number: int, **more: str) -> Note:
    says, cite = f"Consideration {number}.", f"Source {number}"
    return Note(f"ad.n{number}", says, cite, None, 10, **more)  # type: ignore[arg-type]  # fields of a test


def card(*notes: Note) -> Card:
    return considerations_card(library().wording, notes, CONTEXT)


def test_first_four_have_their_source_and_the_others_their_words() -> None:
    detail = card(*map(note, range(1, MOST_LINES + 2))).card["detail"]
    for number in range(1, MOST_LINES + 1):
        assert f"Source {number}" in detail
    assert f"Consideration {MOST_LINES + 1}" in detail
    assert f"Source {MOST_LINES + 1}" not in detail


def test_summary_is_the_first_note_and_how_many_more_there_are() -> None:
    alone = card(note(1, short="Short words")).card["summary"]
    assert "Short words" in alone
    assert "2" in card(note(1), note(2), note(3)).card["summary"]


@pytest.mark.parametrize(("indicator", "expected"), [("info", "info"), ("warning", "warning")])
def test_one_warning_makes_the_card_a_warning(indicator: str, expected: str) -> None:
    assert card(note(1), note(2, indicator=indicator)).card["indicator"] == expected


def test_card_knows_which_notes_it_shows() -> None:
    assert card(note(1), note(2)).criteria == ("ad.n1", "ad.n2")
