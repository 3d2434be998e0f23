"""Which tokens let a call in, and what each refusal says."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from pathlib import Path
from time import time
from typing import Any

import jwt
import pytest
import responses
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from support.fakes import SELECT, FakeAdvise, empty_library, hook_request, settings
from support.signing import CLIENT, ISSUER, JKU, OURS, PATH, Signer, bearer, private_key, sound

from service.app import create_app
from service.store import Store

ES, RS = Signer(), Signer("second", "RS384")
FOREIGN = "https://evil.example.com/jwks.json"
FEEDBACK = {
    "feedback": [
        {
            "card": "c1",
            "outcome": "overridden",
            "outcomeTimestamp": "2026-11-20T10:00:00Z",
        }
    ]
}


def refusal(answer: Any) -> str:
    """What a 401 says, once its form is checked."""
    assert answer.status_code == 401
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "WWW-Authenticate" in answer.headers["Access-Control-Expose-Headers"]
    assert answer.json["resourceType"] == "OperationOutcome"
    said = str(answer.json["issue"][0]["diagnostics"])
    check = said.partition("'")[2].partition("'")[0]
    assert answer.headers["WWW-Authenticate"] == (
        f'Bearer error="invalid_token", error_description="failed check: {check}"'
    )
    return said


@pytest.mark.conforms("SEC-05", "SEC-06")
@pytest.mark.parametrize("signer", [ES, RS], ids=["ES384", "RS384"])
def test_a_signed_call_is_answered_as_the_client_of_its_issuer(site: Any, signer: Signer) -> None:
    assert site.call(signer.token()).status_code == 200
    ((_, client, _),) = site.advise.asked
    assert client.id == CLIENT


# the times are of the moment of the test: a long run collects its tests minutes before
ACCEPTED: dict[str, Callable[[], dict[str, Any]]] = {
    "an array of audiences": lambda: {"aud": ["https://other.example.org", f"{OURS}{PATH}"]},
    "a slash at the end": lambda: {"aud": f"{OURS}{PATH}/"},
    "clocks that differ a little": lambda: {"iat": int(time()) + 10, "nbf": int(time()) + 10},
    "an end a moment ago": lambda: {"exp": int(time()) - 5},
    "times with fractions": lambda: {"iat": time(), "exp": time() + 60.5},
    "an id of 64 hex characters": lambda: {"jti": "0a" * 32},
}


@pytest.mark.parametrize("claims", ACCEPTED.values(), ids=ACCEPTED)
def test_a_sound_token_is_accepted_with(site: Any, claims: Callable[[], dict[str, Any]]) -> None:
    assert site.call(ES.token(**claims())).status_code == 200


HEADERS: dict[str, dict[str, Any]] = {
    "no jku": {"jku": None},
    "no typ": {"typ": None},
    "typ in small letters": {"typ": "jwt"},
    "keys of its own, which are ignored": {
        "jwk": Signer("other").jwk(),
        "x5c": ["MIIB"],
        "x5u": FOREIGN,
    },
}


@pytest.mark.conforms("SEC-08")
@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_a_sound_header_may_have(site: Any, headers: dict[str, Any]) -> None:
    assert site.call(ES.token(headers)).status_code == 200


def test_an_audience_of_the_clients_file_is_accepted(open_site: Any, serves: Any) -> None:
    serves(ES)
    site = open_site(audiences=frozenset({"https://gateway.example.org/cds"}))
    assert site.call(ES.token(aud="https://gateway.example.org/cds")).status_code == 200


@pytest.mark.conforms("SEC-02", "SEC-10")
def test_feedback_wants_a_token_for_its_own_address(site: Any) -> None:
    path = f"{PATH}/feedback"
    assert "'aud'" in refusal(site.call(ES.token(), FEEDBACK, path))
    assert site.call(ES.token(aud=f"{OURS}{path}"), FEEDBACK, path).status_code == 200
    assert site.post({}, FEEDBACK, path).status_code == 401


def test_discovery_is_open(site: Any) -> None:
    assert site.app.test_client().get("/cds-services").status_code == 200


NOW = int(time())
CLAIMS: dict[str, tuple[dict[str, Any], str]] = {
    "another service": ({"aud": f"{OURS}/cds-services/{SELECT}"}, "aud"),
    "discovery": ({"aud": f"{OURS}/cds-services"}, "aud"),
    "the base URL": ({"aud": OURS}, "aud"),
    "another host": ({"aud": f"https://evil.example.com{PATH}"}, "aud"),
    "an array without it": ({"aud": [OURS, 7, None]}, "aud"),
    "an empty array": ({"aud": []}, "aud"),
    "no audience": ({"aud": None}, "aud"),
    "an audience that is an object": ({"aud": {"a": 1}}, "aud"),
    "the past": ({"exp": NOW - 120}, "exp"),
    "no end": ({"exp": None}, "exp"),
    "an end in words": ({"exp": "tomorrow"}, "exp"),
    "an end that is a truth": ({"exp": True}, "exp"),
    "an end in a year": ({"exp": NOW + 365 * 86_400}, "exp"),
    "an end beyond all numbers": ({"exp": 10**400}, "form"),
    "no time of issue": ({"iat": None}, "iat"),
    "issued in the future": ({"iat": NOW + 86_400}, "iat"),
    "issued in words": ({"iat": "now"}, "iat"),
    "issued at a truth": ({"iat": True}, "iat"),
    "a sound token that is too long": ({"more": "x" * 20_000}, "form"),
    "not yet valid": ({"nbf": NOW + 86_400}, "nbf"),
    "a start in words": ({"nbf": []}, "nbf"),
    "no id": ({"jti": None}, "jti"),
    "an empty id": ({"jti": ""}, "jti"),
    "a number as id": ({"jti": 7}, "jti"),
    "another issuer": ({"iss": "https://evil.example.com"}, "iss"),
    "the issuer with a slash": ({"iss": f"{ISSUER}/"}, "iss"),
    "no issuer": ({"iss": None}, "iss"),
    "a list of issuers": ({"iss": [ISSUER]}, "iss"),
}


def unchecked(claims: dict[str, Any], headers: dict[str, Any]) -> str:
    """A token signed by hand, because a library would refuse to."""
    head = {"alg": "ES384", "typ": "JWT", "kid": "first", **headers}
    head = {name: value for name, value in head.items() if value is not None}
    text = f"{encoded(json.dumps(head))}.{encoded(json.dumps(claims))}"
    algorithm = jwt.get_algorithm_by_name("ES384")
    return f"{text}.{encoded(algorithm.sign(text.encode(), private_key('first', 'ES384')))}"


def encoded(value: str | bytes) -> str:
    """Base64 as tokens write it."""
    raw = value.encode() if isinstance(value, str) else value
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.mark.conforms("SEC-09", "SEC-10", "SEC-11", "SEC-12", "SEC-13")
@pytest.mark.parametrize(("claims", "check"), CLAIMS.values(), ids=CLAIMS)
def test_a_claim_is_refused_by_name(site: Any, claims: dict[str, Any], check: str) -> None:
    said = refusal(site.call(unchecked(sound(**claims), {})))
    assert said.startswith(f"token refused, check '{check}': ")
    assert not site.advise.asked


def test_a_wrong_audience_is_told_the_right_one_and_not_its_own(site: Any) -> None:
    said = refusal(site.call(ES.token(aud="https://secret.example.org/x")))
    assert f"{OURS}{PATH}" in said
    assert "secret" not in said


BAD_HEADERS: dict[str, tuple[dict[str, Any], str]] = {
    "no key name": ({"kid": None}, "kid"),
    "a number as key name": ({"kid": 7}, "form"),
    "a key that nobody knows": ({"kid": "third"}, "kid"),
    "the name of another key": ({"kid": "second"}, "alg"),
    "an extension that is critical": ({"crit": ["exp"], "exp": 1}, "form"),
    "another typ": ({"typ": "at+jwt"}, "typ"),
    "another algorithm": ({"alg": "ES256"}, "alg"),
    "an algorithm that is a list": ({"alg": ["ES384"]}, "alg"),
    "a body that is sent apart": ({"b64": False}, "form"),
}


@pytest.mark.conforms("SEC-06")
@pytest.mark.parametrize(("headers", "check"), BAD_HEADERS.values(), ids=BAD_HEADERS)
def test_a_header_is_refused_by_name(site: Any, headers: dict[str, Any], check: str) -> None:
    said = refusal(site.call(unchecked(sound(), headers)))
    assert f"check '{check}':" in said


@pytest.mark.conforms("SEC-07")
def test_a_foreign_key_set_is_refused_without_a_look_at_it(
    site: Any, key_server: responses.RequestsMock
) -> None:
    forged = Signer("forged")
    answer = site.call(forged.token({"jku": FOREIGN, "jwk": forged.jwk()}))
    assert "'jku'" in refusal(answer)
    assert [one.request.url for one in key_server.calls if one.request.url != JKU] == []


@pytest.mark.conforms("SEC-03")
def test_no_algorithm_is_no_signature(site: Any) -> None:
    for alg in ("none", "None", "nOnE"):
        head = encoded(json.dumps({"alg": alg, "typ": "JWT", "kid": "first"}))
        token = f"{head}.{encoded(json.dumps(sound()))}."
        assert "'alg'" in refusal(site.call(token))


@pytest.mark.conforms("SEC-04")
@pytest.mark.parametrize("alg", ["HS256", "HS384"])
def test_the_public_key_is_no_shared_secret(site: Any, alg: str) -> None:
    public = private_key("first", "ES384").public_key()
    secret = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head = encoded(json.dumps({"alg": alg, "typ": "JWT", "kid": "first"}))
    text = f"{head}.{encoded(json.dumps(sound()))}"
    signature = hmac.new(secret, text.encode(), getattr(hashlib, alg.replace("HS", "sha"))).digest()
    assert "'alg'" in refusal(site.call(f"{text}.{encoded(signature)}"))


@pytest.mark.conforms("SEC-03", "SEC-06")
def test_changed_claims_and_another_key_under_a_known_name_do_not_verify(site: Any) -> None:
    head, _, signature = ES.token().split(".")
    changed = f"{head}.{encoded(json.dumps(sound()))}.{signature}"
    other = Signer("stranger").token({"kid": "first"})
    for token in (changed, other, ES.token()[:-4] + "AAAA", f"{head}.{changed.split('.')[1]}."):
        assert "'signature'" in refusal(site.call(token))


@pytest.mark.conforms("SEC-08")
def test_a_key_inside_a_token_does_not_verify_it(site: Any, key_server: Any) -> None:
    forged = Signer("forged")
    for kid, check in (("first", "signature"), ("forged", "kid")):
        headers = {"kid": kid, "jwk": forged.jwk(), "x5c": ["MIIB"], "x5u": FOREIGN}
        assert f"'{check}'" in refusal(site.call(forged.token(headers)))
    assert {one.request.url for one in key_server.calls} == {JKU}


GOOD_HEAD = encoded('{"alg":"ES384"}')
NAN, NO_UTF_8 = '{"exp":NaN}', b'{"a":"\xff"}'
MALFORMED = {
    "empty": "",
    "a word": "garbage",
    "the scheme alone": "Bearer",
    "two dots of junk": "Bearer a.b.c",
    "two dots": "Bearer ..",
    "two parts": "Bearer a.b",
    "five parts, as encrypted tokens have": "Bearer a.b.c.d.e",
    "another scheme": "Basic dXNlcjpwYXNz",
    "100 kB": f"Bearer {'x' * 100_000}",
    "100 kB in three parts": f"Bearer {'x' * 50_000}.{'y' * 50_000}.z",
    "characters of another alphabet": "Bearer ä.ö.ü",
    "a header that is a list": f"Bearer {encoded('[]')}.{encoded('{}')}.",
    "a header nested deeply": f"Bearer {encoded('[' * 5000)}.{encoded('{}')}.",
    "claims that are a list": f"Bearer {GOOD_HEAD}.{encoded('[]')}.",
    "claims nested deeply": f"Bearer {GOOD_HEAD}.{encoded('[' * 5000)}.",
    "claims with NaN": f"Bearer {GOOD_HEAD}.{encoded(NAN)}.",
    "claims that are no UTF-8": f"Bearer {GOOD_HEAD}.{encoded(NO_UTF_8)}.",
}


@pytest.mark.conforms("SEC-14")
@pytest.mark.parametrize("value", MALFORMED.values(), ids=MALFORMED)
@pytest.mark.parametrize("address", ["192.0.2.7", "127.0.0.1"])
def test_a_malformed_header_is_refused_even_on_this_machine(
    site: Any, value: str, address: str
) -> None:
    options = {"headers": {"Authorization": value}}
    said = refusal(site.post(options, environ_base={"REMOTE_ADDR": address}))
    assert "check 'form'" in said
    assert len(said) < 200
    assert site.call(ES.token()).status_code == 200


def test_on_this_machine_a_token_decides_and_none_is_local(site: Any) -> None:
    here = {"environ_base": {"REMOTE_ADDR": "127.0.0.1"}}
    assert site.post({}, **here).status_code == 200
    assert site.post({"headers": bearer(ES.token())}, **here).status_code == 200
    assert site.post({"headers": bearer(ES.token(exp=NOW - 999))}, **here).status_code == 401
    assert [client.id for _, client, _ in site.advise.asked] == ["local", CLIENT]


@pytest.fixture
def without_issuers(tmp_path: Path, store: Store) -> Any:
    """What `make run` serves: nobody's token can be checked."""
    app = create_app(
        settings(tmp_path), library=empty_library(), advise=FakeAdvise(), store=store
    ).test_client()

    def post(authorization: str, address: str = "127.0.0.1") -> int:
        headers, environ = {"Authorization": authorization}, {"REMOTE_ADDR": address}
        answer = app.post(PATH, json=hook_request(), headers=headers, environ_base=environ)
        return answer.status_code

    return post


def test_where_no_issuer_is_named_a_token_on_this_machine_says_nothing(
    without_issuers: Any,
) -> None:
    rs256 = jwt.encode(sound(), private_key("second", "RS384"), "RS256")
    for token in (ES.token(), ES.token(exp=1), rs256):
        assert without_issuers(f"Bearer {token}") == 200
        assert without_issuers(f"Bearer {token}", "192.0.2.7") == 401
    for value in (*MALFORMED.values(), f"Bearer {unchecked(sound(), {'alg': 'none'})}"):
        assert without_issuers(value) == 401
    assert without_issuers(f"Bearer {jwt.encode(sound(), 'a' * 64, 'HS256')}") == 401


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]"])
def test_on_this_machine_every_name_of_it_is_the_audience(site: Any, name: str) -> None:
    aud = f"{OURS}{PATH}".replace("127.0.0.1", name)
    assert site.call(ES.token(aud=aud)).status_code == 200
    assert site.call(ES.token(aud=aud.replace(name, "example.org"))).status_code == 401


@pytest.mark.conforms("SEC-01")
@pytest.mark.parametrize(
    "header",
    [{"Forwarded": "for=192.0.2.7"}, {"X-Forwarded-For": "127.0.0.1"}, {"Via": "1.1 proxy"}],
    ids=str,
)
def test_call_through_a_local_proxy_is_not_local(site: Any, header: dict[str, str]) -> None:
    here = {"environ_base": {"REMOTE_ADDR": "127.0.0.1"}}
    assert site.post({"headers": header}, **here).status_code == 401
    assert site.post({"headers": header | bearer(ES.token())}, **here).status_code == 200


@pytest.mark.conforms("SEC-01", "SEC-15")
def test_call_without_a_token_is_refused_with_a_challenge(site: Any) -> None:
    answer = site.post({})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "Authorization: Bearer" in answer.json["issue"][0]["diagnostics"]


@pytest.mark.conforms("SEC-15")
def test_neither_answer_nor_log_holds_the_token(
    site: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    for token in (ES.token(), ES.token(exp=NOW - 999), unchecked(sound(iss="https://x.org"), {})):
        answer = site.call(token, hook_request())
        for part in token.split("."):
            assert part not in answer.text
            assert part not in caplog.text
    assert "token refused: exp" in caplog.text
