"""The state of a version: who may be its author and its reviewer, and what is said otherwise."""

from typing import Any

import pytest

from service.library.policies.policy_head import head_for
from service.library.policies.version_state import same_person, wrong_state

IN_REVIEW = "until then write 'state: in_review'"


def told(**head: Any) -> list[tuple[Any, str]]:
    return [*wrong_state(head_for("drug").model_copy(update=head))]


@pytest.mark.parametrize(
    "head",
    [
        {"state": "evaluation"},
        {"state": "draft", "author": "Ann Field"},
        {"state": "in_review", "author": "Ann Field"},
        {"state": "in_review", "author": "Ann Field", "reviewer": "Ann Field"},
        {"state": "active", "author": "Ann Field", "reviewer": "Bo Stone"},
    ],
)
def test_sound_states_have_no_mistake(head: dict[str, str]) -> None:
    assert told(**head) == []


@pytest.mark.parametrize("state", ["draft", "in_review", "active"])
def test_every_state_but_evaluation_names_its_author(state: str) -> None:
    ((where, message),) = told(state=state, reviewer="Bo Stone")
    assert where == ("state",)
    assert message == f"'author' is missing; a version whose state is {state} says who wrote it"


def test_active_needs_a_reviewer_who_is_not_the_author() -> None:
    ((where, message),) = told(state="active", author="Ann Field")
    assert where == ("state",)
    assert message.startswith("'reviewer' is missing; active needs two people")
    assert IN_REVIEW in message
    ((where, message),) = told(state="active", author="Ann Field", reviewer="Field, Ann PharmD")
    assert where == ("reviewer",)
    assert message.startswith("'Field, Ann PharmD' is the author ('Ann Field')")
    assert IN_REVIEW in message


@pytest.mark.parametrize("name", ["n/a", "TBD", " none "])
def test_a_word_for_nobody_is_no_name(name: str) -> None:
    said = f"reviewer is the name of a person; {name!r} is none"
    assert told(state="active", author="Ann Field", reviewer=name) == [(("reviewer",), said)]


def test_a_name_holds_letters() -> None:
    assert told(author="??") == [
        (("author",), "author is the name of a person; '??' holds no letter")
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ann Field", "ann  FIELD", True),
        ("Dr. Ann Field", "Field, Ann", True),
        ("José Núñez", "Jose Nunez", True),
        ("Ann Field, Bo Stone", "Bo Stone", True),
        ("Dr. Ana Meyer", "Prof. Ana Meyer", True),
        ("Dr. Ana Meyer", "Ana Meyer, PharmD", True),
        ("Ana Meyer, MD", "Ana Meyer, Pharm.D., BCPS", True),
        ("Ana Meyer, DO", "Ana Meyer, Ph.D.", True),
        ("Ana Meyer", "A. Meyer", True),
        ("Jan Müller", "Jan Mueller", True),
        ("Dr. Ana Meyer, PharmD", "Dr. Ana Field, PharmD", False),
        ("A. Meyer", "B. Meyer", False),
        ("Do Thi Anh", "Tran Thi Anh", False),
        ("Ann Field", "Bo Field", False),
        ("Ann Field", "?", False),
    ],
)
def test_names_are_compared_by_their_words(one: str, other: str, *, same: bool) -> None:
    assert same_person(one, other) is same
    assert same_person(other, one) is same
