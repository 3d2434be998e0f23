"""The claims of a token whose signature is good."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from service.auth.refusal import refused

# seconds by which two clocks may differ
LEEWAY = 30
LONGEST_LIFE = 86_400


class Claims(NamedTuple):
    """What is needed to know the token again."""

    jti: str
    expires_at: float


def check_claims(claims: Mapping[str, Any], meant_for: frozenset[str], now: float) -> Claims:
    """Time, audience and id; `meant_for` holds the URL called and the client's other audiences."""
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
