"""Values on both sides of a bound and of a window."""

import pytest
from support.boundary import all_announced, variants

from service.boundary.leaf_values import bounds_of, step_of
from service.policy.amount import Amount
from service.policy.operators import Compare


@pytest.mark.parametrize(
    ("indication", "path", "id_", "cells"),
    [
        ("ad", "initial", "ad.initial.severity.bsa10", {"met", "not_met", "stale", "unit"}),
        ("ad", "initial", "ad.initial.severity.palms_soles", {"met", "not_met", "stale"}),
        ("ad", "initial", "ad.initial.age", {"met", "not_met", "imprecise", "not_found"}),
        (
            "asthma",
            "initial",
            "asthma.initial.phenotype.eosinophilic.marker.blood_eos150",
            {"met", "not_met", "weak_evidence", "unmapped", "review"},
        ),
    ],
)
def test_values(indication: str, path: str, id_: str, cells: set[str]) -> None:
    assert cells <= all_announced(indication, path, id_)


def test_the_last_value_that_passes_and_the_first_that_fails() -> None:
    asked = Compare(
        fact="x", at_least=Amount(value=30, unit="%"), at_most=Amount(value=70, unit="%")
    )
    assert [(one.passing, one.failing) for one in bounds_of(asked)] == [(30, 29), (70, 71)]
    less = Compare(fact="x", less_than=Amount(value=0.7, unit="ratio"))
    assert [(one.passing, one.failing) for one in bounds_of(less)] == [(0.69, 0.7)]
    assert (step_of(0.7), step_of(2), step_of(2.5)) == (0.01, 1, 0.1)


def test_a_child_weighs_as_a_child() -> None:
    _, made = variants("ad", "initial", "ad.initial.age")
    weights = {str(one.given["age"]): one.given["weight"] for one in made if "age" in one.given}
    assert weights["6 months"] == "8 kg"
