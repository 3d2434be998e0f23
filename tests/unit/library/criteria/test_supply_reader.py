"""Therapies in criteria: their classes, their tests, their backgrounds, their evidence."""

from typing import Any

import pytest
from support.criterion_reader import messages, reader
from support.written_operators import written

from service.library.criteria.supply_reader import (
    backgrounds,
    check_therapy,
    class_names,
    resolve_accepts,
    resolve_reason,
    resolve_value_set,
    wrong_ingredients,
)
from service.library.shapes.operator_shapes import CLASSES
from service.policy.amount import Span
from service.policy.operators import Background, Excluded, Supply


def test_set_of_evidence_stands_for_its_kinds() -> None:
    read_with = reader()
    assert resolve_accepts(read_with, "claims", ()) == ("claim", "dispense")
    assert messages(read_with) == []
    assert resolve_accepts(read_with, "claim", ()) == ()
    assert messages(read_with) == ["no evidence set 'claim' in policy.yaml; did you mean 'claims'?"]


@pytest.mark.parametrize(
    ("name", "resolved", "wrong"),
    [
        ("steroid", "steroid", []),
        ("requested_drug", "drug", []),
        ("stroid", "stroid", ["no value set 'stroid'; did you mean 'steroid'?"]),
        (
            "dermatologist",
            "dermatologist",
            ["'dermatologist' is of the kind specialty; therapy_class or drug is needed here"],
        ),
    ],
)
def test_value_set_must_be_one_of_drugs(name: str, resolved: str, wrong: list[str]) -> None:
    read_with = reader()
    assert resolve_value_set(read_with, name, CLASSES, ()) == resolved
    assert messages(read_with) == wrong


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("allergy", []),
        ("alergy", ["no reason 'alergy'; did you mean 'allergy'?"]),
        ({}, ["no reason '{}'"]),
    ],
)
def test_reason_is_a_value_set_without_its_prefix(name: object, wrong: list[str]) -> None:
    read_with = reader()
    assert resolve_reason(read_with, name, ()) == f"reason.{name}"
    assert messages(read_with) == wrong


def test_classes_are_one_name_or_a_list() -> None:
    read_with = reader()
    assert class_names(read_with, "tci", ()) == ["tci"]
    assert class_names(read_with, ["tci", "steroid"], ()) == ["tci", "steroid"]
    assert messages(read_with) == []
    class_names(read_with, [], ())
    assert messages(read_with) == ["a list of value sets is needed here"]


def test_ingredient_must_be_in_one_of_the_classes() -> None:
    assert list(wrong_ingredients(reader(), ("steroid",), ("mometasone",))) == []
    assert [message for _, message in wrong_ingredients(reader(), ("tci",), ("mometasone",))] == [
        "no ingredient 'mometasone'"
    ]


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"ever": True}, []),
        ({"days": "42 days", "gap": "7 days"}, []),
        (
            {},
            ["a supply has one test of now, ever, covered, current_for, longest, days, found none"],
        ),
        ({"now": True, "gap": "7 days"}, ["'gap' means nothing beside 'now'"]),
        ({"now": True, "together": True}, ["'together' needs two value sets or more"]),
        ({"now": True, "at_dose": "high"}, ["no table of dose_bands/ is for 'steroid'"]),
        (
            {"current_for": {"gap": "7 days"}},
            ["current_for has at_least or more_than, one of them"],
        ),
    ],
)
def test_supply_has_one_test_and_what_belongs_to_it(
    given: dict[str, Any], wrong: list[str]
) -> None:
    read_with = reader()
    check_therapy(read_with, written(Supply, {"of": ["steroid"], **given}), ())
    assert messages(read_with) == wrong


def test_daily_dose_needs_a_table_for_the_class() -> None:
    read_with = reader(dosed=frozenset({"steroid"}))
    check_therapy(read_with, Supply(of=("steroid",), now=True, at_dose="high"), ())
    assert messages(read_with) == []


@pytest.mark.parametrize("every", [(), ("steroid",)])
def test_exclusion_is_for_every_class_or_for_any(every: tuple[str, ...]) -> None:
    read_with = reader()
    check_therapy(read_with, Excluded(every=every, reasons=("reason.allergy",)), ())
    assert bool(messages(read_with)) is not bool(every)


def test_backgrounds_are_one_map_or_a_list() -> None:
    read_with = reader()
    for raw in ({"of": "steroid", "run": "28 days"}, [{"of": "steroid", "run": "28 days"}]):
        (shape,) = backgrounds(read_with, raw, ())
        assert shape.operator() == Background(of=("steroid",), run=Span(days=28))
    assert messages(read_with) == []


@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        ([], "a list of backgrounds is needed here, like [{of: a value set}]"),
        ({"of": "steroid", "gap": "7 days"}, "'gap' means nothing without 'run'"),
        ({"off": "steroid"}, "unknown key 'off'; did you mean 'of'?"),
        (
            {"of": "steroid", "run": "1 month"},
            "run: days are counted here; write it in days or weeks",
        ),
    ],
)
def test_mistake_in_a_background_is_noted(raw: object, wrong: str) -> None:
    read_with = reader()
    backgrounds(read_with, raw, ())
    assert messages(read_with) == [wrong]
