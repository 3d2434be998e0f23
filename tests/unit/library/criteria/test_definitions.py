"""Definitions of a test that is written once: what is wrong in them, and which are used."""

from typing import Any

import pytest

from service.errors import Mistake
from service.library.criteria.definitions import read_definitions, unused
from service.library.documents.yaml import Document

SUPPLY = {"with": "class", "supply": {"of": "$class", "ever": True}}


def told(written: dict[str, Any]) -> list[str]:
    mistakes: list[Mistake] = []
    read_definitions(Document("x.yaml"), written, {}, mistakes)
    return [one.what for one in mistakes]


def test_sound_definition_has_its_parameters_apart_from_its_body() -> None:
    mistakes: list[Mistake] = []
    found = read_definitions(Document("x.yaml"), {"tried": SUPPLY}, {}, mistakes)["tried"]
    assert mistakes == []
    assert (found.takes, found.body, found.sound, found.used) == (
        ("class",),
        {"supply": SUPPLY["supply"]},
        True,
        False,
    )


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ([], "a definition has one operator, and 'with' if it takes parameters"),
        ({"says": "x", "recorded": "a"}, "'says' is said where the definition is used"),
        ({"with": ["a b"], "recorded": "x"}, "with is a list of names"),
        ({"recorded": "$clas"}, "no parameter '$clas'"),
        ({"with": "class", "recorded": "x"}, "'$class' stands nowhere in the definition"),
        (
            {"all": [{"id": "part", "recorded": "x"}]},
            "the id 'part' in a definition begins with a dot, like '.supply'",
        ),
        ({"use": "it"}, "'it' uses itself"),
    ],
)
def test_mistake_in_a_definition_is_told(raw: object, says: str) -> None:
    assert told({"it": raw}) == [says]


def test_definitions_that_use_each_other_in_a_circle_are_mistakes() -> None:
    written = {"a": {"use": "b"}, "b": {"all": [{"use": "a"}]}, "c": {"use": "a"}}
    assert told(written) == ["'a' uses itself", "'b' uses itself"]


def test_name_is_defined_once_in_a_version() -> None:
    mistakes: list[Mistake] = []
    first = read_definitions(Document("head.yaml"), {"tried": SUPPLY}, {}, mistakes)
    again = read_definitions(Document("ad.yaml"), {"tried": SUPPLY}, first, mistakes)
    assert [one.what for one in mistakes] == ["'tried' stands already at head.yaml:1"]
    assert not again["tried"].sound


def test_definition_that_nothing_uses_is_told() -> None:
    mistakes: list[Mistake] = []
    written = {"tried": SUPPLY, "other": {"recorded": "x"}}
    found = read_definitions(Document("x.yaml"), written, {}, mistakes)
    found["other"].used = True
    assert [one.what for one in unused(found.values())] == ["nothing uses 'tried'"]
