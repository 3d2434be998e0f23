"""The id token: its signature, its claims, and which user it names."""

from time import time
from typing import Any

import jwt
import pytest
import responses
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from service.auth.id_token import User, read_user, user_of
from service.auth.smart_configuration import SmartConfiguration
from service.errors import FetchError

AT = SmartConfiguration("https://e", "https://e/a", "https://e/t", "https://e/keys")
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP384R1())
CLAIMS = {"iss": "https://e", "aud": "app", "sub": "s", "nonce": "n", "fhirUser": "Practitioner/1"}


def jwk(key: Any, alg: str, **more: str) -> dict[str, Any]:
    made = jwt.get_algorithm_by_name(alg).to_jwk(key.public_key(), as_dict=True)
    return {**made, **more}


KEYS = [jwk(EC, "ES384", kid="ec"), jwk(RSA, "RS256", kid="rsa")]


def named(
    claims: dict[str, Any], key: Any = RSA, alg: str = "RS256", kid: str | None = None
) -> str:
    times = {"iat": int(time()), "exp": int(time()) + 60}
    headers = {"kid": kid} if kid else None
    token = jwt.encode({**CLAIMS, **times, **claims}, key, alg, headers=headers)
    with responses.RequestsMock() as mock:
        mock.get(AT.jwks_uri, json={"keys": KEYS})
        return user_of(token, AT, "app", "n", time)


@pytest.mark.parametrize(
    ("key", "alg", "kid"), [(RSA, "RS256", "rsa"), (EC, "ES384", "ec"), (RSA, "RS256", None)]
)
def test_user_is_named(key: Any, alg: str, kid: str | None) -> None:
    assert named({}, key, alg, kid) == "Practitioner/1"


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"iss": "https://evil.example"}, "iss"),
        ({"aud": "another"}, "aud"),
        ({"aud": ["another"]}, "aud"),
        ({"nonce": "m"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"exp": 1}, "exp"),
        ({"sub": None}, "sub|cannot be read"),
        ({"fhirUser": None}, "without a user"),
    ],
)
def test_claim_that_does_not_hold_is_refused(claims: dict[str, Any], why: str) -> None:
    with pytest.raises(FetchError, match=why):
        named(claims)


def test_signature_of_another_key_or_a_shared_secret_is_refused() -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(FetchError, match="refused"):
        named({}, other)
    with pytest.raises(FetchError, match="refused"):
        named({}, "a shared secret of thirty-two bytes", "HS256")
    with pytest.raises(FetchError, match="refused"):
        named({}, None, "none")


@pytest.mark.parametrize(
    ("written", "user"),
    [
        ("Practitioner/1", User("Practitioner", "1")),
        ("https://e/fhir/Practitioner/1", User("Practitioner", "1")),
        ("https://evil.example/Practitioner/1", None),
        ("Practitioner/../Patient/1", None),
        ("Practitioner", None),
    ],
)
def test_user_of_another_server_is_nobody(written: str, user: User | None) -> None:
    assert read_user(written, "https://e/fhir/") == user
