"""Documents against their shape: what is wrong, where, and what was probably meant."""

from datetime import date
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from service.errors import Mistake
from service.library.documents.validate import did_you_mean, validate
from service.library.documents.yaml import Document


class Inner(BaseModel):
    """A part with a word of a list."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["claim", "dispense"]


class Outer(BaseModel):
    """A document with something of each type."""

    model_config = ConfigDict(extra="forbid")
    name: str
    day: date | None = None
    count: int = Field(default=1, ge=1)
    at_least: int = 0
    at_most: int = 0
    parts: list[Inner] = []


LINES = {("name",): 1, ("count",): 2, ("parts",): 3, ("parts", 0): 4, ("parts", 0, "kind"): 5}


def told(data: Any, **more: Any) -> list[str]:
    mistakes: list[Mistake] = []
    assert validate(Document("x.yaml", data, {**LINES}, **more), Outer, mistakes) is None
    return [f"{one.line}: {one.what}" for one in mistakes]


def test_sound_document_comes_back_in_its_shape() -> None:
    mistakes: list[Mistake] = []
    data = {"name": "x", "parts": [{"kind": "claim"}]}
    assert validate(Document("x.yaml", data), Outer, mistakes) == Outer.model_validate(data)
    assert mistakes == []


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"name": 7}, "1: name is text; put it in quotes"),
        ({"name": ["x"]}, "1: name is text, not a list"),
        ({"count": 2}, "1: 'name' is missing"),
        ({"name": "x", "count": 0}, "2: count is at least 1"),
        ({"name": "x", "count": "many"}, "2: count is a whole number, without quotes"),
        ({"name": "x", "day": "soon"}, "1: day is a day like 2026-01-31, without quotes"),
        ({"name": "x", "parts": 7}, "3: parts is a list"),
        ({"name": "x", "cuont": 2}, "1: unknown key 'cuont'; did you mean 'count'?"),
        ({"name": "x", "zzz": 2}, "1: unknown key 'zzz'"),
        ({"name": "x", "more_than": 2}, "1: unknown key 'more_than'; did you mean 'at_least'?"),
        ({"name": "x", "less_than": 2}, "1: unknown key 'less_than'; did you mean 'at_most'?"),
        (
            {"name": "x", "parts": [{"kind": "claims"}]},
            "5: kind is one of claim, dispense; did you mean 'claim'?",
        ),
        ({"name": "x", "parts": [{}]}, "4: 'kind' is missing"),
    ],
)
def test_mistake_says_what_is_wrong_on_its_line(data: Any, says: str) -> None:
    assert told(data) == [says]


def test_mistyped_key_is_told_once_and_not_as_missing_too() -> None:
    assert told({"nmae": "x"}) == ["1: unknown key 'nmae'; did you mean 'name'?"]


def test_value_that_could_not_be_read_is_not_told_again() -> None:
    assert told({"name": None}, broken={("name",)}) == []


def test_document_that_could_not_be_read_is_no_further_mistake() -> None:
    assert told(None) == []


@pytest.mark.parametrize(
    ("word", "hint"),
    [("clain", "; did you mean 'claim'?"), ("claim", ""), ("zzz", "")],
)
def test_hint_names_a_close_word_but_not_the_same_one(word: str, hint: str) -> None:
    assert did_you_mean(word, ["claim", "record"]) == hint
