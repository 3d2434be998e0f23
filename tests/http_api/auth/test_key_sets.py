"""Where keys come from: the client's own server or a file, read behind the calls, and capped."""

from collections.abc import Callable
from pathlib import Path
from threading import Event
from time import monotonic, sleep, time
from typing import Any

import pytest
import requests
import responses
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from support.clock import Clock
from support.signing import JKU, Signer, key_set, private_key

from service.auth.key_set import Trust, parse_key_set

OLD, NEW = Signer("old"), Signer("new")


@pytest.fixture
def clock() -> Clock:
    return Clock(time())


def wait_for(truth: Callable[[], bool]) -> None:
    """Until something has happened behind the calls."""
    until = monotonic() + 10
    while not truth():
        assert monotonic() < until
        sleep(0.01)


@pytest.mark.conforms("SEC-16")
def test_keys_that_were_read_at_the_start_are_not_read_by_a_call(
    open_site: Any, serves: Any, key_server: responses.RequestsMock
) -> None:
    serves(OLD)
    site = open_site()
    site.app.extensions["runtime"].authenticator.read_keys()
    assert len(key_server.calls) == 1
    for _ in range(5):
        assert site.call(OLD.token()).status_code == 200
    assert len(key_server.calls) == 1


@pytest.mark.conforms("SEC-16")
def test_a_new_key_is_picked_up_by_the_call_that_brings_it(
    open_site: Any, serves: Any, clock: Clock
) -> None:
    serves(OLD)
    site = open_site(clock)
    assert site.call(OLD.token()).status_code == 200
    serves(OLD, NEW)
    clock.now += 61
    assert site.call(NEW.token()).status_code == 200


def test_unknown_keys_read_the_set_at_most_once_a_minute(
    open_site: Any, serves: Any, clock: Clock, key_server: responses.RequestsMock
) -> None:
    serves(OLD)
    site = open_site(clock)
    for _ in range(5):
        assert site.call(NEW.token()).status_code == 401
    assert len(key_server.calls) == 1
    clock.now += 61
    for _ in range(5):
        assert site.call(NEW.token()).status_code == 401
    assert len(key_server.calls) == 2


@pytest.mark.conforms("SEC-16")
def test_revoked_key_is_refused_after_refresh(
    open_site: Any, serves: Any, clock: Clock, key_server: responses.RequestsMock
) -> None:
    serves(OLD, NEW)
    site = open_site(clock)
    assert site.call(OLD.token()).status_code == 200
    serves(NEW)
    clock.now += 601
    fresh: dict[str, Any] = {"iat": int(clock.now), "exp": int(clock.now) + 60}
    # this call is not made to wait: it still goes by the keys of before
    site.call(OLD.token(**fresh))
    wait_for(lambda: len(key_server.calls) == 2)
    wait_for(lambda: site.call(OLD.token(**fresh)).status_code == 401)
    assert site.call(NEW.token(**fresh)).status_code == 200


def test_expired_key_set_is_refreshed_in_the_background(
    open_site: Any, serves: Any, clock: Clock, key_server: responses.RequestsMock
) -> None:
    serves(OLD)
    site, go_on = open_site(clock), Event()
    assert site.call(OLD.token()).status_code == 200

    def hang(_: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        go_on.wait(20)
        return 200, {}, key_set(OLD.jwk())

    key_server.remove("GET", JKU)
    key_server.add_callback("GET", JKU, hang)
    clock.now += 601
    fresh: dict[str, Any] = {"iat": int(clock.now), "exp": int(clock.now) + 60}
    began = monotonic()
    assert site.call(OLD.token(**fresh)).status_code == 200
    assert monotonic() - began < 2
    go_on.set()
    wait_for(lambda: len(key_server.calls) == 2)


def test_keys_stay_valid_for_a_day_while_the_key_server_is_down(
    open_site: Any, serves: Any, clock: Clock, key_server: responses.RequestsMock
) -> None:
    serves(OLD)
    site = open_site(clock)
    assert site.call(OLD.token()).status_code == 200
    key_server.upsert("GET", JKU, status=503)
    for later, status in ((3600, 200), (86_400, 401)):
        clock.now += later
        fresh: dict[str, Any] = {"iat": int(clock.now), "exp": int(clock.now) + 60}
        assert site.call(OLD.token(**fresh)).status_code == status


def test_key_server_that_comes_up_is_used_again(
    open_site: Any, serves: Any, clock: Clock, key_server: responses.RequestsMock
) -> None:
    key_server.add("GET", JKU, body=requests.ConnectionError())
    site = open_site(clock)
    site.app.extensions["runtime"].authenticator.read_keys()
    answer = site.call(OLD.token())
    assert answer.status_code == 401
    said = answer.json["issue"][0]["diagnostics"]
    assert said.startswith(
        "token refused, check 'kid': the key set of this issuer cannot be reached"
    )
    serves(OLD)
    clock.now += 61
    assert site.call(OLD.token()).status_code == 200


ANSWERS: dict[str, tuple[dict[str, Any], str]] = {
    "a redirect": (
        {"status": 302, "headers": {"Location": "https://evil.example.com/jwks.json"}},
        "redirects are not followed",
    ),
    "not found": ({"status": 404}, "answered 404"),
    "a page": ({"body": "<html>"}, "is not JSON"),
    "a list": ({"body": "[]"}, "is no JWK Set"),
    "600 kB": ({"body": " " * 600_000}, "is larger than"),
    "101 keys": ({"body": key_set(*[{}] * 101)}, "more than 100 keys"),
    "a time-out": ({"body": requests.Timeout()}, "did not answer in time"),
    "a certificate of nobody": ({"body": requests.exceptions.SSLError()}, "TLS certificate"),
    "a reset": ({"body": requests.exceptions.ChunkedEncodingError()}, "did not answer as HTTP"),
}


@pytest.mark.parametrize(("answer", "says"), ANSWERS.values(), ids=ANSWERS)
def test_unusable_answer_of_the_key_server_refuses_the_call(
    open_site: Any, key_server: responses.RequestsMock, answer: dict[str, Any], says: str
) -> None:
    key_server.add("GET", JKU, **answer)
    refused = open_site().call(OLD.token())
    assert refused.status_code == 401
    assert says in refused.json["issue"][0]["diagnostics"]
    assert [one.request.url for one in key_server.calls] == [JKU]


USELESS: dict[str, dict[str, Any]] = {
    "no name": {"kid": None},
    "a use that is encryption": {"use": "enc"},
    "operations without verify": {"key_ops": ["sign"]},
    "another algorithm": {"alg": "ES256"},
    "another curve": {"crv": "P-256"},
    "no coordinate": {"x": None},
    "a coordinate that is a number": {"x": 7},
    "a point off the curve": {"x": "A" * 64},
    "a private part": {"d": "AAAA"},
    "a shared secret": {"kty": "oct", "k": "AAAA"},
}


@pytest.mark.parametrize("changes", USELESS.values(), ids=USELESS)
def test_key_of_an_unusable_kind_is_ignored(
    open_site: Any, key_server: responses.RequestsMock, changes: dict[str, Any]
) -> None:
    broken = {name: value for name, value in OLD.jwk(**changes).items() if value is not None}
    key_server.add("GET", JKU, body=key_set(broken, NEW.jwk(), [], {}))
    site = open_site()
    assert site.call(OLD.token()).status_code == 401
    assert site.call(NEW.token()).status_code == 200


def test_a_private_key_and_one_on_another_curve_are_useless() -> None:
    private = ECAlgorithm.to_jwk(private_key("old", "ES384"), as_dict=True)
    short = ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key(), as_dict=True)
    found = parse_key_set(key_set({**private, "kid": "old"}, {**short, "kid": "b"}).encode())
    assert not found.keys
    assert [one.split(":")[0] for one in found.unusable] == [
        "key 1 is private ('d')",
        "key 2 is on another curve than P-384 ('crv')",
    ]


def test_an_rsa_key_that_is_too_short_or_too_long_is_useless(
    open_site: Any, key_server: responses.RequestsMock
) -> None:
    signer = Signer("rsa", "RS384")
    for number in ("A" * 10_000, "AQAB"):
        key_server.upsert("GET", JKU, body=key_set(signer.jwk(n=number)))
        assert open_site().call(signer.token()).status_code == 401


def test_keys_in_a_file_need_no_server_and_a_rotated_file_is_picked_up(
    open_site: Any, tmp_path: Path, clock: Clock, key_server: responses.RequestsMock
) -> None:
    file = tmp_path / "keys.json"
    file.write_text(key_set(OLD.jwk()))
    site = open_site(clock, keys=file)
    assert site.call(OLD.token()).status_code == 200
    file.write_text(key_set(NEW.jwk()))
    clock.now += 61
    assert site.call(NEW.token()).status_code == 200
    assert site.call(OLD.token()).status_code == 401
    assert len(key_server.calls) == 0


@pytest.mark.conforms("SEC-06")
def test_first_of_two_keys_with_one_id_is_used(
    open_site: Any, key_server: responses.RequestsMock
) -> None:
    assert private_key("old", "ES384") is not private_key("new", "ES384")
    key_server.add("GET", JKU, body=key_set(OLD.jwk(), NEW.jwk(kid="old")))
    site = open_site()
    assert site.call(OLD.token()).status_code == 200
    assert site.call(NEW.token({"kid": "old"})).status_code == 401


@pytest.mark.conforms("SEC-06")
def test_the_key_of_one_client_does_not_sign_for_another(
    open_site: Any, key_server: responses.RequestsMock
) -> None:
    clinic = Trust("clinic", "https://clinic.example.org", "https://clinic.example.org/jwks.json")
    key_server.add("GET", JKU, body=key_set(OLD.jwk()))
    key_server.add("GET", clinic.jku, body=key_set(NEW.jwk()))
    site, no_jku = open_site(others=(clinic,)), {"jku": None}
    assert site.call(OLD.token(no_jku)).status_code == 200
    assert site.call(NEW.token(no_jku, iss=clinic.issuer)).status_code == 200
    assert site.call(NEW.token(no_jku)).status_code == 401
    assert site.call(NEW.token({**no_jku, "kid": "old"})).status_code == 401
    assert site.call(OLD.token(no_jku, iss=clinic.issuer)).status_code == 401


def test_hanging_key_server_delays_no_other_call(
    open_site: Any, key_server: responses.RequestsMock
) -> None:
    go_on = Event()

    def hang(_: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        go_on.wait(30)
        return 200, {}, key_set(OLD.jwk())

    key_server.add_callback("GET", JKU, hang)
    site, began = open_site(), monotonic()
    for _ in range(4):
        answer = site.call(OLD.token())
        assert answer.status_code == 401
        assert "has not been read yet" in answer.json["issue"][0]["diagnostics"]
    assert monotonic() - began < 10
    go_on.set()
    wait_for(lambda: site.call(OLD.token()).status_code == 200)
