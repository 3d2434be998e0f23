"""Cases as files: a request each, and what must come out."""

from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from support.boundary import POLICY
from support.cases.run import library

from service.boundary.boundary_cases import boundary_cases
from service.boundary.written_cases import chosen, write_cases
from service.cases.case_files import cases_of
from service.cases.case_words import read_words
from service.errors import CaseError


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    cases, words = boundary_cases(library(), POLICY)
    drawn = chosen(cases, 5, 1)
    assert drawn == chosen(cases, 5, 1) != chosen(cases, 5, 2)
    out = tmp_path / "out"
    write_cases(out, drawn, words)
    again = cases_of(out / "cases.yaml", "cases.yaml", read_words(out / "words.yaml"))
    assert [one.says for one in again] == [one.case.says for one in drawn]
    assert [one.expect for one in again] == [one.case.expect for one in drawn]
    request = orjson.loads((out / f"requests/{drawn[0].name}.json").read_bytes())
    assert request["hook"] == "order-sign"
    with pytest.raises(CaseError, match="not empty"):
        write_cases(out, drawn, words)


def test_nothing_stays_of_what_is_broken_off(tmp_path: Path) -> None:
    cases, words = boundary_cases(library(), POLICY)
    (first, *_) = chosen(cases, 1, 1)
    long_name = "x" * 300  # no file system takes it
    out = tmp_path / "out"
    with pytest.raises(OSError, match="too long"):
        write_cases(out, [first, replace(first, name=long_name)], words)
    assert not out.exists()
