"""A call with a token: the client that signed it, or the check that failed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from time import time
from typing import Literal

import pytest
import responses
from support.signing import CLIENT, ISSUER, JKU, OURS, PATH, TRUST, Signer, key_set

from service.auth.authenticate import Authenticator
from service.auth.key_set import Replay
from service.errors import RequestError, StoreError

FIRST, RSA, UNKNOWN = Signer(), Signer("second", "RS384"), Signer("unknown")
Seen = Literal["new", "again", "otherwise"]


@pytest.fixture(autouse=True)
def server() -> Iterator[responses.RequestsMock]:
    """The client's key server."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(JKU, body=key_set(FIRST.jwk(), RSA.jwk()))
        yield mock


class Notes:
    """A store of used tokens that answers what the test says."""

    def __init__(self, seen: Seen | Exception = "new") -> None:
        self.seen = seen
        self.noted: list[tuple[str, str, int, int]] = []

    def __call__(self, id_: str, call: str, until: int, now: int) -> Seen:
        """Whether the token is new."""
        self.noted.append((id_, call, until, now))
        if isinstance(self.seen, Exception):
            raise self.seen
        return self.seen


def authenticator(
    notes: Notes | None = None,
    replay: Replay = "retry",
    url: str = OURS,
    audiences: frozenset[str] = frozenset(),
) -> Authenticator:
    trusted = replace(TRUST, replay=replay, audiences=audiences)
    return Authenticator([trusted], url, notes or Notes(), time)


def refused(call: Callable[[], object]) -> str:
    """The check that failed."""
    with pytest.raises(RequestError) as error:
        call()
    assert error.value.status == 401
    return error.value.diagnostics.split("'")[1]


@pytest.mark.parametrize("signer", [FIRST, RSA], ids=["EC", "RSA"])
def test_token_signed_with_a_key_of_the_set_names_its_client(signer: Signer) -> None:
    assert authenticator().client(f"Bearer {signer.token()}", PATH, b"{}") == CLIENT


def test_token_of_another_issuer_is_refused() -> None:
    token = FIRST.token(iss=f"{ISSUER}/")
    assert refused(lambda: authenticator().client(f"Bearer {token}", PATH, b"")) == "iss"


@pytest.mark.parametrize(
    ("token", "check"),
    [
        (UNKNOWN.token(), "kid"),
        (FIRST.token({"kid": "second"}), "alg"),
        (FIRST.token({"jku": "https://elsewhere.example.org/jwks.json"}), "jku"),
        (UNKNOWN.token({"kid": "first"}), "signature"),
    ],
)
def test_token_that_no_configured_key_signed_is_refused(token: str, check: str) -> None:
    assert refused(lambda: authenticator().client(f"Bearer {token}", PATH, b"")) == check


def test_token_without_a_jku_is_verified_with_the_configured_set() -> None:
    token = FIRST.token({"jku": None})
    assert authenticator().client(f"Bearer {token}", PATH, b"") == CLIENT


def test_key_server_that_fails_is_told_in_the_refusal(server: responses.RequestsMock) -> None:
    server.upsert("GET", JKU, status=503)
    with pytest.raises(RequestError, match="the key set of this issuer answered 503"):
        authenticator().client(f"Bearer {FIRST.token()}", PATH, b"")


@pytest.mark.parametrize(
    ("audience", "accepted"),
    [
        (f"http://localhost:8080{PATH}", True),
        (f"http://[::1]:8080{PATH}/", True),
        (f"http://localhost:8081{PATH}", False),
        ("https://cds.example.org/ours", True),
        ("https://cds.example.org/theirs", False),
    ],
)
def test_audience_is_the_called_url_by_any_name_of_this_machine_or_one_that_is_agreed(
    audience: str, accepted: bool
) -> None:
    service = authenticator(audiences=frozenset({"https://cds.example.org/ours/"}))
    token = f"Bearer {FIRST.token(aud=audience)}"
    if accepted:
        assert service.client(token, PATH, b"") == CLIENT
    else:
        assert refused(lambda: service.client(token, PATH, b"")) == "aud"


def test_service_elsewhere_has_one_name_only() -> None:
    service = authenticator(url="https://cds.example.org")
    for host, accepted in (("https://cds.example.org", True), ("http://localhost:8080", False)):
        token = f"Bearer {FIRST.token(aud=f'{host}{PATH}')}"
        if accepted:
            assert service.client(token, f"{PATH}/", b"") == CLIENT
        else:
            assert refused(partial(service.client, token, PATH, b"")) == "aud"


@pytest.mark.parametrize(
    ("replay", "seen", "accepted"),
    [
        ("retry", "new", True),
        ("retry", "again", True),
        ("retry", "otherwise", False),
        ("refuse", "new", True),
        ("refuse", "again", False),
        ("refuse", "otherwise", False),
        ("off", "otherwise", True),
        ("retry", StoreError("down"), True),
    ],
)
def test_used_token_is_refused_as_the_client_agreed(
    replay: Replay, seen: Seen | Exception, accepted: bool
) -> None:
    service, token = authenticator(Notes(seen), replay), f"Bearer {FIRST.token()}"
    if accepted:
        assert service.client(token, PATH, b"") == CLIENT
    else:
        assert refused(lambda: service.client(token, PATH, b"")) == "jti"


def test_used_token_is_refused_while_the_store_is_down_if_each_use_counts() -> None:
    service = authenticator(Notes(StoreError("down")), "refuse")
    with pytest.raises(StoreError):
        service.client(f"Bearer {FIRST.token()}", PATH, b"")


def test_note_of_a_token_tells_calls_with_other_bodies_apart() -> None:
    notes = Notes()
    service, token = authenticator(notes), f"Bearer {FIRST.token()}"
    for body in (b"{}", b"{}", b"[]"):
        service.client(token, PATH, body)
    ids, calls = {one[0] for one in notes.noted}, [one[1] for one in notes.noted]
    assert len(ids) == 1
    assert calls[0] == calls[1] != calls[2]


def test_keys_read_before_the_first_call_are_not_read_by_it(
    server: responses.RequestsMock,
) -> None:
    service = authenticator()
    service.read_keys()
    assert len(server.calls) == 1
    service.client(f"Bearer {FIRST.token()}", PATH, b"")
    assert len(server.calls) == 1


def test_without_issuers_a_token_is_only_looked_at() -> None:
    service = Authenticator([], OURS, Notes(), time)
    assert not service.checks_tokens
    assert authenticator().checks_tokens
    service.ignore_token(f"Bearer {UNKNOWN.token()}")
    assert refused(lambda: service.ignore_token("Bearer no-token")) == "form"
