"""Pages as plain text: headings, wrapped lines, criteria below each other."""

from support.cases.run import library

from service.pages.criteria_outline import OutlineLine, PageReading
from service.pages.plain_text import (
    WIDTH,
    criterion_lines,
    heading,
    labelled_lines,
    reading_words,
    therapy_text,
    wrapped,
)
from service.pages.therapy_page import find_therapy, therapy_page


def test_heading_has_a_rule_as_long_as_its_title() -> None:
    assert [*heading("Title", "=")] == ["", "Title", "====="]


def test_label_without_words_stands_alone() -> None:
    assert [*labelled_lines([("Label", "words"), ("Bare", "")])] == ["Label: words", "Bare"]


def test_long_text_is_wrapped_and_indented_by_its_depth() -> None:
    (text,) = wrapped("word " * 50, 2)
    lines = text.splitlines()
    assert len(lines) > 1
    assert max(map(len, lines)) <= WIDTH
    assert lines[0].startswith("      word")
    assert all(line.startswith("        word") for line in lines[1:])


def test_very_deep_text_keeps_room_for_its_words_and_words_are_never_broken() -> None:
    (deep,) = wrapped("word " * 20, 40)
    assert all(len(line.split()) > 1 for line in deep.splitlines())
    (unbroken,) = wrapped("x" * (WIDTH + 20), 0)
    assert unbroken == "x" * (WIDTH + 20)


def test_criteria_stand_below_each_other_with_number_lines_and_notes() -> None:
    child = OutlineLine("1.1", "ad.child", "Child", "", branch="if met")
    line = OutlineLine(
        "1", "ad.top", "Top", "line 3", nest="All of", notes=(("Asks", "x"),), children=(child,)
    )
    assert [*criterion_lines(line, 0)] == [
        "1 Top",
        "   line 3 · ad.top",
        "   Asks: x",
        "   All of:",
        "   1.1 [if met] Child",
        "      ad.child",
        "",
    ]


def test_reading_says_how_it_is_read_why_and_how_else() -> None:
    bare = PageReading("A01", "so", "high", "")
    assert reading_words(bare) == "A01 (high confidence): so."
    whole = PageReading("A01", "so", "low", "line 3", "because", ("else", "or else"))
    assert reading_words(whole) == (
        "A01 (low confidence, line 3): so. OTHER READING: else. OTHER READING: or else. Why: because."
    )


def test_page_of_each_shipped_therapy_begins_with_its_title_and_ends_with_one_line_end() -> None:
    known = library()
    for name in known.clinical.therapies:
        page = therapy_page(known, find_therapy(known, name))
        text = therapy_text(page)
        assert text.startswith(f"\n{page.title}\n===")
        assert text.endswith("\n")
        assert not text.endswith("\n\n")
