"""Words that point at a set, kinds of plans, closed code systems: what is wrong is told."""

from collections.abc import Callable

import pytest

TellsAlone = Callable[..., None]

ROWS = {
    "words that point at a drug": (
        "mappings/value_sets/ad.tci.yaml",
        "kind: therapy_class",
        "kind: therapy_class\nnear: [tacrolimus]",
        "near:",
        "'near' means nothing for the kind therapy_class; it is for condition, coverage, status",
    ),
    "words that say it is another without any that point": (
        "mappings/value_sets/csu.condition.yaml",
        "kind: condition",
        "kind: condition\nunlike: [solar]",
        "unlike:",
        "'unlike' means nothing without 'near'",
    ),
    "broader names without any words that point": (
        "mappings/value_sets/csu.condition.yaml",
        "kind: condition",
        "kind: condition\nbroader: [urticaria]",
        "broader:",
        "'broader' means nothing without 'near'",
    ),
    "a kind of plan that is not there": (
        "mappings/sources/coverage.yaml",
        "no_drugs: coverage.no_drugs",
        "no_drugs: coverage.no_drug",
        "no_drugs:",
        "no value set 'coverage.no_drug'; did you mean 'coverage.no_drugs'?",
    ),
    "a kind of plan that is a disease": (
        "mappings/sources/coverage.yaml",
        "self_pay: coverage.self_pay",
        "self_pay: csu.condition",
        "self_pay:",
        "'csu.condition' is of the kind condition; coverage is needed here",
    ),
    "a type of a plan at no place of R4": (
        "mappings/sources/coverage.yaml",
        "type: $.type",
        "type: $.typ",
        "type: $.typ",
        "R4 knows no 'typ' in Coverage; did you mean 'type'?",
    ),
    "a name of a plan at no place of R4": (
        "mappings/sources/coverage.yaml",
        "value: $.name",
        "value: $.nam",
        "named:",
        "R4 knows no 'nam' in Coverage.class; did you mean 'name'?",
    ),
    "a shape of codes that cannot be read": (
        "mappings/code_systems.yaml",
        'shape: "[A-Z]',
        'shape: "([A-Z]',
        "closed:",
        "shape: not a pattern that can be read: missing ), unterminated subpattern at position 0",
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_a_mistake_is_told_with_its_place_and_alone(
    tells_alone: TellsAlone, row: tuple[str, ...]
) -> None:
    tells_alone(*row)
