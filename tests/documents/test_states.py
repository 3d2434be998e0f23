"""Versions that are not active: which of them judge orders, and what is told of a wrong state."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from service.library import Library, load_library
from service.policy.model import Policy, ReviewState

FOLDER = "mappings/policies/bcbsms/dupilumab"
SHIPPED = "state: evaluation"
DAY = date(2026, 11, 21)
ID = "bcbsms/L.5.01.513"
Write = Callable[[str], None]


@pytest.fixture
def newer(content: Path) -> Write:
    """Puts a version from 2026-06-01 after the shipped one, with these lines as its state."""

    def put(state: str) -> None:
        folder = content / FOLDER / "2026-06-01"
        copytree(content / FOLDER / "2025-10-01", folder)
        text = (folder / "policy.yaml").read_text(encoding="utf-8")
        text = text.replace("effective: 2025-10-01", "effective: 2026-06-01", 1)
        before, _, after = text.partition(SHIPPED)
        _, _, after = after.partition("author: dupilumab-cds project")
        (folder / "policy.yaml").write_text(f"{before}{state}{after}", encoding="utf-8")

    return put


def judging(library: Library) -> str | None:
    policy = library.policy("bcbsms", "dupilumab", DAY)
    return policy.effective.isoformat() if isinstance(policy, Policy) else None


@pytest.mark.parametrize(
    ("state", "first_day"),
    [
        ("state: draft\nauthor: Ann Field", "2025-10-01"),
        ("state: in_review\nauthor: Ann Field\nreviewer: Bo Stone", "2025-10-01"),
        ("state: active\nauthor: Ann Field\nreviewer: Bo Stone", "2026-06-01"),
        ("state: evaluation\nauthor: Ann Field", "2026-06-01"),
    ],
)
def test_draft_and_review_judge_no_order(
    newer: Write, content: Path, state: str, first_day: str
) -> None:
    newer(state)
    assert judging(load_library(content, None)) == first_day


def test_versions_for_evaluation_judge_only_where_that_is_allowed(
    newer: Write, content: Path
) -> None:
    library = load_library(content, None).with_evaluation(False)
    assert judging(library) is None
    assert library.unreviewed() == ()
    newer("state: active\nauthor: Ann Field\nreviewer: Bo Stone")
    library = load_library(content, None)
    assert library.unreviewed() == (f"{ID}@2025-10-01",)
    assert judging(library.with_evaluation(False)) == "2026-06-01"


def test_a_version_without_state_counts_as_one_for_evaluation(newer: Write, content: Path) -> None:
    newer("")
    library = load_library(content, None)
    assert {review.policy.state for review in library.reviews} == {ReviewState.EVALUATION}
    (warning,) = library.warnings(DAY)
    assert str(warning).startswith(
        f"{FOLDER}/2026-06-01/policy.yaml:1: warning: 'state' is missing"
    )


def test_a_draft_may_lie_after_the_end_of_the_active_version(newer: Write, content: Path) -> None:
    newer("state: draft\nauthor: Ann Field\nuntil: 2026-06-02")
    head = content / FOLDER / "2025-10-01/policy.yaml"
    text = head.read_text(encoding="utf-8")
    head.write_text(text.replace(SHIPPED, f"until: 2026-12-31\n{SHIPPED}", 1), encoding="utf-8")
    library = load_library(content, None)
    assert library.warnings(DAY) == ()
    assert judging(library) == "2025-10-01"


@pytest.mark.parametrize(
    ("state", "line", "says"),
    [
        ("state: aktive", "state: aktive", "did you mean 'active'?"),
        ("state: draft", "state: draft", "'author' is missing"),
        ("state: active\nauthor: Ann Field", "state: active", "'reviewer' is missing"),
        (
            "state: active\nauthor: Ann Field\nreviewer: Ann Field",
            "reviewer: Ann Field",
            "active needs a second person",
        ),
    ],
)
def test_a_wrong_state_is_refused_with_its_line(
    newer: Write, content: Path, mistakes: Callable[[], list[str]], state: str, line: str, says: str
) -> None:
    newer(state)
    file = f"{FOLDER}/2026-06-01/policy.yaml"
    lines = (content / file).read_text(encoding="utf-8").splitlines()
    (told,) = mistakes()
    assert told.startswith(f"{file}:{lines.index(line) + 1}: ")
    assert says in told
