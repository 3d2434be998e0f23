"""Who the user of a launch is: the id token of OpenID Connect, checked by Authlib, and its `fhirUser`."""

import re
from collections.abc import Callable
from typing import NamedTuple

import orjson
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from service.auth.key_fetch import fetch
from service.auth.smart_configuration import SmartConfiguration
from service.errors import FetchError

# asymmetric only: a key of the set is never a shared secret
ALGORITHMS = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"]
LEEWAY = 60  # seconds by which two clocks may differ
LONGEST = 16 * 1024
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
        raise FetchError("its id token is too long")
    keys = fetch(configuration.jwks_uri, "application/json")
    try:
        read = jwt.decode(
            token,
            KeySet.import_key_set(orjson.loads(keys)),
            registry=JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False),
        )
        claims = CodeIDToken(
            read.claims,
            read.header,
            {"iss": {"values": [configuration.issuer]}, "aud": {"values": [client_id]}},
            {"client_id": client_id, "nonce": nonce},
        )
        claims.validate(int(now()), LEEWAY)
    except JoseError as error:
        raise FetchError(f"its id token is refused ({_named(error)})") from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise FetchError("its id token or its keys cannot be read") from None
    named = claims.get("fhirUser") or claims.get("profile")
    if not isinstance(named, str):
        raise FetchError("its id token names no user (fhirUser)")
    return named


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
