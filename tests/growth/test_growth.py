"""Any two kinds of resources that grow together: so many times more take so many times more work.

Work is counted, not timed (`support/growth/work.py`); what a kind is: `support/growth/kinds.py`.
"""

from typing import Any

import pytest
from support.growth.kinds import KINDS
from support.growth.work import exponent, work
from support.hostile.bombs import recorded

SIZES = (4, 12, 36)
# No more than twenty drafts for one drug may come.
DRAFTS = (1, 4, 16)
# Of n times the logarithm of n; of its square it would be 2.
MOST = 1.1
PAIRS = (
    ("asthma-fully-met", "results", "fills"),
    ("asthma-fully-met", "dispenses by reference", "early fills"),
    ("asthma-fully-met", "fills", "reversals"),
    ("asthma-fully-met", "adjusted claims", "claim lines"),
    ("asthma-fully-met", "stays", "visit claims"),
    ("asthma-fully-met", "problems", "dispenses"),
    ("asthma-fully-met", "statements", "orders"),
    ("asthma-fully-met", "unread drugs", "results"),
    ("asthma-fully-met", "panels", "components"),
    ("asthma-fully-met", "coverages", "authorizations"),
    ("asthma-fully-met", "answers", "answer items"),
    ("asthma-fully-met", "contained", "reasons"),
    ("asthma-fully-met", "chains", "allergies"),
    ("renewal-worse", "results", "statements"),
    ("initial-fully-met", "procedures", "notes"),
    ("initial-fully-met", "weights of a child", "results of one day"),
    ("eoe-fully-met", "results", "other problems"),
    ("crswnp-fully-met", "other drafts", "roles"),
)
WITH_DRAFTS = (("asthma-fully-met", "results", "fills"),)


@pytest.mark.parametrize(("story", "one", "other"), PAIRS)
def test_work_grows_no_faster_than_the_record(story: str, one: str, other: str) -> None:
    def grown(n: int) -> Any:
        body = recorded(story)
        for kind in (one, other):
            KINDS[kind](body, n)
        return body

    power = exponent(grown, SIZES)
    assert power <= MOST, f"{one} and {other} together: work grows with the power {power:.2f}"


def test_courses_are_read_in_no_more_ways_than_a_few() -> None:
    """Fills with breaks between them make several courses, and each question is asked of a few readings."""

    def grown(n: int) -> Any:
        body = recorded("asthma-renewal")
        KINDS["visits"](body, n)
        KINDS["fills"](body, n)
        return body

    assert work(grown(36)) <= 4 * work(grown(12))
    assert work(grown(432)) <= 4 * work(grown(108))


def test_partial_dates_are_read_in_no_more_ways_than_some() -> None:
    """As many readings as there are dates, up to sixty: from there on work grows with the record."""

    def grown(n: int) -> Any:
        body = recorded("asthma-fully-met")
        KINDS["fills of a month"](body, n)
        KINDS["visits"](body, n)
        return body

    assert work(grown(120)) <= 2**MOST * work(grown(60))


@pytest.mark.parametrize(("story", "one", "other"), WITH_DRAFTS)
def test_drafts_share_what_is_found_of_the_patient(story: str, one: str, other: str) -> None:
    def grown(n: int) -> Any:
        body = recorded(story)
        KINDS["drafts"](body, n)
        for kind in (one, other):
            KINDS[kind](body, 3 * n)
        return body

    power = exponent(grown, DRAFTS)
    assert power <= MOST, f"drafts, {one} and {other}: work grows with the power {power:.2f}"
