"""The versions for one payer and drug: overlaps, gaps, shared ids and reviews that are due."""

from datetime import date

import pytest

from service.library.policies.policy_head import head_for
from service.library.policies.succession import (
    Review,
    gaps,
    overlapping,
    same_first_day,
    shared_ids,
)

TODAY = date(2026, 11, 20)


def version(effective: str, until: str | None = None, **head: object) -> Review:
    named = {"policy": "payer/1", "payer": "payer", "review_by": date(2027, 1, 1), **head}
    dates = {
        "effective": date.fromisoformat(effective),
        "until": date.fromisoformat(until) if until else None,
    }
    shape = head_for("drug").model_copy(update={**named, **dates})
    return Review(f"{effective}.yaml", shape, 3, 4, 5)


@pytest.mark.parametrize(
    ("review_by", "until", "says"),
    [
        (date(2026, 11, 20), None, None),
        (date(2026, 11, 19), None, "the review was due by 2026-11-19"),
        (None, None, "review_by is missing"),
        (None, "2026-11-19", None),
        (date(2026, 1, 1), "2026-11-20", "the review was due by 2026-01-01"),
    ],
)
def test_review_is_due_after_its_day_while_the_version_applies(
    review_by: date | None, until: str | None, says: str | None
) -> None:
    due = version("2025-01-01", until, review_by=review_by).due(TODAY)
    told = f"2025-01-01.yaml:3: warning: {says}; hold it against its source"
    assert (str(due) if due else None) == (told if says else None)


@pytest.mark.parametrize(
    ("until", "overlap", "gap"),
    [
        (None, [], []),
        ("2025-12-31", [], []),
        (
            "2026-01-01",
            ["until 2026-01-01 is not before 2026-01-01, the first day of 2026-01-01.yaml"],
            [],
        ),
        (
            "2025-12-29",
            [],
            [
                "warning: no version holds from 2025-12-30 to 2025-12-31; the next is 2026-01-01.yaml"
            ],
        ),
    ],
)
def test_end_of_a_version_is_the_day_before_the_next_one(
    until: str | None, overlap: list[str], gap: list[str]
) -> None:
    versions = [version("2026-01-01"), version("2025-01-01", until)]
    assert [one.what for one in overlapping(versions)] == overlap
    assert [one.what for one in gaps(versions)] == gap


def test_versions_of_another_payer_or_drug_do_not_follow_each_other() -> None:
    versions = [
        version("2025-01-01", "2025-06-30"),
        version("2025-03-01", payer="other"),
        version("2025-01-01", drug="other"),
    ]
    assert [*overlapping(versions), *gaps(versions), *same_first_day(versions)] == []


def test_two_versions_from_one_day_on_are_a_mistake() -> None:
    versions = [version("2025-01-01"), version("2025-01-01")]
    assert [one.what for one in same_first_day(versions)] == [
        "payer, drug and first day are those of 2025-01-01.yaml"
    ]


def test_id_is_shared_by_versions_of_one_policy_only() -> None:
    same = [version("2025-01-01"), version("2026-01-01")]
    assert [*shared_ids(same)] == []
    other = version("2026-01-01", policy=" PAYER/1", payer="other")
    (told,) = shared_ids([same[0], other])
    assert str(told).startswith("2026-01-01.yaml:5: the id ' PAYER/1' is that of payer's policy")
