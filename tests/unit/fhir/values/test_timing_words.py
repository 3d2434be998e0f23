"""How often something is given, read from codes and words by the shipped tables and by none."""

import pytest
from support.cases.run import library

from service.fhir.values.timing_words import TimingWords

WORDS = library().knowledge.timings


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("every 2 weeks", {14.0}),
        ("Every 2 (two) weeks", {14.0}),
        ("every other week", {14.0}),
        ("q14d", {14.0}),
        ("twice a day", {0.5}),
        ("once a week", {7.0}),
        ("every 4 to 6 weeks", {28.0, 42.0}),
        ("on days 1, 15 and 29", {14.0}),
        ("take as told", set()),
        ("", set()),
    ],
)
def test_interval_of_a_sentence_is_in_days(words: str, days: set[float]) -> None:
    assert WORDS.intervals(words) == days


def test_without_tables_nothing_is_read() -> None:
    assert TimingWords().intervals("every 2 weeks") == frozenset()


def test_code_of_a_timing_states_its_interval() -> None:
    assert WORDS.by_code({"text": "every 2 weeks"}).intervals == {14.0}
    assert WORDS.by_code({"coding": [{"code": "BID"}]}).intervals == {0.5}
    unknown = WORDS.by_code({"coding": [{"code": "ZZZ"}]})
    assert (unknown.intervals, unknown.once) == (frozenset(), False)


def test_number_beside_an_amount_is_a_count_and_that_of_a_rhythm_is_none() -> None:
    assert WORDS.counts("two syringes of 300 mg") == {2.0}
    assert WORDS.counts("every 2 weeks") == set()
