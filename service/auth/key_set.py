"""How one client is trusted, and its JWK Set (RFC 7517): usable keys, and why others are not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, NamedTuple

import orjson
from jwt import PyJWK, PyJWTError
from jwt.algorithms import Algorithm

from service.auth.document_fetch import fetch
from service.errors import FetchError, KeySetError

Replay = Literal["refuse", "retry", "off"]


@dataclass(frozen=True, slots=True)
class Trust:
    """The issuer of one client; its keys are at a URL (`jku`) or in a file."""

    client: str
    issuer: str
    keys: str | Path
    audiences: frozenset[str] = frozenset()
    replay: Replay = "retry"

    @property
    def jku(self) -> str | None:
        """The URL of the key set; None if it is a file."""
        return self.keys if isinstance(self.keys, str) else None


# the two algorithms that CDS Hooks recommends, by type of key
ALGORITHMS = {"EC": "ES384", "RSA": "RS384"}
MOST_KEYS = 100
MOST_GOOD = 1000
MOST_BYTES = 512 * 1024
LEAST_BITS, MOST_BITS = 2048, 8192
# characters of base64
LONGEST_MODULUS, LONGEST_EXPONENT = 1400, 8


@dataclass(frozen=True, slots=True)
class Key:
    """A public key; signatures that it has verified are remembered by hash."""

    kid: str
    alg: str
    algorithm: Algorithm
    key: Any
    _good: set[bytes] = field(default_factory=set)

    def verifies(self, signed: bytes, signature: bytes) -> bool:
        """Whether the signature was made with this key."""
        digest = sha256(signed + b"." + signature).digest()
        if digest in self._good:
            return True
        good = bool(self.algorithm.verify(signed, self.key, signature))
        if len(self._good) >= MOST_GOOD:
            self._good.clear()
        if good:
            self._good.add(digest)
        return good


class KeySet(NamedTuple):
    """Usable keys by `kid`, and a sentence for each key that is not usable."""

    keys: Mapping[str, Key]
    unusable: tuple[str, ...]


def read_key_set(trust: Trust) -> KeySet:
    """The current key set of a client, from its URL or file; raises KeySetError."""
    match trust.keys:
        case str(url):
            try:
                return parse_key_set(fetch(url, "application/json", MOST_BYTES))
            except FetchError as error:
                raise KeySetError(str(error)) from None
        case path:
            try:
                return parse_key_set(path.read_bytes())
            except OSError as error:
                raise KeySetError(f"cannot be read: {error.strerror}") from None


def parse_key_set(raw: bytes) -> KeySet:
    """The keys of a document; raises KeySetError if it is no JWK Set."""
    try:
        document = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise KeySetError("is not JSON") from None
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise KeySetError('is no JWK Set such as {"keys": [...]}')
    if len(listed) > MOST_KEYS:
        raise KeySetError(f"holds more than {MOST_KEYS} keys")
    keys: dict[str, Key] = {}
    unusable: list[str] = []
    for number, jwk in enumerate(listed, 1):
        try:
            key = _key(jwk, keys)
            keys[key.kid] = key
        except KeySetError as error:
            unusable.append(f"key {number} {error}")
    return KeySet(keys, tuple(unusable))


def _key(jwk: Any, others: Mapping[str, Key]) -> Key:
    if not isinstance(jwk, dict):
        raise KeySetError("is no object")
    kid, alg = jwk.get("kid"), ALGORITHMS.get(str(jwk.get("kty")))
    if not isinstance(kid, str) or not kid:
        raise KeySetError("has no 'kid'")
    if kid in others:
        raise KeySetError("has the 'kid' of another")
    if alg is None:
        raise KeySetError("has a 'kty' that is neither EC nor RSA")
    if wrong := _wrong(jwk, alg):
        raise KeySetError(wrong)
    try:
        made = PyJWK(jwk, alg)
    except (PyJWTError, ValueError, TypeError):
        raise KeySetError(f"is no key for {alg}") from None
    if alg == "RS384" and not LEAST_BITS <= made.key.key_size <= MOST_BITS:
        raise KeySetError(f"is an RSA key of less than {LEAST_BITS} or more than {MOST_BITS} bits")
    return Key(kid, alg, made.Algorithm, made.key)


def _wrong(jwk: Mapping[str, Any], alg: str) -> str | None:
    operations = jwk.get("key_ops", ["verify"])
    if "d" in jwk:
        return "is private ('d'): a key set holds the public part only"
    if jwk.get("use", "sig") != "sig" or not (
        isinstance(operations, list) and "verify" in operations
    ):
        return "is not for signatures ('use', 'key_ops')"
    if jwk.get("alg", alg) != alg:
        return "is for another 'alg' than ES384 or RS384"
    if alg == "ES384" and jwk.get("crv") != "P-384":
        return "is on another curve than P-384 ('crv')"
    return _wrong_numbers(jwk, alg)


def _wrong_numbers(jwk: Mapping[str, Any], alg: str) -> str | None:
    if any(not isinstance(jwk.get(name, ""), str) for name in ("n", "e", "x", "y")):
        return f"is no key for {alg}"
    # verification time grows with these lengths, so they are limited before the key is read
    if len(jwk.get("n", "")) > LONGEST_MODULUS or len(jwk.get("e", "")) > LONGEST_EXPONENT:
        return f"is no key for {alg}: its numbers are too long"
    return None
