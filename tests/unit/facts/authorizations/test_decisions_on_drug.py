"""The decisions that are or may be on the drug, and what each rules."""

from datetime import date
from typing import Any

import pytest
from support.fact_case import patient_with
from support.payer_decisions import OTHER, Json, decided, decision, line

from service.facts.authorizations.decisions_on_drug import decided as day_of
from service.facts.authorizations.decisions_on_drug import decisions, ruling


def found(*resources: Json) -> list[tuple[str, bool]]:
    """The ids of the decisions, and whether each surely is on the drug."""
    case = patient_with("authorizations", *resources)
    fact = case.knowledge.of_kind("approval")
    return [(hit.resource["id"], certain) for hit, certain in decisions(case, fact)]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, [("r1", True)]),
        ({"addItem": [line("A1", OTHER)]}, []),
        ({"addItem": []}, [("r1", False)]),
        ({"addItem": [line("A1", OTHER, detail=[line()])]}, [("r1", True)]),
        ({"addItem": [line("A1", OTHER, detail=[{"subDetail": [line()]}])]}, [("r1", True)]),
        ({"status": "cancelled"}, []),
        ({"status": "entered-in-error"}, []),
        ({"status": "draft"}, []),
        ({"status": "unheard"}, [("r1", True)]),
        ({"status": None}, [("r1", True)]),
        ({"use": "claim"}, []),
        ({"use": "predetermination"}, []),
        ({"use": "unheard"}, [("r1", True)]),
        ({"use": None}, [("r1", True)]),
        ({"outcome": "queued"}, []),
        ({"outcome": "error"}, []),
        ({"outcome": "partial"}, [("r1", True)]),
        ({"outcome": "unheard"}, [("r1", True)]),
        ({"outcome": None}, [("r1", True)]),
        ({"patient": {"reference": "Patient/p2"}}, []),
    ],
)
def test_decisions_are_those_that_count_or_are_not_understood(
    more: Json, expected: list[tuple[str, bool]]
) -> None:
    assert found(decision(line("A1"), **more)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (decision(line("A1")), "approved"),
        (decision(line("A2")), "in_part"),
        (decision(line("A3")), "refused"),
        (decision(line("A4")), "open"),
        (decision(line("C")), "withdrawn"),
        (decision(line("A1"), line("A3")), "open"),
    ],
)
def test_decision_rules_by_its_lines(given: Json, expected: str) -> None:
    case = patient_with("authorizations", given)
    fact = case.knowledge.of_kind("approval")
    hit, _ = next(iter(decisions(case, fact)))
    assert ruling(case, fact, hit) == expected


@pytest.mark.parametrize(
    ("created", "expected"),
    [
        ("2026-06-01", "2026-06-01"),
        ("2026-06-01T10:00:00Z", "2026-06-01"),
        ("2026-06", None),
        ("soon", None),
        (None, None),
    ],
)
def test_day_of_a_decision_is_known_if_it_is_exact(created: Any, expected: str | None) -> None:
    case = patient_with("authorizations", decided("A1", None, created))
    hit, _ = next(iter(decisions(case, case.knowledge.of_kind("approval"))))
    day = day_of(hit)
    assert (date.fromordinal(day).isoformat() if day else None) == expected
