"""Entries of bundles: deleted, unclear, of which resource, and from which server."""

from typing import Any

import pytest

from service.fhir.supplied.bundle import (
    DELETED,
    UNCLEAR,
    all_usual,
    entry_mark,
    is_elsewhere,
    own_server,
    type_and_id,
)

HOME = "https://ehr.example.org/fhir"
ELSEWHERE = "https://other.example.org/fhir"
RESOURCE = {"resourceType": "Condition", "id": "c1"}
Json = dict[str, Any]


@pytest.mark.parametrize(
    ("entry", "mark"),
    [
        ({"resource": RESOURCE, "search": {"mode": "match"}}, None),
        ({"resource": RESOURCE}, None),
        ({"request": {"method": "DELETE"}}, DELETED),
        ({"request": {"method": "delete"}}, DELETED),
        ({"response": {"status": "410 Gone"}}, DELETED),
        ({"response": {"status": "404"}}, DELETED),
        ({"response": {"status": "200"}, "resource": RESOURCE}, None),
        ({"resource": RESOURCE, "modifierExtension": [{"url": "x"}]}, UNCLEAR),
        ({"resource": RESOURCE, "search": {"modifierExtension": [{"url": "x"}]}}, UNCLEAR),
        ({"resource": RESOURCE, "search": {"mode": "outcome"}}, UNCLEAR),
        ({"resource": {"resourceType": "OperationOutcome"}, "search": {"mode": "outcome"}}, None),
    ],
)
def test_entry_is_deleted_unclear_or_sound(entry: Json, mark: str | None) -> None:
    assert entry_mark(entry) == mark


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"resource": RESOURCE}, ("Condition", "c1")),
        ({"resource": {"resourceType": "Condition"}}, None),
        ({"resource": {"resourceType": "Condition", "id": 5}}, None),
        ({"request": {"url": "Condition/c2"}}, ("Condition", "c2")),
        ({"fullUrl": f"{HOME}/Condition/c3"}, ("Condition", "c3")),
        ({"fullUrl": "urn:uuid:c4"}, ("Condition", "c4")),
        ({}, None),
    ],
)
def test_entry_names_its_resource_or_its_address_does(
    entry: Json, expected: tuple[str, str] | None
) -> None:
    assert type_and_id(entry, "Condition") == expected


@pytest.mark.parametrize(
    ("url", "home", "elsewhere"),
    [
        (f"{HOME}/Condition/c1", HOME, False),
        (f"{ELSEWHERE}/Condition/c1", HOME, True),
        (f"{ELSEWHERE}/Condition/c1", None, False),
        ("urn:uuid:c1", HOME, False),
        (None, HOME, False),
    ],
)
def test_entry_is_elsewhere_when_its_address_names_another_server(
    url: str | None, home: str | None, elsewhere: bool
) -> None:
    assert is_elsewhere({"fullUrl": url}, home) is elsewhere


def bundle(server: str | None) -> Json:
    entry: Json = {"resource": RESOURCE}
    if server:
        entry["fullUrl"] = f"{server}/Condition/c1"
    return {"resourceType": "Bundle", "entry": [entry]}


@pytest.mark.parametrize(
    ("stated", "servers", "own"),
    [
        (HOME, (HOME, HOME), HOME),
        (f"{HOME}/", (), HOME),
        (None, (HOME, HOME, ELSEWHERE), HOME),
        (None, (None,), None),
        (HOME, (ELSEWHERE, ELSEWHERE), ELSEWHERE),
        (HOME, (ELSEWHERE,), HOME),
        (HOME, (ELSEWHERE, HOME), HOME),
    ],
)
def test_own_server_is_the_stated_one_or_the_one_of_all_bundles(
    stated: str | None, servers: tuple[str | None, ...], own: str | None
) -> None:
    assert own_server(stated, [bundle(one) for one in servers]) == own


def test_block_is_usual_when_all_its_entries_are_matches_from_one_server() -> None:
    entry = {"fullUrl": f"{HOME}/Condition/c1", "resource": RESOURCE, "search": {"mode": "match"}}
    assert all_usual([entry, entry], "Condition", HOME)
    for odd in (
        {**entry, "fullUrl": f"{ELSEWHERE}/Condition/c1"},
        {**entry, "search": {"mode": "include"}},
        {**entry, "request": {"method": "DELETE"}},
        {"resource": RESOURCE},
    ):
        assert not all_usual([entry, odd], "Condition", HOME)
