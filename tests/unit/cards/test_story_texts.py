"""The texts of the page of an order: each is used, each has its words."""

import re
from pathlib import Path

import yaml
from support.paths import ROOT

from service.cards.story_texts import STORY, STORY_TEXTS
from service.policy.assessment import Outcome
from service.policy.truth import Truth, Way

WRITTEN = yaml.safe_load((ROOT / "cards/story.yaml").read_text(encoding="utf-8"))
PLACES = ("service/pages", "service/web")
# Made of a prefix and a word of the answer.
MADE = ("reason_", "way_", "kind_", "state_", "change_")


def _sources() -> str:
    files = (
        path
        for place in PLACES
        for path in (ROOT / place).rglob("*")
        if path.suffix in {".py", ".html"}
    )
    return "\n".join(map(Path.read_text, files))


def test_each_text_is_written_once_and_has_the_values_that_it_names() -> None:
    assert WRITTEN["card"] == STORY
    assert set(WRITTEN["texts"]) == set(STORY_TEXTS)
    for name, text in WRITTEN["texts"].items():
        assert set(re.findall(r"{{ (\w+) }}", text)) == set(STORY_TEXTS[name]), name


def test_each_text_is_used() -> None:
    used = set(re.findall(r"\w+", _sources()))
    plain = {*map(str, (*Truth, *Outcome)), "initial", "renewal", "link"}
    unused = {name for name in STORY_TEXTS if name not in used and not name.startswith(MADE)}
    assert unused <= plain


def test_every_way_and_outcome_has_words() -> None:
    assert {f"way_{way}" for way in Way} <= set(STORY_TEXTS)
    assert set(map(str, Outcome)) <= set(STORY_TEXTS)
