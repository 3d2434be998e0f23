"""Days of supply on both sides of what is asked, in each class, by each kind of evidence."""

import pytest
from support.boundary import all_announced, variants

from service.policy.truth import Truth


@pytest.mark.parametrize(
    ("indication", "id_", "cells"),
    [
        (
            "ad",
            "ad.initial.trial.tcs_and_tci.tcs.supply",
            {"met", "not_met", "weak_evidence", "unmapped", "imprecise", "incomplete"},
        ),
        ("asthma", "asthma.initial.controller.current.over_3m", {"met", "not_met", "imprecise"}),
    ],
)
def test_supply(indication: str, id_: str, cells: set[str]) -> None:
    assert cells <= all_announced(indication, "initial", id_)


def test_every_class_has_a_patient() -> None:
    _, made = variants("pn", "initial", "common.initial.no_concurrent_immunomodulator.systemic")
    met = [one.why for one in made if one.truth is Truth.MET]
    assert sum(why.endswith("alone") for why in met) == 7
