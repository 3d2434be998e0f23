"""Every line of the seed articles is shown by a case, stands on a page, or says why it stands nowhere."""

from pathlib import Path
from typing import Any

import pytest
from support.cases.run import library
from support.clinical.run import all_cases
from support.paths import yaml_of

from service.pages.plain_text import therapy_text
from service.pages.therapy_page import find_therapy, therapy_page

STATEMENTS = yaml_of(Path(__file__).with_name("statements.yaml"))
LINES: dict[str, dict[str, Any]] = {
    f"{seed}.{name}": line
    for seed, lines in STATEMENTS["seeds"].items()
    for name, line in lines.items()
}
ON_PAGES = {id_: line for id_, line in LINES.items() if "page" in line}


def test_each_statement_is_shown_or_says_why_not() -> None:
    shown = {one for case in all_cases() for one in case.shows}
    by_cases = {id_ for id_, line in LINES.items() if "why" not in line}
    assert shown == by_cases | set(STATEMENTS["others"])


@pytest.mark.parametrize("id_", sorted(ON_PAGES))
def test_what_stands_on_a_page_is_there(id_: str) -> None:
    known = library()
    told = " ".join(
        therapy_text(therapy_page(known, find_therapy(known, ON_PAGES[id_]["page"]))).split()
    )
    assert [words for words in ON_PAGES[id_]["words"] if words not in told] == []


def test_each_line_is_restated_and_has_no_stray_key() -> None:
    keys = {"says", "why", "page", "words", "wrong"}
    assert [id_ for id_, line in LINES.items() if not line.get("says") or set(line) - keys] == []
