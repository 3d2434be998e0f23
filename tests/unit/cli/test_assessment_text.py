"""An assessment as text: outcome, criteria as a tree, what would settle it."""

from typing import Any

import pytest

from service.cli.assessment_text import readable

Json = dict[str, Any]


def criterion(says: str, truth: str, **more: Any) -> Json:
    return {"says": says, "truth": truth, **more}


def shown(*criteria: Json, **more: Any) -> list[str]:
    """The lines below the head."""
    return readable({"criteria": criteria, **more}).splitlines()[3:]


def test_head_names_order_outcome_policy_and_path() -> None:
    twin = {
        "order": "MedicationRequest/rx1",
        "outcome": "met",
        "asOf": "2026-11-20",
        "policy": {"id": "payer/1", "effective": "2026-01-01"},
        "path": "initial",
        "indication": "ad",
    }
    assert readable(twin).splitlines() == [
        "MedicationRequest/rx1: met as of 2026-11-20",
        "  policy: payer/1, effective 2026-01-01",
        "  path: initial, indication: ad",
    ]


def test_order_without_a_policy_says_so_and_why() -> None:
    lines = readable({"order": "x", "outcome": "no_policy", "asOf": "d"}, ["because"]).splitlines()
    assert lines[1:] == [
        "  policy: none, effective -",
        "  path: -, indication: -",
        "  because",
    ]


@pytest.mark.parametrize(
    ("truth", "mark"), [("met", "+"), ("not_met", "-"), ("unknown", "?"), ("odd", " ")]
)
def test_truth_of_a_criterion_has_a_mark(truth: str, mark: str) -> None:
    assert shown(criterion("Age", truth)) == [f"  {mark} Age"]


def test_criterion_shows_reason_and_miss_and_what_is_below_it() -> None:
    child = criterion("Child", "unknown", reason="stale", miss="too old")
    assert shown(criterion("Top", "unknown", children=[child])) == [
        "  ? Top",
        "    ? Child [stale] [too old]",
    ]


@pytest.mark.parametrize(
    ("truth", "below"),
    [
        ("met", ["Test", "Then"]),
        ("not_met", ["Test", "Else"]),
        ("unknown", ["Test", "Then", "Else"]),
    ],
)
def test_choice_shows_its_test_and_the_branch_that_counts(truth: str, below: list[str]) -> None:
    parts = [criterion("Test", truth), criterion("Then", "met"), criterion("Else", "met")]
    lines = shown(criterion("Choice", "met", op="choose", children=parts))
    assert [line.split()[-1] for line in lines[1:]] == below


def test_what_would_settle_it_stands_below_the_tree() -> None:
    assert shown(
        open=[["a", "b"], ["c"]],
        blocking=["d"],
        alternatives=[{"therapy": "x", "truth": "met", "why": None}],
    ) == [
        "  would settle it: a and b",
        "  would settle it: c",
        "  blocks: d",
        "  alternative: x (met)",
    ]


@pytest.mark.parametrize(
    ("time", "lines"),
    [
        ({"metOn": "d1", "ifContinued": "d2", "knownUntil": "d1"}, ["met on d1 if nothing else"]),
        ({"metOn": None, "ifContinued": "d2", "knownUntil": "d3"}, ["met on d2 if therapies"]),
        ({"metOn": None, "ifContinued": None, "knownUntil": "d3"}, ["not met by itself until d3"]),
        ({"metOn": None, "ifContinued": None, "knownUntil": None}, []),
        (None, []),
    ],
)
def test_day_on_which_it_is_met_by_itself_is_told(time: Json | None, lines: list[str]) -> None:
    printed = shown(time=time)
    assert len(printed) == len(lines)
    assert all(line in told for line, told in zip(lines, printed, strict=True))
