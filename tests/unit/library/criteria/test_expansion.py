"""`use` is replaced by its definition; `one_class` repeats its tests for each class."""

from typing import Any

import pytest
from support.criterion_reader import messages, reader

from service.library.criteria.expansion import expand
from service.library.criteria.scope import Definition
from service.library.criteria.tree import parse_criterion
from service.library.documents.yaml import Document
from service.policy.model import Op
from service.policy.operators import Supply

HEADING = {"id": "ad.tried", "says": "Tried", "cite": "1"}


def tried() -> Definition:
    body = {"all": [{"id": ".supply", "supply": {"of": "$class", "ever": True}}], "reading": "a"}
    return Definition("tried", Document("policy.yaml"), ("class",), body)


def expanded(**raw: Any) -> tuple[dict[str, Any] | None, list[str]]:
    read_with = reader(definitions={"tried": tried()})
    return expand(read_with, {**HEADING, **raw}, ()), messages(read_with)


def test_definition_is_written_out_with_its_values_and_the_id_of_its_use() -> None:
    filled, wrong = expanded(use="tried", **{"class": "steroid"}, reading="b")
    assert wrong == []
    assert filled == {
        **HEADING,
        "all": [{"id": "ad.tried.supply", "supply": {"of": "steroid", "ever": True}}],
        "reading": ["b", "a"],
    }


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"use": "tride"}, "no definition 'tride'; did you mean 'tried'?"),
        ({"use": {}}, "no definition '{}'"),
        ({"use": "tried"}, "'class' is missing; 'tried' takes it"),
        (
            {"use": "tried", "class": "steroid", "n": 2},
            "'n' means nothing beside 'use: tried'",
        ),
    ],
)
def test_mistake_in_a_use_is_noted(raw: dict[str, Any], message: str) -> None:
    assert expanded(**raw) == (None, [message])


def test_use_of_an_unsound_definition_is_none_without_a_second_message() -> None:
    unsound = tried()
    unsound.sound = False
    read_with = reader(definitions={"tried": unsound})
    assert expand(read_with, {**HEADING, "use": "tried", "class": "steroid"}, ()) is None
    assert unsound.used
    assert messages(read_with) == []


def one_class(of: object, **test: Any) -> dict[str, Any]:
    below = {"id": "ad.tried.ever", "says": "Ever", "cite": "1", **test}
    return {**HEADING, "one_class": {"of": of, "all": [below]}}


def test_tests_are_repeated_for_each_class() -> None:
    read_with = reader()
    raw = one_class(["steroid", "tci"], supply={"of": "$class", "ever": True})
    criterion = parse_criterion(read_with, raw, ())
    assert messages(read_with) == []
    assert criterion is not None
    assert criterion.op is Op.ONE_CLASS
    asked = [child.children[0].operator for child in criterion.children]
    assert asked == [Supply(of=(name,), ever=True) for name in ("steroid", "tci")]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (
            one_class(["tci"], supply={"of": "tci", "ever": True}),
            "'$class' stands nowhere below",
        ),
        (
            one_class([], supply={"of": "$class", "ever": True}),
            "a list of value sets is needed here",
        ),
    ],
)
def test_classes_without_a_test_or_a_name_are_a_mistake(raw: dict[str, Any], message: str) -> None:
    read_with = reader()
    assert parse_criterion(read_with, raw, ()) is None
    assert messages(read_with) == [message]
