"""A token off the wire: taken apart, nothing believed yet."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson
from jwt import PyJWS, PyJWTError

from service.auth.refusal import refused

LONGEST = 16 * 1024
ALGORITHMS = ("ES384", "RS384")
SHAPE = "write 'Authorization: Bearer <token>' with a signed JWT of three parts"
# the algorithms in which the checker has no secret of the signer's: RFC 7518 section 3.1, RFC 8037
KEY_PAIRS = ("ES", "RS", "PS", "EdDSA")
_JWS = PyJWS(algorithms=ALGORITHMS)


class Token(NamedTuple):
    """Header and claims as they were sent, and what is signed by what."""

    text: str
    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    signed: bytes
    signature: bytes


def read_token(authorization: str) -> Token:
    """The token of an Authorization header, as far as it has the form of one that we can check."""
    token = read_any(authorization)
    if token.header.get("alg") not in ALGORITHMS:
        raise refused("alg", "the header's alg must be ES384 or RS384")
    if "crit" in token.header:
        raise refused("form", "the header's crit asks for an extension that is not known here")
    if not isinstance(token.header.get("kid"), str):
        raise refused("kid", "the header has no kid, the name of the key")
    return token


def read_any(authorization: str) -> Token:
    """The token of an Authorization header, signed by a key pair in whatever way."""
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
    """`jwk`, `x5c` and `x5u` are not looked at: a key that comes with the token proves nothing."""
    typ, alg = header.get("typ", "JWT"), header.get("alg")
    if not isinstance(typ, str) or typ.lower() != "jwt":
        raise refused("typ", "the header's typ must be JWT")
    if not isinstance(alg, str) or not alg.startswith(KEY_PAIRS):
        raise refused("alg", "the header's alg must be ES384 or RS384")
    return header
