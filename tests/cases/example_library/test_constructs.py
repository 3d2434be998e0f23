"""Each construct of docs/reference/constructs.md is shown by a case that stands where the page says."""

import re
from pathlib import Path

import pytest
from support.cases.run import cases_of
from support.paths import ROOT

PAGE = ROOT / "docs/reference/constructs.md"
LANGUAGE = "\n".join(
    page.read_text(encoding="utf-8")
    for page in (ROOT / "docs/reference").glob("*.md")
    if page != PAGE
)
ROW = re.compile(r"^\| (\d+) \| [^|]+ \| ([^|]+) \| `([^`|]+)` \| ([^|]+) \|$", re.MULTILINE)
ROWS = ROW.findall(PAGE.read_text(encoding="utf-8"))


def test_all_twenty_stand_there() -> None:
    assert [int(number) for number, *_ in ROWS] == list(range(1, 21))


@pytest.mark.parametrize(("number", "written", "file", "says"), ROWS, ids=[row[0] for row in ROWS])
def test_the_case_stands_there(number: str, written: str, file: str, says: str) -> None:
    path: Path = ROOT / file
    assert says in {case.says for case in cases_of(path, file)}, number
    assert written.strip()


@pytest.mark.parametrize("words", [row[1] for row in ROWS], ids=[row[0] for row in ROWS])
def test_its_words_are_words_of_the_language(words: str) -> None:
    named = {one.split(":")[0] for one in re.findall(r"`([^`]+)`", words)} - {"policy.yaml"}
    assert named
    assert [one for one in named if not re.search(rf"`[^`]*\b{one}\b", LANGUAGE)] == []
