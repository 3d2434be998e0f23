"""Whole lines within a bound: what is left out is counted, what is first to do stays."""

import re
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cards.details.fitted_to_length import (
    NEVER_LEFT_OUT,
    Block,
    Form,
    WordsForMore,
    fitted,
    within,
)

COUNTED = WordsForMore(lambda count: f"and {count} more", lambda count: f"{count} not shown.")
FOOT = Block("", ("The foot.",), 100, 1, "paragraphs")
FORMS: list[Form] = ["bullets", "numbers", "sentence", "paragraphs"]


def lines(name: str, count: int) -> tuple[str, ...]:
    return tuple(f"{name}{n}" for n in range(count))


def test_what_fits_is_shown_as_it_is() -> None:
    blocks = [Block("**A**", ("one", "two"), 5), Block("B:", ("x", "y"), 1, form="sentence"), FOOT]
    assert fitted(blocks, 100, COUNTED) == "**A**\n- one\n- two\n\nB: x, y\n\nThe foot."


def test_the_last_lines_of_the_lightest_block_go_first() -> None:
    blocks = [Block("**A**", lines("heavy", 3), 5), Block("**B**", lines("light", 3), 1), FOOT]
    text = fitted(blocks, 75, COUNTED)
    assert text.split("\n\n")[1] == "**B**\n- light0\n- and 2 more"
    assert fitted(blocks, 60, COUNTED).endswith("The foot. 3 not shown.")


def test_brackets_go_before_whole_lines() -> None:
    asked = Block("**A**", ("one? (as the record has it)", "two?"), 90, 1, short=("one?", "two?"))
    assert fitted([asked, FOOT], 35, COUNTED) == "**A**\n- one?\n- two?\n\nThe foot."


def test_a_block_that_is_left_out_keeps_its_number() -> None:
    met = Block("**Met (9):**", lines("name", 9), 1, form="sentence", lone="**Met (9)**")
    assert fitted([met, FOOT], 25, COUNTED) == "**Met (9)**\n\nThe foot."


def test_a_line_has_as_many_whole_parts_as_fit() -> None:
    def joined(parts: list[str]) -> str:
        return ", ".join(parts)

    assert within("first", ["a", "", "much too long for it", "b"], 12, joined) == "first, a, b"


@given(
    counts=st.lists(st.integers(0, 9), min_size=1, max_size=6),
    weights=st.permutations(range(6)),
    forms=st.lists(st.sampled_from(FORMS), min_size=6, max_size=6),
    longest=st.integers(0, 400),
)
def test_nothing_is_lost_without_being_counted(
    counts: list[int], weights: list[int], forms: list[Form], longest: int
) -> None:
    starts = [0, *accumulate(counts)]
    blocks = [
        Block(f"Heading {place}", lines(f"line{place}x", count), weights[place], form=forms[place])
        for place, count in enumerate(counts)
    ]
    text = fitted([*blocks, FOOT], longest, COUNTED)
    shown = len(re.findall(r"line\dx\d", text))
    left = sum(map(int, re.findall(r"and (\d+) more", text)))
    left += sum(map(int, re.findall(r"(\d+) not shown", text)))
    assert shown + left == starts[-1]
    assert "The foot." in text
    least = len("The foot. 54 not shown.")
    assert len(text) <= max(longest, least)


@pytest.mark.parametrize("keep", [1, 3])
def test_the_first_lines_are_never_left_out(keep: int) -> None:
    text = fitted([Block("**A**", lines("do", 5), NEVER_LEFT_OUT, keep), FOOT], 1, COUNTED)
    assert all(f"- do{n}\n" in text for n in range(keep))
    assert f"- and {5 - keep} more" in text


def test_kept_lines_of_a_light_block_go_after_all_else() -> None:
    blocks = [Block("**A**", lines("kept", 2), 1, 2), Block("**B**", lines("bigger", 2), 80), FOOT]
    text = fitted(blocks, 50, COUNTED)
    assert "kept1" in text
    assert "bigger0" not in text
    assert fitted(blocks, 25, COUNTED) == "The foot. 4 not shown."
