"""The access token of a request: read apart from it, held only while calls are made with it."""

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(r"[\x21-\x7e]{1,16384}")


@dataclass(frozen=True, slots=True)
class Authorization:
    """`fhirAuthorization`; `token` is None where it cannot be used, and it is never printed."""

    token: str | None = field(repr=False)
    scope: str | None
    patient: str | None


def parse_authorization(body: object) -> Authorization | None:
    """The authorization of a request that was read; None where it brought none, or an empty token."""
    given = body.get("fhirAuthorization") if isinstance(body, dict) else None
    if given is None:
        return None
    if not isinstance(given, dict):
        return Authorization(None, None, None)
    token, kind = given.get("access_token"), given.get("token_type", "Bearer")
    if token in (None, ""):
        return None
    bearer = isinstance(kind, str) and kind.lower() == "bearer"
    usable = bearer and isinstance(token, str) and _TOKEN.fullmatch(token)
    return Authorization(
        token if usable else None,
        _text_or_nothing(given.get("scope")),
        _text_or_nothing(given.get("patient")),
    )


def _text_or_nothing(value: object) -> str | None:
    return value if isinstance(value, str) else None
