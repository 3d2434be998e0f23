"""Trends on both sides of how far a value must have moved."""

from support.boundary import all_announced


def test_trends() -> None:
    cells = {"met", "not_met", "review", "stale"}
    assert cells <= all_announced("pn", "renewal", "pn.renewal.response.count")
