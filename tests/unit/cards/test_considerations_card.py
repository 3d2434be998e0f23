"""The card of considerations: the weightiest in full while there is room, every other in short."""

from dataclasses import replace

import pytest
from support.card_context import CONTEXT
from support.cases.run import library

from service.cards.card import Card
from service.cards.card_lengths import LONGEST_CONSIDERATIONS
from service.cards.considerations_card import considerations_card
from service.clinical.therapies_and_pathways import Note


def note(number: int, **more: str) -> Note:
    says, cite = f"Consideration {number}.", f"Source {number}"
    return Note(f"ad.n{number}", says, cite, None, 10, **more)  # type: ignore[arg-type]  # fields of a test


def card(*notes: Note) -> Card:
    return considerations_card(library().wording, notes, CONTEXT)


def long_note(number: int) -> Note:
    return replace(
        note(number, short=f"short {number}"), says=f"Full {number}: {'words ' * 30}end."
    )


def test_what_fits_is_in_full_and_every_other_note_in_short() -> None:
    detail = card(*map(long_note, range(1, 6))).card["detail"]
    assert len(detail) <= LONGEST_CONSIDERATIONS
    assert "Full 1" in detail
    assert "Short 1" not in detail
    for number in (4, 5):
        assert f"Full {number}" not in detail
        assert f"- Short {number}\n" in detail


def test_notes_that_do_not_fit_even_in_short_are_counted() -> None:
    many = card(*map(long_note, range(100))).card["detail"]
    assert len(many) <= LONGEST_CONSIDERATIONS
    shown = many.count("\n- Short") + many.startswith("- ")
    assert f"- and {100 - shown} more" in many


def test_a_source_is_in_the_twin_and_not_on_the_card() -> None:
    assert "Source 1" not in card(note(1)).card["detail"]


def test_summary_is_the_first_note_and_how_many_more_there_are() -> None:
    alone = card(note(1, short="Short words")).card["summary"]
    assert "Short words" in alone
    assert "2" in card(note(1), note(2), note(3)).card["summary"]


@pytest.mark.parametrize(("indicator", "expected"), [("info", "info"), ("warning", "warning")])
def test_one_warning_makes_the_card_a_warning(indicator: str, expected: str) -> None:
    assert card(note(1), note(2, indicator=indicator)).card["indicator"] == expected


def test_card_knows_which_notes_it_shows() -> None:
    assert card(note(1), note(2)).criteria == ("ad.n1", "ad.n2")
