"""The authorization code grant of a SMART launch, with PKCE (RFC 7636), by Authlib."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from urllib3.exceptions import HTTPError

from service.auth.smart_configuration import Registration, SmartConfiguration
from service.errors import FetchError
from service.outbound_connection import CuttableAdapter, CuttableConnection
from service.settings import is_loopback

# `QuestionnaireResponse.c` is asked for and may be refused: then nothing is written back.
SCOPES = "launch openid fhirUser patient/*.rs patient/QuestionnaireResponse.c"
SECONDS = 3.0
TOTAL_SECONDS = 6.0
S256 = "S256"


@dataclass(frozen=True, slots=True)
class Granted:
    """What the token endpoint answered; tokens are never printed.

    `expires_in` in seconds, None if it was not said.
    """

    access_token: str = field(repr=False)
    id_token: str | None = field(repr=False)
    scope: str
    patient: str | None
    encounter: str | None
    app_context: str | None
    expires_in: int | None


def authorization_url(
    configuration: SmartConfiguration,
    registration: Registration,
    redirect_uri: str,
    asked: Mapping[str, str],
) -> str:
    """Where the browser is sent; `asked` has `state`, `nonce`, `code_verifier`, `launch` and `aud`."""
    session = _session(registration, redirect_uri)
    url, _ = session.create_authorization_url(configuration.authorization_endpoint, **asked)
    return str(url)


def granted(
    configuration: SmartConfiguration,
    registration: Registration,
    redirect_uri: str,
    code: str,
    code_verifier: str,
) -> Granted:
    """The code exchanged for a token; FetchError says why there is none, without the EHR's own words."""
    wire = CuttableConnection()
    url = configuration.token_endpoint
    session = _session(registration, redirect_uri)
    session.trust_env = not is_loopback(urlsplit(url).hostname or "")
    try:
        with wire.cut_after(TOTAL_SECONDS):
            token = session.fetch_token(
                url,
                grant_type="authorization_code",
                code=code,
                code_verifier=code_verifier,
                timeout=SECONDS,
                allow_redirects=False,
            )
    except OAuthError as error:
        raise FetchError(f"refused the code ({_named(error.error)})") from None
    except (requests.RequestException, HTTPError, ValueError, TypeError):
        raise FetchError("did not answer with a token") from None
    finally:
        session.close()
    return _read(dict(token))


def _session(registration: Registration, redirect_uri: str) -> OAuth2Session:
    session = OAuth2Session(
        registration.client_id,
        _secret(registration),
        scope=SCOPES,
        redirect_uri=redirect_uri,
        code_challenge_method=S256,
    )
    for scheme in ("https://", "http://"):
        session.mount(scheme, CuttableAdapter(1))
    return session


def _secret(registration: Registration) -> str | None:
    """The secret of a confidential client, read from its file; None for a public client."""
    if registration.secret_file is None:
        return None
    try:
        return registration.secret_file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise FetchError(
            f"was sent no secret of ours: it cannot be read ({error.strerror})"
        ) from None


def _read(token: dict[str, Any]) -> Granted:
    access, kind = token.get("access_token"), token.get("token_type")
    if not isinstance(access, str) or not isinstance(kind, str) or kind.lower() != "bearer":
        raise FetchError("answered without an access token of type Bearer")
    expires_in = token.get("expires_in")
    return Granted(
        access,
        _text(token.get("id_token")),
        _text(token.get("scope")) or "",
        _text(token.get("patient")),
        _text(token.get("encounter")),
        _text(token.get("appContext")),
        int(expires_in) if isinstance(expires_in, int | float) else None,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


# RFC 6749, 5.2: only these words are repeated
ERRORS = frozenset(
    {
        *("invalid_request", "invalid_client", "invalid_grant", "unauthorized_client"),
        *("unsupported_grant_type", "invalid_scope"),
    }
)


def _named(error: object) -> str:
    return error if isinstance(error, str) and error in ERRORS else "no reason of RFC 6749"
