"""Courses and visits in a window, and fewer of them than before."""

from support.boundary import all_announced


def test_two_courses_and_one() -> None:
    cells = all_announced("asthma", "initial", "asthma.initial.uncontrolled.two_bursts")
    assert {"met", "not_met", "review", "attestation", "imprecise"} <= cells


def test_fewer_than_before() -> None:
    cells = all_announced("copd", "renewal", "copd.renewal.response.exacerbations")
    assert {"met", "not_met", "not_found"} <= cells
