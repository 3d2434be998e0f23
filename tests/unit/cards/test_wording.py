"""Text of a chart stays text wherever it stands on a card."""

import json
import re
from collections.abc import Sequence
from copy import deepcopy
from datetime import date
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from support.paths import ROOT

from service.advise import advise
from service.cards.card import Card
from service.cards.wording import escape
from service.cds.request import AsOf, parse_hook_request
from service.library import Library, load_library

pytestmark = pytest.mark.slow

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
LINKING = MarkdownIt("gfm-like")
PIECES = [
    *("**bold**", "_it_", "~~gone~~", "`code`", "[a](b)", "![a](b)", "*a", "a*", "__", "\\", "\\*"),
    *("<b>", "</p>", "&lt;", "&#60;", "&amp;", "<!--", "-->", "<script>", "javascript:alert(1)"),
    *("a|b", "\n", "\n\n", "    ", "\t", "# ", "1. ", "- ", "> ", "---", "===", "```"),
    *(
        "http://a.example",
        "https://a.example",
        "HTTPS://A.EXAMPLE",
        "www.a.example",
        "wWw.a.example",
    ),
    *("me@a.example", "mailto:me@a.example", "ftp://a.example/x", "[x]: http://a.example"),
    *("<http://a.example>", "\u202e", "\u200b", "\u2028", "ü", "≥", "{{ 7 * 7 }}", "{% raw %}"),
]
HOSTILE = st.one_of(
    st.text(max_size=60), st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join)
)


@pytest.mark.parametrize("value", [None, 5, 1.5, True, ["a"]])
def test_value_that_is_no_text_is_not_escaped(value: object) -> None:
    assert escape(value) == value


@lru_cache(maxsize=1)
def library() -> Library:
    return load_library(ROOT, None)


# The first is answered with considerations, the second with alternatives.
RECORDED = ("p001-initial", "renewal-worse")
KINDS = {
    "p001-initial": {"coverage", "considerations"},
    "renewal-worse": {"coverage", "alternatives", "tests"},
}


@lru_cache(maxsize=2)
def recorded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / f"fixtures/{name}.json").read_bytes())
    return found


def denies_a_diagnosis(text: str) -> bool:
    """Whether a text is read: next to a diagnosis, or a reason of the order, it says that it is not so."""
    rules = library().source_of("Condition").rules
    each = (rule.denials for rule in rules if rule.denials is not None)
    return any(
        one.refusal([text]) or one.says_past([text]) or one.is_doubtful([text]) for one in each
    )


def poisoned(text: str, name: str) -> dict[str, Any]:
    """A recorded request with the same text wherever a chart speaks: names, displays, sites, notes."""
    body = deepcopy(recorded(name))
    waiting: list[Any] = [body["prefetch"], body["context"]["draftOrders"]]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            for key in ("display", "text", "name", "valueString", "unit"):
                if isinstance(one.get(key), str):
                    one[key] = text
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    orders = body["context"]["draftOrders"]["entry"]
    drug = {**orders[0]["resource"], "id": "second"}
    drug["dispenseRequest"] = {"performer": {"display": text}}
    orders.append({"resource": drug})
    return body


def told(text: str, name: str, *, payer: bool = True) -> Sequence[Card]:
    """What is told of a hostile chart; where its payer has another name than its number nothing is judged."""
    body = poisoned(text, name)
    if not payer:
        body["prefetch"]["coverage"] = deepcopy(recorded(name)["prefetch"]["coverage"])
    request = parse_hook_request(body, frozenset({"order-sign"}))
    as_of = AsOf("day", date(2026, 11, 21))
    return advise(library(), request, library().client("local"), as_of).shown_cards


ALLOWED = re.compile(r"</?(p|ul|ol|li|strong|em)>|\n")


@pytest.mark.conforms("CARD-03", "CARD-08", "CARD-09")
@pytest.mark.parametrize("name", RECORDED)
@settings(max_examples=40, deadline=None)
@given(HOSTILE)
@example("<img src=x onerror=alert(1)>")
@example("[click](http://a.example)")
@example("{{ 7 * 7 }}")
def test_a_card_about_a_hostile_chart_holds_our_own_mark_up_only(name: str, text: str) -> None:
    found = told(text, name)
    assert [one.kind for one in found[:2]] == ["coverage", "coverage"]
    for card in (one.card for one in found):
        for renderer in (MARKDOWN, LINKING):
            assert "<" not in ALLOWED.sub("", renderer.render(card["detail"]))
        assert len(card["summary"]) < 140
        for one in card.get("suggestions", ()):
            for said in (one["label"], *(action["description"] for action in one["actions"])):
                assert not set(said) & set("<>\n")
        assert not set(card["summary"]) & set("<\n")


@pytest.mark.parametrize("name", RECORDED)
@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)>", "[click](http://a.example)"])
def test_no_text_of_a_chart_comes_into_a_new_order(name: str, text: str) -> None:
    found = told(text, name, payer=False)
    assert {one.kind for one in found} == KINDS[name]
    created = [
        action["resource"]
        for one in found
        for suggestion in one.card.get("suggestions", ())
        for action in suggestion["actions"]
        if action["type"] == "create"
    ]
    assert text not in json.dumps(created)
    assert bool(created) is ("alternatives" in KINDS[name])


@pytest.mark.parametrize("name", RECORDED)
@settings(max_examples=15, deadline=None)
@given(HOSTILE)
def test_hostile_text_never_changes_what_a_card_is_made_of(name: str, text: str) -> None:
    def bold(of: str) -> list[set[str]]:
        """What is in bold on each card, without numbers: a longer text leaves room for fewer lines."""
        details = (MARKDOWN.render(one.card["detail"]) for one in told(of, name))
        found = (re.findall(r"<strong>(.*?)</strong>", detail) for detail in details)
        return [{re.sub(r"\d+", "", words) for words in each} for each in found]

    # with a word that no list knows: a lone "G" or "Y" may be a unit or an answer
    if text.strip() and not denies_a_diagnosis(f"{text} zq"):
        shown, harmless = bold(f"{text} zq"), bold("x zq")
        assert len(shown) == len(harmless)
        assert all(words <= known for words, known in zip(shown, harmless, strict=True))
