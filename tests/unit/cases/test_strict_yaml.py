"""YAML of cases: words stay words, and what cannot be read names its line."""

from pathlib import Path

import pytest

from service.cases.strict_yaml import only, parse_case_text, read_case_file
from service.errors import CaseError


def test_words_stay_words() -> None:
    assert parse_case_text("{on: yes, day: 2026-11-20}") == {"on": "yes", "day": "2026-11-20"}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{a: 1, a: 2}", "the key 'a' stands twice"),
        ("a: [", "not YAML"),
        ("!!python/name:x", "not"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, written: str, said: str) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(written, encoding="utf-8")
    with pytest.raises(CaseError, match=said):
        read_case_file(file)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="cannot be read"):
        read_case_file(tmp_path / "gone.yaml")


def test_other_keys_are_refused() -> None:
    with pytest.raises(CaseError, match="x: unknown 'b'; known are a"):
        only({"b": 1}, {"a"}, "x")
