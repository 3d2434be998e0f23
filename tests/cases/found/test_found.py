"""Requests that were once answered wrongly, by kind, and what must hold of the answer.

A case names its request, the clients file, the day, and what the answer must or must not say;
`!met` is anything but met, `a|b` one of the two. A guard was right before its kind was mended.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
import pytest
from support.card_rules import faults
from support.nothing_lost import lost
from support.paths import ROOT, yaml_of

from service.advise import Advice, advise
from service.cds.request import AsOf, parse_hook_request
from service.cds.strict_json import parse_body
from service.cli.assessment_text import readable
from service.library import load_library
from service.library.library import Library

HERE = Path(__file__).parent
CLIENTS = ROOT / "fixtures" / "clients"
HOOKS = frozenset({"order-sign", "order-select"})
Json = Mapping[str, Any]

CASES: Sequence[Json] = yaml_of(HERE / "cases.yaml")


@lru_cache(maxsize=8)
def library(client: str) -> Library:
    """The documents of the checkout with one of the clients files."""
    return load_library(ROOT, CLIENTS / f"{client}.yaml")


def answer(case: Json) -> Advice:
    """The answer to the request of a case, on its day and for its client."""
    documents = library(case["client"])
    raw = (HERE / "requests" / case["file"]).read_bytes()
    as_of = case["as_of"]
    day = AsOf("day", as_of) if isinstance(as_of, date) else AsOf("order", date(2026, 11, 21))
    return advise(
        documents, parse_hook_request(parse_body(raw), HOOKS), documents.client("local"), day
    )


def fits(expected: str, got: str | None) -> bool:
    """Whether a value is as a case says: one of `a|b`, or with `!` none of them."""
    if expected.startswith("!"):
        return got not in expected[1:].split("|")
    return got in expected.split("|")


def nodes(criteria: Sequence[Json]) -> Iterator[Json]:
    """Every criterion of a twin."""
    for one in criteria:
        yield one
        yield from nodes(one.get("children", ()))


def wrong(case: Json, advice: Advice) -> Iterator[str]:
    """Each way in which the answer is not what the case says."""
    if case.get("cards") and not advice.cards:
        yield "no card"
    if not advice.twins:
        yield from ["no assessment"] if "outcome" in case or "expect" in case else []
        return
    twin = advice.twins[0]
    text = orjson.dumps(twin).decode() + readable(twin)
    if case.get("cards"):
        text += orjson.dumps(advice.cards).decode()
    for name in ("path", "outcome", "reason"):
        if name in case and not fits(case[name], twin.get(name)) and not _or_says(case, text):
            yield f"{name}: expected {case[name]}, got {twin.get(name)}"
    found = {one["id"]: one for one in nodes(twin.get("criteria", ()))}
    for id_, expected in case.get("expect", {}).items():
        node = found.get(id_, {})
        if not fits(expected, node.get("truth")):
            got = node.get("truth"), node.get("reason"), node.get("miss")
            yield f"{id_}: expected {expected}, got {got}"
    if "says" in case and not re.search(case["says"], text, re.IGNORECASE):
        yield f"does not say {case['says']}"
    if "says_not" in case and (said := re.search(case["says_not"], text, re.IGNORECASE)):
        yield f"says {said.group()}"


def _or_says(case: Json, text: str) -> bool:
    return "or_says" in case and bool(re.search(case["or_says"], text, re.IGNORECASE))


@pytest.mark.parametrize("case", CASES, ids=[f"{one['kind']}: {one['file']}" for one in CASES])
def test_a_request_that_was_found_is_answered_as_it_must_be(case: Json) -> None:
    advice = answer(case)
    assert list(wrong(case, advice)) == []
    assert faults(advice.cards, orjson.loads((HERE / "requests" / case["file"]).read_bytes())) == []
    assert not (advice.cards and lost(advice))


def test_every_recorded_request_has_a_case() -> None:
    recorded = {path.name for path in (HERE / "requests").glob("*.json")}
    assert recorded == {case["file"] for case in CASES}
