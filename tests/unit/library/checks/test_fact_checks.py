"""What episodes are built from: one kind of thing, of value sets of the right kind, with a gap."""

from typing import Any

import pytest

from service.library.checks.fact_checks import wrong_makers
from service.library.documents.folders import Folder
from service.library.documents.yaml import Document
from service.library.shapes import FactShape, ValueSetShape

KINDS = {"steroids": "therapy_class", "visits": "encounter", "asthma": "condition"}
SETS = Folder(
    {
        name: (
            Document(f"{name}.yaml"),
            ValueSetShape.model_validate(
                {"value_set": name, "kind": kind, "says": name, "source": {}}
            ),
        )
        for name, kind in KINDS.items()
    },
    {"unsound"},
)


def told(*makers: dict[str, Any], kind: str = "episodes") -> list[tuple[Any, str]]:
    words = dict.fromkeys(("fact", "says", "label", "supply"), "x")
    data = {**words, "kind": kind, "way": "data", "built_from": list(makers)}
    return [*wrong_makers(Document("x.yaml", data), FactShape.model_validate(data), SETS)]


@pytest.mark.parametrize(
    "maker",
    [
        {"fills": "steroids", "gap": "14 days", "longest": "28 days"},
        {"events": "visits", "gap": "14 days", "reasons": "asthma", "main": "asthma"},
        {"fills": "unsound", "gap": "14 days"},
    ],
)
def test_sound_maker_has_no_mistake(maker: dict[str, Any]) -> None:
    assert told(maker) == []


@pytest.mark.parametrize(
    ("maker", "where", "says"),
    [
        (
            {"gap": "14 days"},
            (),
            "an episode is made of one of fills, events, procedures, conditions; found 0",
        ),
        (
            {"fills": "steroids", "events": "visits", "gap": "14 days"},
            (),
            "an episode is made of one of fills, events, procedures, conditions; found 2",
        ),
        (
            {"fills": "steroids"},
            (),
            "say the gap within which two of them are one episode",
        ),
        (
            {"events": "visits", "gap": "14 days", "longest": "28 days"},
            ("longest",),
            "'longest' means nothing without 'fills'",
        ),
        (
            {"events": "visits", "gap": "14 days", "reasons": "asthma", "main": "asthm"},
            ("main",),
            "no reason 'asthm'; did you mean 'asthma'?",
        ),
        (
            {"fills": "visits", "gap": "14 days"},
            ("fills",),
            "'visits' is of the kind encounter; therapy_class or drug is needed here",
        ),
        (
            {"fills": "steroid", "gap": "14 days"},
            ("fills",),
            "no value set 'steroid'; did you mean 'steroids'?",
        ),
    ],
)
def test_mistake_of_a_maker_is_told_at_its_key(
    maker: dict[str, Any], where: tuple[str, ...], says: str
) -> None:
    assert (("built_from", 0, *where), says) in told(maker)


def test_only_facts_of_episodes_are_built_from_something() -> None:
    maker = {"fills": "steroids", "gap": "14 days"}
    assert told(maker, kind="quantity") == [
        (("built_from",), "'built_from' means nothing for the kind quantity")
    ]
    assert told(kind="quantity") == []
    assert told() == [(("fact",), "a fact of the kind episodes has built_from")]
