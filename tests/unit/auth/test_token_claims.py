"""The claims of a token: its time, its audience and its id."""

from typing import Any

import pytest

from service.auth.token_claims import LEEWAY, LONGEST_LIFE, Claims, check_claims
from service.errors import RequestError

NOW = 1_000_000.0
US = frozenset({"https://cds.example.org/cds-services/a"})
SOUND: dict[str, Any] = {
    "iat": NOW,
    "exp": NOW + 300,
    "aud": "https://cds.example.org/cds-services/a",
    "jti": "one",
}


def check(**change: object) -> Claims:
    claims = {name: value for name, value in {**SOUND, **change}.items() if value != "absent"}
    return check_claims(claims, US, NOW)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"exp": NOW - LEEWAY + 1},
        {"exp": NOW + LONGEST_LIFE},
        {"iat": NOW + LEEWAY},
        {"nbf": NOW + LEEWAY},
        {"nbf": "absent"},
        {"aud": ["https://other.example.org", *US]},
        {"aud": "https://cds.example.org/cds-services/a/"},
    ],
)
def test_claims_within_the_leeway_and_for_us_are_accepted(change: dict[str, object]) -> None:
    assert check(**change).jti == "one"


def test_accepted_claims_carry_id_and_expiry() -> None:
    assert check() == Claims("one", NOW + 300)


@pytest.mark.parametrize(
    ("change", "check_name"),
    [
        ({"exp": NOW - LEEWAY}, "exp"),
        ({"exp": NOW + LONGEST_LIFE + 1}, "exp"),
        ({"exp": "absent"}, "exp"),
        ({"exp": str(NOW + 300)}, "exp"),
        ({"exp": True}, "exp"),
        ({"iat": NOW + LEEWAY + 1}, "iat"),
        ({"iat": "absent"}, "iat"),
        ({"nbf": NOW + LEEWAY + 1}, "nbf"),
        ({"aud": "https://other.example.org"}, "aud"),
        ({"aud": []}, "aud"),
        ({"aud": 5}, "aud"),
        ({"aud": "absent"}, "aud"),
        ({"jti": "absent"}, "jti"),
        ({"jti": ""}, "jti"),
        ({"jti": 7}, "jti"),
    ],
)
def test_claim_that_fails_is_refused_by_its_name(
    change: dict[str, object], check_name: str
) -> None:
    with pytest.raises(RequestError, match=f"{check_name}") as refused:
        check(**change)
    assert refused.value.status == 401
