"""Who the user of a launch is: the id token of OpenID Connect, checked by Authlib, and its `fhirUser`."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

import orjson
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from service.auth.document_fetch import fetch
from service.auth.smart_configuration import SmartConfiguration
from service.errors import FetchError

# asymmetric only: a key of the set is never a shared secret
ALGORITHMS = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"]
LEEWAY = 60  # seconds by which two clocks may differ
LONGEST = 16 * 1024
MOST_KEYS = 20
_USER = re.compile(r"(?P<base>https?://.+/)?(?P<type>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9.\-]{1,64})")


class User(NamedTuple):
    """The user as a relative reference, such as `Practitioner/1`, by type and id."""

    type: str
    id: str

    @property
    def reference(self) -> str:
        """The reference of FHIR."""
        return f"{self.type}/{self.id}"


def user_of(
    token: str,
    configuration: SmartConfiguration,
    client_id: str,
    nonce: str,
    now: Callable[[], float],
) -> str:
    """The `fhirUser` of a valid id token as the EHR wrote it; FetchError names the failed check."""
    if len(token) > LONGEST:
        raise FetchError("sent an id token that is too long")
    keys = fetch(configuration.jwks_uri, "application/json")
    try:
        read = _read(token, KeySet.import_key_set(orjson.loads(keys)))
        claims = CodeIDToken(
            read.claims,
            read.header,
            {"iss": {"values": [configuration.issuer]}, "aud": {"values": [client_id]}},
            {"client_id": client_id, "nonce": nonce},
        )
        claims.validate(int(now()), LEEWAY)
    except JoseError as error:
        raise FetchError(f"sent an id token that is refused ({_named(error)})") from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise FetchError("sent an id token or keys that cannot be read") from None
    named = claims.get("fhirUser") or claims.get("profile")
    if not isinstance(named, str):
        raise FetchError("sent an id token without a user (fhirUser)")
    return named


def _read(token: str, keys: KeySet) -> jwt.Token:
    """The token, if a key of the set signed it; without a `kid` each one is tried (SMART asks for none)."""
    rules = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    try:
        return jwt.decode(token, keys, registry=rules)
    except InvalidKeyIdError:
        if '"kid"' in _header(token):
            raise
    for key in keys.keys[:MOST_KEYS]:
        with suppress(JoseError):
            return jwt.decode(token, key, registry=rules)
    raise InvalidKeyIdError


def _header(token: str) -> str:
    """The header of a token as text; empty if it cannot be read."""
    written = token.partition(".")[0]
    try:
        return urlsafe_b64decode(written + "=" * (-len(written) % 4)).decode()
    except ValueError:
        return ""


def read_user(named: str, base: str) -> User | None:
    """A `fhirUser` of the FHIR server `base`, relative or absolute; None for one of another server."""
    match = _USER.fullmatch(named)
    if match is None or match["base"] not in (None, f"{base.rstrip('/')}/"):
        return None
    return User(match["type"], match["id"])


def _named(error: JoseError) -> str:
    """The check that failed: the claim, or the kind of error."""
    claim = getattr(error, "claim", None)
    return claim if isinstance(claim, str) else str(error.error)
