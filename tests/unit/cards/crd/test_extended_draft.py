"""Drafts with coverage information added, replaced, or left as they are."""

from copy import deepcopy
from typing import Any

import pytest

from service.cards.crd.extended_draft import with_extensions, without_extensions

URL = "https://example.org/info"
OTHER = {"url": "https://example.org/other", "valueString": "x"}


def info(coverage: str, covered: str = "covered", day: str = "2026-11-21") -> dict[str, Any]:
    parts = [
        {"url": "coverage", "valueReference": {"reference": coverage}},
        {"url": "covered", "valueCode": covered},
        {"url": "date", "valueDate": day},
    ]
    return {"url": URL, "extension": parts}


def test_extension_is_added_behind_what_is_there() -> None:
    assert with_extensions({"id": "1"}, [info("a")], URL) == {"id": "1", "extension": [info("a")]}
    draft = {"extension": [OTHER], "id": "1"}
    changed = with_extensions(draft, [info("a")], URL)
    assert changed == {"extension": [OTHER, info("a")], "id": "1"}
    assert list(changed or {}) == ["extension", "id"]


def test_extension_of_the_same_coverage_is_replaced() -> None:
    draft = {"extension": [info("a", "conditional"), info("b"), OTHER]}
    assert with_extensions(draft, [info("a")], URL) == {"extension": [info("b"), OTHER, info("a")]}


def test_nothing_is_changed_where_only_the_day_or_the_order_of_parts_differs() -> None:
    before = info("a", day="2026-01-01")
    before["extension"].reverse()
    draft = {"extension": [OTHER, before]}
    kept = deepcopy(draft)
    assert with_extensions(draft, [info("a")], URL) is None
    assert draft == kept
    assert with_extensions(draft, [info("a", "conditional")], URL) is not None


@pytest.mark.parametrize(
    ("named", "is_same"),
    [
        ("https://ehr.example.org/fhir/Coverage/a", True),
        ("Coverage/a/_history/2", True),
        ("https://other.example.org/fhir/Coverage/a", False),
        ("#a", False),
    ],
)
def test_coverage_that_the_ehr_named_by_its_address_is_the_same(named: str, is_same: bool) -> None:
    home, ours = "https://ehr.example.org/fhir", info("Coverage/a")
    stale = info(named, "conditional")
    changed = with_extensions({"extension": [stale]}, [ours], URL, home)
    assert changed == {"extension": [ours] if is_same else [stale, ours]}
    assert (with_extensions({"extension": [info(named)]}, [ours], URL, home) is None) is is_same


def test_malformed_extensions_are_kept_and_harm_nothing() -> None:
    odd: list[Any] = ["x", None, {"url": URL}, {"url": URL, "extension": ["x"]}]
    changed = with_extensions({"extension": odd}, [info("a")], URL)
    assert changed == {"extension": [*odd, info("a")]}
    assert with_extensions({"extension": "x"}, [info("a")], URL) == {"extension": [info("a")]}


def test_order_without_its_coverage_information_is_what_was_written() -> None:
    assert without_extensions({"id": "1"}, URL) == {"id": "1"}
    assert without_extensions({"id": "1", "extension": [info("a")]}, URL) == {"id": "1"}
    assert without_extensions({"extension": [info("a"), OTHER]}, URL) == {"extension": [OTHER]}
