"""Parses a token and checks its claims; every refusal names the check that failed."""

import logging
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson
from jwt import PyJWS, PyJWTError

from service.errors import RequestError

UNAUTHORIZED = 401
log = logging.getLogger("service.auth")


def refused(check: str, message: str) -> RequestError:
    """The error for one failed check; checks are named as in docs/reference/clients.md."""
    log.info("token refused: %s", check)
    # headers are ASCII, so the message itself is in the body only
    challenge = f'Bearer error="invalid_token", error_description="failed check: {check}"'
    return RequestError(
        UNAUTHORIZED,
        "security",
        f"token refused, check '{check}': {message}",
        {"WWW-Authenticate": challenge},
    )


LONGEST = 16 * 1024
ALGORITHMS = ("ES384", "RS384")
SHAPE = "write 'Authorization: Bearer <token>' with a signed JWT of three parts"
# algorithms with key pairs, without shared secrets: RFC 7518 section 3.1, RFC 8037
KEY_PAIRS = ("ES", "RS", "PS", "EdDSA")
_JWS = PyJWS(algorithms=ALGORITHMS)


class Token(NamedTuple):
    """Header and claims as sent, the signed part and the signature."""

    text: str
    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    signed: bytes
    signature: bytes


def read_token(authorization: str) -> Token:
    """The token of an Authorization header; refused if it cannot be verified here by its form."""
    token = read_any(authorization)
    if token.header.get("alg") not in ALGORITHMS:
        raise refused("alg", "the header's alg must be ES384 or RS384")
    if "crit" in token.header:
        raise refused("form", "the header's crit asks for an extension that is not known here")
    if not isinstance(token.header.get("kid"), str):
        raise refused("kid", "the header has no kid, the name of the key")
    return token


def read_any(authorization: str) -> Token:
    """The token of an Authorization header, signed with any algorithm that uses key pairs."""
    scheme, _, text = authorization.strip().partition(" ")
    text = text.strip()
    if scheme.lower() != "bearer":
        raise refused("form", f"the scheme is not Bearer; {SHAPE}")
    if len(text) > LONGEST:
        raise refused("form", f"the token is longer than {LONGEST} characters")
    if not text.isascii() or text.count(".") != 2:  # noqa: PLR2004 - header, claims, signature
        raise refused("form", SHAPE)
    return _parsed(text)


def _parsed(text: str) -> Token:
    try:
        parts = _JWS.decode_complete(text, options={"verify_signature": False})
        claims = orjson.loads(parts["payload"])
    except (PyJWTError, ValueError, TypeError, RecursionError):
        raise refused("form", f"the token cannot be read; {SHAPE}") from None
    if not isinstance(claims, dict):
        raise refused("form", "the claims are no JSON object")
    signed = text.rpartition(".")[0].encode()
    return Token(text, _checked_header(parts["header"]), claims, signed, parts["signature"])


def _checked_header(header: Mapping[str, Any]) -> Mapping[str, Any]:
    """The checked header; `jwk`, `x5c` and `x5u` are ignored, since a key inside the token proves nothing."""
    typ, alg = header.get("typ", "JWT"), header.get("alg")
    if not isinstance(typ, str) or typ.lower() != "jwt":
        raise refused("typ", "the header's typ must be JWT")
    if not isinstance(alg, str) or not alg.startswith(KEY_PAIRS):
        raise refused("alg", "the header's alg must be ES384 or RS384")
    return header


# seconds by which two clocks may differ
LEEWAY = 30
LONGEST_LIFE = 86_400


class Claims(NamedTuple):
    """What is needed to recognize a used token: its id and when it expires (seconds since 1970)."""

    jti: str
    expires_at: float


def check_claims(claims: Mapping[str, Any], meant_for: frozenset[str], now: float) -> Claims:
    """Checks time, audience and id; `meant_for` are the called URL and the client's other audiences."""
    expires_at, jti = _time(claims, "exp"), claims.get("jti")
    if expires_at + LEEWAY <= now:
        raise refused("exp", "the token has expired")
    if expires_at > now + LONGEST_LIFE:
        raise refused("exp", "the token lives longer than a day; five minutes are usual")
    for name in ("iat", "nbf"):
        if (name == "iat" or name in claims) and _time(claims, name) > now + LEEWAY:
            raise refused(name, f"{name} lies in the future; compare the clocks")
    _check_audience(claims.get("aud"), meant_for)
    if not isinstance(jti, str) or not jti:
        raise refused("jti", "the claim jti is missing: an id of this token alone, as text")
    return Claims(jti, expires_at)


def _time(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refused(name, f"the claim {name} is missing: a time in seconds since 1970, a number")
    return float(value)


def _check_audience(aud: object, meant_for: frozenset[str]) -> None:
    given = aud if isinstance(aud, list) else [aud]
    if not any(isinstance(value, str) and value.rstrip("/") in meant_for for value in given):
        wanted = " or ".join(sorted(meant_for))
        raise refused("aud", f"aud must be, or an array must hold, {wanted}")
