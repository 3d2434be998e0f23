"""The library: what is found in it by name and day, and the hash of its documents."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from support.cases.run import library
from support.policies import policy

from service.errors import RequestError
from service.fhir.fetch.access import Access
from service.library.library import content_hash

FIRST = policy(effective=date(2025, 1, 1), until=date(2025, 12, 31))
SECOND = policy(effective=date(2026, 1, 1))
EARLIER_WITHOUT_END = policy(effective=date(2024, 1, 1))


@pytest.mark.parametrize(
    ("day", "effective"),
    [
        ("2024-12-31", "2024-01-01"),
        ("2025-01-01", "2025-01-01"),
        ("2025-12-31", "2025-01-01"),
        ("2026-01-01", "2026-01-01"),
    ],
)
def test_newest_policy_that_is_in_force_on_the_day_is_found(day: str, effective: str) -> None:
    known = replace(library(), policies=(SECOND, EARLIER_WITHOUT_END, FIRST))
    found = known.policy("payer", "drug", date.fromisoformat(day))
    assert found is not None
    assert found.effective.isoformat() == effective


def test_there_is_no_policy_for_another_payer_drug_or_an_earlier_day() -> None:
    known, day = replace(library(), policies=(SECOND,)), date(2026, 1, 1)
    assert known.policy("payer", "other", day) is None
    assert known.policy("other", "drug", day) is None
    assert known.policy("payer", "drug", date(2025, 12, 31)) is None


def test_unknown_client_is_refused_and_has_no_servers() -> None:
    known = library()
    assert known.client("local").id == "local"
    with pytest.raises(RequestError) as refused:
        known.client("nobody")
    assert refused.value.status == 401
    assert known.access("nobody") == Access()


def test_source_is_found_by_its_type() -> None:
    assert library().source_of("Coverage").type == "Coverage"
    assert library().plan == library().source_of("Coverage").plan
    with pytest.raises(KeyError):
        library().source_of("Nothing")


def test_shipped_policies_need_a_review_at_some_day() -> None:
    latest = max(one.policy.review_by for one in library().reviews if one.policy.review_by)
    on_the_day = {one.what for one in library().warnings(latest)}
    later = {one.what for one in library().warnings(date(latest.year + 1, 12, 31))}
    assert any(f"the review was due by {latest}" in what for what in later - on_the_day)


def test_hash_changes_with_documents_clients_and_version_and_with_nothing_else(
    tmp_path: Path,
) -> None:
    file = tmp_path / "mappings/units.yaml"
    file.parent.mkdir()
    file.write_text("a: 1", encoding="utf-8")
    clients = tmp_path / "clients.yaml"
    clients.write_text("clients: []", encoding="utf-8")
    first = content_hash(tmp_path, None, "1")
    assert first.startswith("sha256:")
    (tmp_path / "mappings/notes.txt").write_text("x", encoding="utf-8")
    assert content_hash(tmp_path, None, "1") == first
    others = {content_hash(tmp_path, None, "2"), content_hash(tmp_path, clients, "1")}
    file.rename(file.with_name("timings.yaml"))
    others.add(content_hash(tmp_path, None, "1"))
    assert len(others - {first}) == 3
