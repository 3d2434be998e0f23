"""Recorded requests judged under two versions of a policy."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from support.cases.run import library
from support.visits import Json, body_of

from service.cds.request import AsOf
from service.cli.policy.replay import ReplayedOrder, replay
from service.errors import UnknownPolicyError
from service.pages.difference.version_difference import Pair
from service.pages.version_by_name import PolicyVersion, versions
from service.policy.model import Policy

TODAY = AsOf("day", date(2026, 11, 20))
(OLD,) = [version for version in versions(library()) if version.policy.payer == "bcbsms"]


def version(policy: Policy) -> PolicyVersion:
    """The shipped version with another policy in it."""
    return replace(OLD, policy=policy)


def renamed(**changes: object) -> PolicyVersion:
    return version(replace(OLD.policy, **changes))  # type: ignore[arg-type]


def recorded(folder: Path, *bodies: Json) -> Path:
    for n, body in enumerate(bodies):
        (folder / f"{n}.json").write_text(json.dumps(body), encoding="utf-8")
    return folder


def without_ad() -> PolicyVersion:
    """A version that no longer addresses atopic dermatitis."""
    left = {name: of for name, of in OLD.policy.indications.items() if name != "ad"}
    return renamed(indications=left)


def test_equal_versions_change_nothing(tmp_path: Path) -> None:
    (order,) = replay(Pair(OLD, OLD), recorded(tmp_path, body_of({})), TODAY)
    assert order == ReplayedOrder("0.json", "unknown", "unknown", ())
    assert not order.flips
    assert not order.differs


def test_changed_outcome_is_told_with_the_criteria_that_differ(tmp_path: Path) -> None:
    (order,) = replay(Pair(OLD, without_ad()), recorded(tmp_path, body_of({})), TODAY)
    assert (order.before, order.after) == ("unknown", "not_addressed")
    assert order.flips
    assert order.judged == (True, False)
    assert any(line.endswith("→ not asked") for line in order.criteria)


def test_version_of_a_later_day_is_judged_as_if_in_force(tmp_path: Path) -> None:
    later = renamed(effective=date(2030, 1, 1))
    for pair in (Pair(OLD, later), Pair(later, OLD)):
        (order,) = replay(pair, recorded(tmp_path, body_of({})), TODAY)
        assert order.judged == (True, True)
        assert not order.flips


def test_order_that_the_policy_does_not_judge_is_told(tmp_path: Path) -> None:
    folder = recorded(tmp_path, body_of({"coverage": "Aetna"}), body_of({}))
    first, second = replay(Pair(OLD, OLD), folder, TODAY)
    assert first.judged == (False, False)
    assert second.judged == (True, True)


@pytest.mark.parametrize("changes", [{"payer": "another"}, {"drug": "another"}])
def test_versions_for_two_payers_or_drugs_are_not_compared(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    with pytest.raises(UnknownPolicyError, match="one payer and drug"):
        replay(Pair(OLD, renamed(**changes)), recorded(tmp_path, body_of({})), TODAY)


def test_folder_without_requests_and_file_that_is_none_are_told(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "gone"):
        with pytest.raises(UnknownPolicyError, match="no folder of recorded requests"):
            replay(Pair(OLD, OLD), folder, TODAY)
    (tmp_path / "odd.json").write_text("[]", encoding="utf-8")
    with pytest.raises(UnknownPolicyError, match=r"odd\.json"):
        replay(Pair(OLD, OLD), tmp_path, TODAY)
