"""Doses at the edges of age and weight, and inhaled doses that changed."""

from support.boundary import all_announced


def test_each_labelled_dose_and_more_than_it() -> None:
    cells = all_announced("eoe", "initial", "common.initial.quantity_limit")
    assert {"met", "not_met", "stale", "review", "unit", "conflict", "imprecise"} <= cells


def test_a_lower_inhaled_dose() -> None:
    cells = all_announced("asthma", "renewal", "asthma.renewal.response.ics_dose")
    assert {"met", "not_met", "not_found", "not_held"} <= cells
