"""A JWK Set: the keys that can be used, and a sentence for each that cannot."""

from pathlib import Path
from typing import Any

import orjson
import pytest
import responses
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from support.signing import CLIENT, ISSUER, JKU, TRUST, Signer, key_set

from service.auth.key_set import LONGEST_EXPONENT, MOST_KEYS, Trust, parse_key_set, read_key_set
from service.auth.token_claims import read_token
from service.errors import KeySetError

EC, RSA = Signer("first"), Signer("second", "RS384")
NO_SIGNATURES = "is not for signatures ('use', 'key_ops')"


def unusable(jwk: object) -> str:
    """What is said of the only key of a set that cannot be used."""
    found = parse_key_set(orjson.dumps({"keys": [jwk]}))
    assert not found.keys
    (said,) = found.unusable
    return said


def test_keys_of_both_types_are_usable_by_their_id() -> None:
    found = parse_key_set(key_set(EC.jwk(), RSA.jwk()).encode())
    assert {kid: key.alg for kid, key in found.keys.items()} == {
        "first": "ES384",
        "second": "RS384",
    }
    assert found.unusable == ()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"kid": None}, "has no 'kid'"),
        ({"kid": ""}, "has no 'kid'"),
        ({"kty": "oct"}, "has a 'kty' that is neither EC nor RSA"),
        ({"d": "AAAA"}, "is private ('d'): a key set holds the public part only"),
        ({"use": "enc"}, NO_SIGNATURES),
        ({"key_ops": ["sign"]}, NO_SIGNATURES),
        ({"key_ops": "verify"}, NO_SIGNATURES),
        ({"alg": "ES256"}, "is for another 'alg' than ES384 or RS384"),
        ({"crv": "P-256"}, "is on another curve than P-384 ('crv')"),
        ({"x": 7}, "is no key for ES384"),
        ({"x": "AAAA"}, "is no key for ES384"),
        ({"e": "A" * (LONGEST_EXPONENT + 1)}, "is no key for ES384: its numbers are too long"),
    ],
)
def test_key_that_cannot_be_used_is_told_with_its_number(
    changes: dict[str, Any], told: str
) -> None:
    assert unusable(EC.jwk(**changes)) == f"key 1 {told}"


@pytest.mark.parametrize("changes", [{"use": "sig"}, {"key_ops": ["verify"]}, {"alg": "ES384"}])
def test_key_that_says_that_it_is_for_signatures_is_usable(changes: dict[str, Any]) -> None:
    assert list(parse_key_set(key_set(EC.jwk(**changes)).encode()).keys) == ["first"]


def test_rsa_key_of_less_than_2048_bits_is_not_usable() -> None:
    # the shortness is what is refused
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024).public_key()  # noqa: S505 - as above
    jwk = {**RSAAlgorithm.to_jwk(short, as_dict=True), "kid": "short"}
    assert unusable(jwk) == "key 1 is an RSA key of less than 2048 or more than 8192 bits"


def test_second_key_of_one_id_is_not_usable_and_the_first_stays() -> None:
    other = ec.generate_private_key(ec.SECP384R1()).public_key()
    twice = {**ECAlgorithm.to_jwk(other, as_dict=True), "kid": "first"}
    found = parse_key_set(key_set(EC.jwk(), twice, "no key").encode())
    assert found.unusable == ("key 2 has the 'kid' of another", "key 3 is no object")
    token = read_token(f"Bearer {EC.token()}")
    assert found.keys["first"].verifies(token.signed, token.signature)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"no json", "is not JSON"),
        (b"[]", 'is no JWK Set such as {"keys": [...]}'),
        (b'{"keys": {}}', 'is no JWK Set such as {"keys": [...]}'),
        (orjson.dumps({"keys": [0] * (MOST_KEYS + 1)}), f"holds more than {MOST_KEYS} keys"),
    ],
)
def test_document_that_is_no_key_set_is_refused(raw: bytes, told: str) -> None:
    with pytest.raises(KeySetError) as refused:
        parse_key_set(raw)
    assert str(refused.value) == told


def test_key_verifies_its_own_signature_only_and_again_when_it_remembers_it() -> None:
    key = parse_key_set(key_set(EC.jwk()).encode()).keys["first"]
    own, other = read_token(f"Bearer {EC.token()}"), read_token(f"Bearer {RSA.token()}")
    for _ in range(2):
        assert key.verifies(own.signed, own.signature)
        assert not key.verifies(own.signed + b"x", own.signature)
        assert not key.verifies(other.signed, other.signature)


def test_key_set_of_a_file_and_of_a_url_are_read(tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    path.write_text(key_set(RSA.jwk()), encoding="utf-8")
    in_file = Trust(CLIENT, ISSUER, path)
    assert in_file.jku is None
    assert list(read_key_set(in_file).keys) == ["second"]
    with responses.RequestsMock() as server:
        server.get(JKU, body=key_set(EC.jwk()))
        assert TRUST.jku == JKU
        assert list(read_key_set(TRUST).keys) == ["first"]


def test_key_set_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(KeySetError, match=r"^cannot be read: No such file"):
        read_key_set(Trust(CLIENT, ISSUER, tmp_path / "gone.json"))
    with responses.RequestsMock() as server:
        server.get(JKU, status=503)
        with pytest.raises(KeySetError, match=r"^answered 503$"):
            read_key_set(TRUST)
