"""Where an EHR has its users log in: its SMART configuration (SMART App Launch 2), read at each launch."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson

from service.auth.document_fetch import fetch, wrong_url
from service.errors import FetchError
from service.settings import is_loopback

WELL_KNOWN = ".well-known/smart-configuration"
OPENID = ".well-known/openid-configuration"
MOST_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Registration:
    """How the EHRs of one client know us; a public client has no secret."""

    client_id: str
    secret_file: Path | None = None


@dataclass(frozen=True, slots=True)
class SmartConfiguration:
    """The addresses of one EHR for a launch; `issuer` is the `iss` of its id tokens."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


def read_configuration(base: str) -> SmartConfiguration:
    """The configuration of a listed FHIR server; FetchError says what is missing or wrong."""
    found = _document(base, f"{base.rstrip('/')}/{WELL_KNOWN}")
    issuer = _address(found, "issuer", base)
    jwks_uri = found.get("jwks_uri")
    if not isinstance(jwks_uri, str):  # conditional in SMART, required in OpenID Connect
        found = {**found, **_keys_of(issuer, base)}
    return SmartConfiguration(
        issuer,
        _address(found, "authorization_endpoint", base),
        _address(found, "token_endpoint", base),
        _address(found, "jwks_uri", base),
    )


def _keys_of(issuer: str, base: str) -> dict[str, Any]:
    document = _document(base, f"{issuer.rstrip('/')}/{OPENID}")
    if document.get("issuer") != issuer:
        raise FetchError("has an OpenID configuration of another issuer")
    return {"jwks_uri": document.get("jwks_uri")}


def _document(base: str, url: str) -> dict[str, Any]:
    _refuse(url, base)
    try:
        document = orjson.loads(fetch(url, "application/json", MOST_BYTES))
    except orjson.JSONDecodeError:
        raise FetchError("has a SMART configuration that is not JSON") from None
    if not isinstance(document, dict):
        raise FetchError("has a SMART configuration that is no JSON object")
    return document


def _address(document: dict[str, Any], name: str, base: str) -> str:
    value = document.get(name)
    if not isinstance(value, str):
        raise FetchError(f"has a SMART configuration without {name}")
    _refuse(value, base)
    return value


def _refuse(url: str, base: str) -> None:
    """An EHR elsewhere may not lead to this machine, nor away from https."""
    if problem := wrong_url(url):
        raise FetchError(f"has a SMART configuration with an address that {problem}")
    elsewhere = not is_loopback(urlsplit(base).hostname or "")
    if elsewhere and is_loopback(urlsplit(url).hostname or ""):
        raise FetchError("has a SMART configuration that leads to this machine")
