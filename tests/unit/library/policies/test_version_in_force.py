"""Which version of a policy judges on a day, by its dates and its state."""

from datetime import date

import pytest
from support.policies import policy

from service.library.policies.version_in_force import DRAFTS_TOO, JudgingVersions
from service.policy.model import Policy, ReviewState

DRAFT, EVALUATION = ReviewState.DRAFT, ReviewState.EVALUATION
OLDER = policy(effective=date(2025, 1, 1), until=date(2025, 12, 31), state=ReviewState.ACTIVE)
NEWER = policy(effective=date(2026, 1, 1), state=ReviewState.ACTIVE)
COMING = policy(effective=date(2027, 1, 1), until=date(2027, 12, 31), state=DRAFT)
TRIED = policy(effective=date(2026, 6, 1), state=EVALUATION)


@pytest.mark.parametrize(
    ("day", "newest"),
    [
        (date(2024, 12, 31), None),
        (date(2025, 1, 1), OLDER),
        (date(2025, 12, 31), OLDER),
        (date(2026, 1, 1), NEWER),
        (date(2026, 6, 1), TRIED),
        (date(2027, 1, 1), TRIED),
    ],
)
def test_newest_version_that_is_in_force_judges_and_a_draft_never(
    day: date, newest: Policy | None
) -> None:
    assert JudgingVersions().newest((COMING, OLDER, TRIED, NEWER), day) is newest


def test_version_for_evaluation_judges_only_where_that_is_allowed() -> None:
    without = JudgingVersions().without_evaluation()
    assert without.newest((TRIED, NEWER), date(2026, 6, 1)) is NEWER
    assert not without.judges(TRIED, date(2026, 6, 1))


@pytest.mark.parametrize(
    ("day", "newest"),
    [(date(2026, 1, 1), COMING), (date(2027, 12, 31), COMING), (date(2028, 1, 1), NEWER)],
)
def test_draft_of_a_candidate_judges_before_its_first_day_and_not_after_its_last(
    day: date, newest: Policy
) -> None:
    assert DRAFTS_TOO.newest((COMING, NEWER), day) is newest
