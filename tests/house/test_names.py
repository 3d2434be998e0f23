"""The engine names nothing that a document names: no drug, payer, policy, value set, fact or code."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from support.example_library import EXAMPLE
from support.paths import ROOT, yaml_of

OURS = re.compile(r"dupilumab[-_]cds", re.IGNORECASE)  # the project's own name is no drug
CODE = re.compile(r"(?=.*\d)[\w.-]{5,}")  # a code that no sentence holds by chance
WORD = re.compile(r"[^\W_](?:[\w.-]*\w)?")


@cache
def _engine() -> dict[str, str]:
    """Every file below service/, without the project's own name."""
    found = {}
    for path in sorted((ROOT / "service").rglob("*")):
        if path.is_file() and path.suffix in {".py", ".json", ".html", ".yaml", ".txt", ".j2"}:
            text = path.read_text(encoding="utf-8").lower()
            found[path.relative_to(ROOT).as_posix()] = OURS.sub(" ", text)
    return found


@cache
def _documents(folder: str) -> tuple[dict[str, Any], ...]:
    return tuple(
        yaml_of(path)
        for root in (ROOT, EXAMPLE)
        for path in sorted((root / "mappings" / folder).rglob("*.yaml"))
    )


def _drugs() -> Iterator[str]:
    for one in _documents("value_sets"):
        yield from one.get("members", [])
        if one["kind"] == "drug":
            yield from (one["value_set"], *one["texts"])
    yield from (one["regimen"] for one in _documents("regimens"))


def _payers() -> Iterator[str]:
    for one in _documents("payers"):
        yield from (one["payer"], one["name"], one["short"], *one["names"])
        yield from (each["value"] for each in one["identifiers"])


def _policies() -> Iterator[str]:
    for one in _documents("policies"):
        if "policy" in one:
            yield from (one["policy"], one["policy"].split("/")[1], one["title"], one["document"])


def _sets_and_facts() -> Iterator[str]:
    yield from (one["value_set"] for one in _documents("value_sets"))
    yield from (one["fact"] for one in _documents("facts"))


def _codes() -> Iterator[str]:
    for one in _documents("value_sets"):
        for part in ("codes", "questions"):
            for lines in one.get(part, {}).values():
                yield from (line["code"] for line in lines if CODE.fullmatch(line["code"]))


KINDS: dict[str, Callable[[], Iterator[str]]] = {
    "drugs": _drugs,
    "payers": _payers,
    "policies": _policies,
    "value sets and facts": _sets_and_facts,
    "codes": _codes,
}


@cache
def _words_of_engine() -> dict[str, frozenset[str]]:
    return {file: frozenset(WORD.findall(text)) for file, text in _engine().items()}


@cache
def _named(names: frozenset[str]) -> frozenset[tuple[str, str]]:
    """Where the engine names one of these, by file; one word is looked up, more are searched for."""
    lower = {one.lower() for one in names}
    single = {one for one in lower if WORD.fullmatch(one)}
    several = "|".join(map(re.escape, sorted(lower - single, key=len, reverse=True)))
    pattern = re.compile(rf"(?<![\w.])(?:{several})(?!\w)") if several else None
    found = {(file, one) for file, words in _words_of_engine().items() for one in words & single}
    if pattern is not None:
        found |= {(file, one) for file, text in _engine().items() for one in pattern.findall(text)}
    return frozenset(found)


@pytest.mark.parametrize("kind", KINDS)
def test_the_engine_names_none(kind: str) -> None:
    names = frozenset(KINDS[kind]())
    assert len(names) > 1
    assert sorted(_named(names)) == []


def test_the_search_finds_what_stands_there() -> None:
    assert ("service/app.py", "flask") in _named(frozenset({"flask"}))


def test_the_shipped_documents_do_not_know_the_example() -> None:
    for folder in ("mappings", "cards"):
        for path in (ROOT / folder).rglob("*.yaml"):
            text = path.read_text(encoding="utf-8")
            assert not re.search("example-health-plan|examplimab|EHP-", text), path
