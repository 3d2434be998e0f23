"""The access token of a request: usable or not, and never printed."""

from typing import Any

import pytest
from service.cds.authorization import Authorization, parse_authorization

SOUND: dict[str, Any] = {
    "access_token": "secret-token",
    "token_type": "Bearer",
    "scope": "user/*.read",
    "patient": "p1",
}


def parsed(**change: object) -> Authorization | None:
    return parse_authorization({"fhirAuthorization": {**SOUND, **change}})


def test_sound_authorization_has_its_token_scope_and_patient() -> None:
    assert parsed() == Authorization("secret-token", "user/*.read", "p1")


@pytest.mark.parametrize("kind", ["bearer", "BEARER"])
def test_kind_of_a_token_is_read_in_any_case(kind: str) -> None:
    found = parsed(token_type=kind)
    assert found is not None
    assert found.token == "secret-token"  # noqa: S105 - made up


@pytest.mark.parametrize(
    "change",
    [
        {"token_type": "MAC"},
        {"token_type": None},
        {"access_token": 5},
        {"access_token": "two words"},
        {"access_token": "line\nbreak"},
        {"access_token": "ü"},
        {"access_token": "x" * 16385},
    ],
)
def test_token_that_cannot_stand_in_a_header_is_not_used(change: dict[str, object]) -> None:
    found = parsed(**change)
    assert found is not None
    assert found.token is None


@pytest.mark.parametrize("empty", [None, ""])
def test_request_with_an_empty_token_has_no_authorization(empty: object) -> None:
    assert parsed(access_token=empty) is None


@pytest.mark.parametrize("body", [{}, {"fhirAuthorization": None}, None, [], "x"])
def test_request_without_an_authorization_has_none(body: object) -> None:
    assert parse_authorization(body) is None


def test_authorization_of_another_shape_brings_no_token() -> None:
    assert parse_authorization({"fhirAuthorization": "x"}) == Authorization(None, None, None)


def test_token_is_never_printed() -> None:
    assert "secret-token" not in repr(parsed())
