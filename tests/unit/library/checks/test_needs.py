"""What an operator needs from the facts, and the sources that a service must prefetch for it."""

from dataclasses import replace
from typing import Any

import pytest
from support.policies import indication, policy, question
from support.written_operators import written

from service.library.checks.needs import asked_of, check_needs
from service.library.documents.folders import Shelf
from service.library.documents.yaml import Document
from service.library.shapes import FactShape, ServiceShape, SourceShape
from service.policy.operators import (
    ApprovedBefore,
    Compare,
    NotEncoded,
    Operator,
    Recorded,
    Supply,
)

BSA = written(Compare, {"fact": "ad.bsa", "at_least": "10 % BSA"})


@pytest.mark.parametrize(
    ("operator", "names", "kinds"),
    [
        (BSA, ("ad.bsa",), ()),
        (replace(BSA, pick="baseline_if_treated"), ("ad.bsa",), ("supply",)),
        (Recorded(fact=("a", "b")), ("a", "b"), ()),
        (Supply(of=("ad.tci",)), (), ("supply",)),
        (ApprovedBefore(), (), ("approval",)),
        (NotEncoded(why="x"), (), ()),
    ],
)
def test_operator_names_facts_or_uses_those_of_a_kind(
    operator: Operator, names: tuple[str, ...], kinds: tuple[str, ...]
) -> None:
    assert asked_of(operator) == (names, kinds)


def shelf(shape: Any, key: str, *all_given: dict[str, Any]) -> Shelf[Any]:
    return Shelf(
        {
            given[key]: (Document(f"{given[key]}.yaml", given), shape.model_validate(given))
            for given in all_given
        }
    )


def source(name: str, type_: str) -> dict[str, Any]:
    return {
        "source": name,
        "says": name,
        "type": type_,
        "kind": "record",
        "holds": "record",
        "search": "x",
    }


SOURCES: Shelf[SourceShape] = shelf(
    SourceShape, "source", source("patient", "Patient"), source("labs", "Observation")
)
FACTS: Shelf[FactShape] = shelf(
    FactShape,
    "fact",
    {
        **dict.fromkeys(("says", "label", "supply"), "x"),
        "fact": "ad.bsa",
        "kind": "quantity",
        "way": "data",
        "sources": [{"source": "labs", "nothing_found": "unknown", "why": "x"}],
    },
)
POLICY = policy(indication("ad", initial=question("ad.initial.bsa", BSA)))


def told(*prefetch: str, drug: str = "drug") -> list[str]:
    words = dict.fromkeys(("service", "title", "description"), "x")
    given = {**words, "hook": "order-sign", "drugs": [drug], "prefetch": list(prefetch)}
    services: Shelf[ServiceShape] = shelf(ServiceShape, "service", given)
    return [one.what for one in check_needs(services, [POLICY], FACTS, SOURCES)]


def test_service_that_prefetches_all_that_its_policies_need_is_right() -> None:
    assert told("patient", "labs") == []


def test_key_that_a_criterion_needs_is_missed() -> None:
    assert told("patient") == [
        "'labs' is missing: 'ad.initial.bsa' of payer/P-1 is looked for there"
    ]


def test_key_that_every_order_needs_is_missed() -> None:
    assert told("labs") == [
        "'patient' is missing: what every order of payer/P-1 is looked for there"
    ]


def test_service_for_another_drug_needs_nothing_of_the_policy() -> None:
    assert told(drug="other") == []
