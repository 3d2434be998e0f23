"""Fetching a document from a configured server: only its whole 200 answer counts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import responses

from service.auth.document_fetch import SLOW, fetch, wrong_url
from service.errors import FetchError

URL = "https://ehr.example.org/jwks.json"


@pytest.fixture
def server() -> Iterator[responses.RequestsMock]:
    """The configured server."""
    with responses.RequestsMock() as mock:
        yield mock


@pytest.mark.parametrize(
    "url",
    [
        URL,
        "https://ehr.example.org:8443/keys?client=1",
        "http://localhost:8081/jwks.json",
        "http://127.0.0.1/jwks.json",
        "http://[::1]/jwks.json",
    ],
)
def test_url_with_https_or_on_this_machine_is_right(url: str) -> None:
    assert wrong_url(url) is None


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ehr.example.org/jwks.json", "is no URL like"),
        ("ftp://ehr.example.org/jwks.json", "is no URL like"),
        ("https:///jwks.json", "is no URL like"),
        ("https://[::1/jwks.json", "is no URL"),
        ("https://ehr.example.org:port/jwks.json", "is no URL"),
        ("https://user@ehr.example.org/jwks.json", "holds a user name"),
        (f"{URL}#first", "holds a user name or a fragment"),
        ("http://ehr.example.org/jwks.json", "is http, which is for this machine only"),
    ],
)
def test_wrong_url_is_told_and_not_called(url: str, message: str) -> None:
    assert (wrong_url(url) or "").startswith(message)
    with pytest.raises(FetchError, match=message):
        fetch(url, "application/json")


def test_body_of_a_200_answer_is_given(server: responses.RequestsMock) -> None:
    server.get(URL, body=b'{"keys": []}')
    assert fetch(URL, "application/json") == b'{"keys": []}'
    assert server.calls[0].request.headers["Accept"] == "application/json"


def test_login_of_a_netrc_file_is_never_sent(
    server: responses.RequestsMock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine ehr.example.org login somebody password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    server.get(URL, body=b"x")
    fetch(URL, "application/json")
    assert "Authorization" not in server.calls[0].request.headers


@pytest.mark.parametrize(("most", "fits"), [(10, True), (9, False)])
def test_body_larger_than_the_limit_is_refused(
    server: responses.RequestsMock, most: int, fits: bool
) -> None:
    server.get(URL, body=b"0123456789")
    if fits:
        assert fetch(URL, "application/json", most) == b"0123456789"
    else:
        with pytest.raises(FetchError, match=r"^is larger than 9 bytes$"):
            fetch(URL, "application/json", most)


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (302, "answered 302; redirects are not followed"),
        (404, "answered 404"),
        (500, "answered 500"),
        (204, "answered 204"),
    ],
)
def test_other_status_is_refused_with_its_number(
    server: responses.RequestsMock, status: int, message: str
) -> None:
    server.get(URL, status=status, headers={"Location": "https://elsewhere.example.org/"})
    with pytest.raises(FetchError) as refused:
        fetch(URL, "application/json")
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (requests.ConnectTimeout(), SLOW),
        (requests.ReadTimeout(), SLOW),
        (requests.exceptions.SSLError(), "its TLS certificate is not trusted"),
        (requests.ConnectionError(), "cannot be reached"),
        (requests.exceptions.InvalidHeader(), "did not answer as HTTP (InvalidHeader)"),
    ],
)
def test_failed_call_is_told_without_the_library_s_own_words(
    server: responses.RequestsMock, error: Exception, message: str
) -> None:
    server.get(URL, body=error)
    with pytest.raises(FetchError) as refused:
        fetch(URL, "application/json")
    assert str(refused.value) == message
