"""The totals are those of the rows."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from support.membership import documents, rows_of

from service.population.run_folder import RunFolder
from service.population.totals import totals

Totals = dict[str, list[list[Any]]]


@pytest.fixture(scope="module")
def counted(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> Totals:
    """The totals of the finished run, counted again."""
    out = tmp_path_factory.mktemp("again")
    (out / "assessments").symlink_to(finished / "assessments")
    (out / "work").mkdir()
    return totals(RunFolder(out), [documents()[1]])


def test_outcomes_add_up(counted: Totals, finished: Path) -> None:
    rows = Counter(row["outcome"] for row in rows_of(finished))
    assert {str(outcome): count for outcome, count in counted["by_outcome"]} == rows


def test_criteria_are_counted_by_truth(counted: Totals, finished: Path) -> None:
    truths: Counter[tuple[str, str]] = Counter()
    for row in rows_of(finished):
        truths.update((each["id"], each["truth"]) for each in row["criteria"] or ())
    for id_, says, met, not_met, unknown in counted["criteria"]:
        assert says or id_ == "path"
        for truth, count in (("met", met), ("not_met", not_met), ("unknown", unknown)):
            assert truths.pop((str(id_), truth), 0) == count
    assert not truths


def test_missing_are_the_open_questions_with_their_reasons(counted: Totals, finished: Path) -> None:
    unknown = [row for row in rows_of(finished) if row["outcome"] == "unknown"]
    asked = Counter(id_ for row in unknown for id_ in row["open"])
    assert {row[0]: row[2] for row in counted["missing"]} == asked
    reasons = {
        each["reason"]
        for row in unknown
        for each in json.loads(json.dumps(row["criteria"]))
        if each["id"] in row["open"]
    }
    assert {why for row in counted["missing"] for why in row[3]} == reasons


def test_no_authorization_means_no_month(counted: Totals, finished: Path) -> None:
    ends = {row["approved_until"] for row in rows_of(finished)} - {None}
    assert len(counted["renewals"]) == len({day.strftime("%Y-%m") for day in ends})
