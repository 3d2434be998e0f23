"""Words to codes, amounts and days."""

from datetime import date
from pathlib import Path

import pytest
from support.cases.words import WORDS

from service.cases.case_words import born, day, read_words, span
from service.errors import CaseError


def test_a_word_or_a_code_written_out() -> None:
    assert WORDS.coding("methotrexate")["code"] == "105585"
    assert WORDS.coding("rxnorm|105585") == {
        "system": "http://www.nlm.nih.gov/research/umls/rxnorm",
        "code": "105585",
    }
    assert WORDS.coding("https://ehr.example/codes|A1")["code"] == "A1"


@pytest.mark.parametrize("word", ["aspirin", "rxnom|1", "a|b"])
def test_an_unknown_word_is_refused(word: str) -> None:
    assert not WORDS.is_code(word)
    with pytest.raises(CaseError, match=r"is not in words\.yaml"):
        WORDS.coding(word)


def test_amounts_spans_and_days() -> None:
    assert WORDS.quantity("<10 %")["comparator"] == "<"
    assert span("2 weeks") == (2, "wk")
    assert day("1 day ahead", date(2026, 11, 20)) == "2026-11-21"
    assert born("6 months", date(2026, 8, 31)) == "2026-02-28"
    for wrong in ("x", "10 dogs"):
        with pytest.raises(CaseError):
            span(wrong)


def test_a_later_file_adds_words(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("systems: {s: 'http://s'}\nwords: {v: {one: s|1}}\n", "utf-8")
    (tmp_path / "b.yaml").write_text("words: {w.condition: {two: s|2}}\n", "utf-8")
    words = read_words(tmp_path / "a.yaml", tmp_path / "b.yaml")
    assert words.coding("two")["code"] == "2"
    assert words.indication("two") == "w"
    assert words.organization("Any Payer") == {"display": "Any Payer"}


@pytest.mark.parametrize("written", ["3000 years ago", "9000 years ahead"])
def test_day_before_or_after_the_calendar_is_refused(written: str) -> None:
    with pytest.raises(CaseError, match="there is no day"):
        day(written, date(2026, 11, 30))
