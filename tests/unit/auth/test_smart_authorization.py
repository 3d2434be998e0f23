"""The code grant: the address of the login, and the token for a code; no word of the EHR is repeated."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from service.auth.smart_authorization import SCOPES, Granted, authorization_url, granted
from service.auth.smart_configuration import Registration, SmartConfiguration
from service.errors import FetchError

AT = SmartConfiguration("https://e", "https://e/authorize?x=1", "https://e/token", "https://e/keys")
PUBLIC, BACK = Registration("app"), "https://cds.example.org/launch/callback"
TOKEN = {"access_token": "t", "token_type": "bearer", "scope": "launch", "patient": "p"}


def test_login_is_asked_with_pkce() -> None:
    asked = {"state": "s", "nonce": "n", "code_verifier": "v" * 64, "launch": "l", "aud": "a"}
    url = urlsplit(authorization_url(AT, PUBLIC, BACK, asked))
    found = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert (url.netloc, url.path, found["x"]) == ("e", "/authorize", "1")
    assert found["code_challenge_method"] == "S256"
    assert "v" * 64 not in url.query
    assert {name: found[name] for name in ("state", "nonce", "launch", "aud")} == {
        "state": "s",
        "nonce": "n",
        "launch": "l",
        "aud": "a",
    }
    assert (found["scope"], found["redirect_uri"]) == (SCOPES, BACK)


def asked(
    body: object, status: int = 200, registration: Registration = PUBLIC
) -> tuple[Granted, str, str]:
    """What is granted, and the body and Authorization header that were sent."""
    with responses.RequestsMock() as mock:
        mock.post(AT.token_endpoint, json=body, status=status)
        found = granted(AT, registration, BACK, "code", "verifier")
        sent = mock.calls[0].request
        return found, str(sent.body), sent.headers.get("Authorization", "")


def test_code_is_exchanged() -> None:
    found, body, header = asked(TOKEN | {"appContext": "c", "expires_in": 60})
    assert (found.access_token, found.patient, found.app_context) == ("t", "p", "c")
    assert found.expires_in == 60
    assert "code_verifier=verifier" in body
    assert "client_id=app" in body
    assert header == ""
    assert "t'" not in repr(found)


def test_secret_of_a_confidential_client_comes_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush\n", encoding="utf-8")
    *_, header = asked(TOKEN, registration=Registration("app", tmp_path / "secret"))
    assert header.startswith("Basic ")
    with pytest.raises(FetchError, match="secret"):
        granted(AT, Registration("app", tmp_path / "none"), BACK, "c", "v")


@pytest.mark.parametrize(
    ("body", "status", "why"),
    [
        ({"error": "invalid_grant", "error_description": "Jonah"}, 400, "invalid_grant"),
        ({"error": "Jonah Pettibone"}, 400, "no reason"),
        ({"token_type": "bearer"}, 200, "without an access token"),
        (TOKEN | {"token_type": "mac"}, 200, "without an access token"),
        ([], 200, "did not answer with a token"),
        ({}, 500, "did not answer with a token"),
        ({}, 302, "without an access token"),
    ],
)
def test_what_is_no_token_is_refused(body: object, status: int, why: str) -> None:
    with pytest.raises(FetchError, match=why) as raised:
        asked(body, status)
    assert "Jonah" not in str(raised.value)
