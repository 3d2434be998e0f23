"""The docs are in plain English: words that once stopped readers do not come back (docs/why/words.md)."""

import re

import pytest
from support.paths import ROOT

PAGES = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")))
THE_LIST = ROOT / "docs/why/words.md"
# An idiom, and what to write instead.
AVOIDED = {
    r"beside\b": "next to, with, in addition to",
    r"stands? (?!for\b)": "is, is written, is listed",
    r"stood\b": "was",
    r"tells?\b": "shows, says, distinguishes",
    r"told\b": "reported",
    r"(?:is|are|be|not) had\b": "is available",
    r"(?:who|whom)ever\b": "the role",
    r"(?:no|some)body\b": "the role",
    r"anew\b": "again",
    r"speaks? (?:for|against)\b": "supports, contradicts",
    r"(?:came|comes?) along\b": "is sent",
    r"in vain\b": "without success",
    r"letter by letter\b": "exactly",
    r"let in\b": "authenticated",
    r"for good\b": "permanently",
    r"way round\b": "way around",
}


@pytest.mark.parametrize("idiom", AVOIDED)
def test_docs_avoid(idiom: str) -> None:
    found = [
        f"{page.relative_to(ROOT)}:{number}: {line.strip()}"
        for page in PAGES
        if page != THE_LIST
        for number, line in enumerate(_prose(page.read_text(encoding="utf-8")), start=1)
        if re.search(rf"\b(?:{idiom})", line, re.IGNORECASE)
    ]
    assert found == [], f"write: {AVOIDED[idiom]}"


def test_lines_of_prose_wrap_at_100() -> None:
    found = [
        f"{page.relative_to(ROOT)}:{number}"
        for page in PAGES
        for number, line in enumerate(_without_blocks(page.read_text(encoding="utf-8")), start=1)
        if len(line) > 100 and not line.startswith(("|", "- [", "#"))
    ]
    assert found == []


def _prose(text: str) -> list[str]:
    """The lines of a page without code and quotations, which keep the words of their source."""
    return [re.sub(r"`[^`]*`|\"[^\"]*\"", "", line) for line in _without_blocks(text)]


def _without_blocks(text: str) -> list[str]:
    blocks = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
    return blocks.sub(lambda block: "\n" * block[0].count("\n"), text).splitlines()
