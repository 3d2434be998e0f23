"""The pages explain every word of an answer, a card and the clients file; links and file names are right."""

import json
import re
from pathlib import Path

import pytest
from pydantic import BaseModel
from support.paths import ROOT

from service.library import shapes
from service.library.card_texts import GIVEN
from service.policy.truth import Reason, Way

DOCS = ROOT / "docs"
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *DOCS.rglob("*.md"))
    if path.name != "CHANGELOG.md"  # it names places of the past
)
CLIENTS = (
    shapes.ClientsShape,
    shapes.ClientShape,
    shapes.KeysShape,
    shapes.AliasShape,
    shapes.SmartShape,
)


def _words(name: str) -> set[str]:
    """Every word inside code marks of a page."""
    text = (DOCS / f"reference/{name}.md").read_text(encoding="utf-8")
    marked = re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL)
    return {word for one in marked for word in re.findall(r"[a-z][a-z0-9_]*", one, re.IGNORECASE)}


def _keys(models: list[type[BaseModel]]) -> set[str]:
    return {field.alias or name for one in models for name, field in one.model_fields.items()}


def test_every_key_of_the_clients_file_is_explained() -> None:
    assert _keys(list(CLIENTS)) - _words("clients") == set()


def test_every_word_of_an_answer_is_explained() -> None:
    schema = json.loads((ROOT / "service/web/assessment.schema.json").read_text(encoding="utf-8"))
    data = schema["properties"]["data"]["items"]["properties"]["state"]["enum"]
    outcomes = schema["properties"]["outcome"]["enum"]
    wanted = {*schema["properties"], *outcomes, *data, *map(str, Reason), *map(str, Way)}
    assert wanted - _words("answers") == set()


@pytest.mark.parametrize("card", GIVEN)
def test_every_text_of_a_card_and_its_variables_are_explained(card: str) -> None:
    told = {name.removesuffix("_detail") for name in GIVEN[card]}
    variables = {name for given in GIVEN[card].values() for name in given}
    assert (told | variables) - _words("cards") == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(
        r"(?<![\w/])(?:docs|examples|fixtures|cards|mappings|tests|service|tools)/[\w./-]*\w(?!\w*[<*])",
        text,
    )
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_a_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(r"`(?:tests/)?([\w/]+/test_\w+\.py)(?:::(\w+))?`", text)
    assert [
        f"{file}::{test}"
        for file, test in named
        if not (ROOT / "tests" / file).exists()
        or f"def {test}" not in (ROOT / "tests" / file).read_text(encoding="utf-8")
    ] == []


def test_every_page_that_code_or_a_document_names_exists() -> None:
    sources = (
        path
        for folder in ("service", "tools", "bench", "cards", "mappings", "policies", "examples")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".py", ".yaml", ".html"}
    )
    lost = {
        f"{source.relative_to(ROOT)}: {page}"
        for source in sources
        for page in re.findall(r"(?<![\w/.])docs/[\w/-]+\.md", source.read_text(encoding="utf-8"))
        if not (ROOT / page).exists()
    }
    assert lost == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_to_a_page_and_its_heading(page: str) -> None:
    path = ROOT / page
    links = re.findall(r"\]\(([^)\s:]*?)(?:#([^)\s]+))?\)", path.read_text(encoding="utf-8"))
    targets = [((path.parent / link if link else path), heading) for link, heading in links]
    assert [str(target) for target, _ in targets if not target.exists()] == []
    headings = [(target, heading) for target, heading in targets if heading]
    assert [pair for pair in headings if pair[1] not in _headings(pair[0])] == []


def _headings(page: Path) -> set[str]:
    """The headings of a page as GitHub links to them."""
    lines = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


def test_the_index_names_every_page() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.glob("*/**/*.md")}
    assert {page for page in pages if f"({page})" not in index} == set()
