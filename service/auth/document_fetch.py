"""Fetches a document from a configured server: https, no redirects, limited in size and time."""

from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from service.errors import FetchError
from service.outbound_connection import CuttableAdapter, CuttableConnection
from service.settings import is_loopback

SECONDS = 3.0
TOTAL_SECONDS = 5.0
MOST = 512 * 1024
CHUNK = 16 * 1024
OK = 200
SLOW = "did not answer in time"


def fetch(url: str, accept: str, most: int = MOST) -> bytes:
    """The body of a 200 answer; raises FetchError, whose message says why there is none."""
    if problem := wrong_url(url):
        raise FetchError(problem)
    wire = CuttableConnection()
    try:
        with wire.cut_after(TOTAL_SECONDS):
            body = _get(url, accept, most)
    except (requests.RequestException, HTTPError, ValueError) as error:
        raise FetchError(SLOW if wire.is_cut else _in_words(error)) from None
    if wire.is_cut:
        # a body without Content-Length looks complete when the connection is cut
        raise FetchError(SLOW)
    return body


def _in_words(error: Exception) -> str:
    match error:
        case requests.Timeout():
            return SLOW
        case requests.exceptions.SSLError():
            return "its TLS certificate is not trusted"
        case requests.ConnectionError():
            return "cannot be reached"
    return f"did not answer as HTTP ({type(error).__name__})"


def wrong_url(url: str) -> str | None:
    """What is wrong with a configured URL; None if nothing is."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port  # raises where it is no number
    except ValueError:
        return "is no URL"
    if parts.scheme not in {"http", "https"} or not host:
        return "is no URL like https://ehr.example.org/jwks.json"
    if parts.username is not None or parts.fragment:
        return "holds a user name or a fragment; leave it out"
    if parts.scheme == "http" and not is_loopback(host):
        return "is http, which is for this machine only; write https://"
    return None


def _get(url: str, accept: str, most: int) -> bytes:
    body, headers = bytearray(), {"Accept": accept}
    session = requests.Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, CuttableAdapter(1))
    # servers on this machine are called without a proxy
    session.trust_env = not is_loopback(urlsplit(url).hostname or "")
    with session.get(
        url,
        headers=headers,
        # prevents requests from reading .netrc
        auth=lambda request: request,
        timeout=SECONDS,
        stream=True,
        allow_redirects=False,
    ) as answer:
        if answer.is_redirect:
            raise FetchError(f"answered {answer.status_code}; redirects are not followed")
        if answer.status_code != OK:
            raise FetchError(f"answered {answer.status_code}")
        for chunk in answer.iter_content(CHUNK):
            body += chunk
            if len(body) > most:
                raise FetchError(f"is larger than {most} bytes")
    return bytes(body)
