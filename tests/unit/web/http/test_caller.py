"""Which client a request comes from: the one the token names, or this machine without one."""

from collections.abc import Iterator
from dataclasses import replace
from time import time

import pytest
import responses
from flask import Flask, g
from support.cases.run import library
from support.signing import CLIENT, JKU, OURS, PATH, TRUST, Signer, key_set

from service.app import create_app
from service.auth.key_set import Trust
from service.errors import RequestError
from service.facts.client import Client
from service.settings import read_settings
from service.web.http.caller import LOCAL, caller

HERE, ELSEWHERE = "127.0.0.1", "192.0.2.7"
SIGNER = Signer()


@pytest.fixture(autouse=True)
def key_server() -> Iterator[None]:
    """The client's key server."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(JKU, body=key_set(SIGNER.jwk()))
        yield


def application(*trusts: Trust, local: bool = True) -> Flask:
    """The service with the shipped documents, for these issuers and, if `local`, this machine."""
    clients = {id_: Client(id_, {}) for id_ in (CLIENT, *([LOCAL] if local else []))}
    trusted = {one.client: one for one in trusts}
    known = replace(library(), clients=clients, trusts=trusted)
    settings = replace(read_settings({"CDS_DATABASE_URL": "sqlite://"}), public_url=OURS)
    return create_app(settings, library=known)


WITH_ISSUER, WITHOUT = application(replace(TRUST, replay="off")), application()


def called(app: Flask, address: str = HERE, token: str | None = None, **headers: str) -> str:
    """The client that a call is from."""
    bearer = {"Authorization": f"Bearer {token}"} if token else {}
    environment = {"REMOTE_ADDR": address} if address else {}
    with app.test_request_context(PATH, headers={**bearer, **headers}, environ_base=environment):
        g.body = b"{}"
        return caller(app.extensions["runtime"]).client.id


@pytest.mark.parametrize("address", [HERE, "::1", "127.0.0.9"])
def test_call_from_this_machine_without_a_token_is_local(address: str) -> None:
    assert called(WITH_ISSUER, address) == called(WITHOUT, address) == LOCAL


@pytest.mark.parametrize("address", [ELSEWHERE, "10.0.0.1", "no address", ""])
def test_call_from_elsewhere_needs_a_token(address: str) -> None:
    for app in (WITH_ISSUER, WITHOUT):
        with pytest.raises(RequestError, match="needs a token") as refused:
            called(app, address)
        assert (refused.value.status, refused.value.code) == (401, "login")


@pytest.mark.parametrize("address", [HERE, ELSEWHERE])
def test_token_of_a_known_issuer_names_the_client_wherever_it_calls_from(address: str) -> None:
    assert called(WITH_ISSUER, address, SIGNER.token()) == CLIENT


def test_wrong_token_is_refused_on_this_machine_too() -> None:
    with pytest.raises(RequestError, match="check 'exp'"):
        called(WITH_ISSUER, HERE, SIGNER.token(exp=int(time()) - 3600))


def test_token_is_ignored_where_no_client_has_an_issuer_unless_it_has_not_its_form() -> None:
    assert called(WITHOUT, HERE, SIGNER.token()) == LOCAL
    with pytest.raises(RequestError, match="check 'form'"):
        called(WITHOUT, HERE, "no-token")
    with pytest.raises(RequestError, match="check 'iss'"):
        called(WITHOUT, ELSEWHERE, SIGNER.token())


OF_PROXIES = (
    "CDN-Loop",
    "CF-Connecting-IP",
    "CF-Ray",
    "Client-IP",
    "Fastly-Client-IP",
    "Fly-Client-IP",
    "Forwarded",
    "True-Client-IP",
    "Via",
    "X-Client-IP",
    "X-Cluster-Client-IP",
    "X-Envoy-External-Address",
    "X-Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Port",
    "X-Forwarded-Prefix",
    "X-Forwarded-Proto",
    "X-Forwarded-Server",
    "X-Original-Forwarded-For",
    "X-Real-IP",
    "x_forwarded_for",
)


@pytest.mark.parametrize("header", OF_PROXIES)
def test_call_through_a_proxy_is_not_from_this_machine(header: str) -> None:
    with pytest.raises(RequestError, match="needs a token"):
        called(WITH_ISSUER, HERE, **{header: "192.0.2.9"})
    assert called(WITH_ISSUER, HERE, SIGNER.token(), **{header: "192.0.2.9"}) == CLIENT


@pytest.mark.parametrize("has_token", [False, True])
def test_page_of_another_origin_is_named_so_unless_a_token_decides(has_token: bool) -> None:
    headers = {"Origin": "http://evil.test"} | (
        {"Authorization": f"Bearer {SIGNER.token()}"} if has_token else {}
    )
    with WITH_ISSUER.test_request_context(
        PATH, headers=headers, environ_base={"REMOTE_ADDR": HERE}
    ):
        g.body = b"{}"
        who = caller(WITH_ISSUER.extensions["runtime"])
    assert who.is_foreign_page is not has_token


OTHER_NAME = {"Host": "evil.test"}


@pytest.mark.parametrize("path", ["/", "/cds-services", "/nothing", "/policies/a/b"])
def test_nothing_is_shown_to_this_machine_under_another_name(path: str) -> None:
    for app in (WITH_ISSUER, WITHOUT):
        answer = app.test_client().get(path, headers=OTHER_NAME)
        assert answer.status_code == 403
        assert "Host" in answer.get_json()["issue"][0]["diagnostics"]


def test_token_that_a_page_does_not_check_shows_nothing_more() -> None:
    headers = OTHER_NAME | {"Authorization": f"Bearer {SIGNER.token()}"}
    assert WITH_ISSUER.test_client().get("/", headers=headers).status_code == 403


def test_other_name_does_not_matter_to_monitors_other_machines_and_tokens() -> None:
    http = WITH_ISSUER.test_client()
    assert http.get("/health", headers=OTHER_NAME).status_code == 200
    assert http.get("/ready", headers=OTHER_NAME).status_code == 200
    elsewhere = {"REMOTE_ADDR": ELSEWHERE}
    assert http.get("/", headers=OTHER_NAME, environ_base=elsewhere).status_code == 200
    by_token = OTHER_NAME | {"Authorization": f"Bearer {SIGNER.token()}"}
    assert http.post(PATH, json={}, headers=by_token).status_code == 404


@pytest.mark.parametrize("host", ["", "a b", "localhost, evil.test", "user@localhost"])
def test_host_that_is_none_is_malformed(host: str) -> None:
    answer = WITHOUT.test_client().get("/", headers={"Host": host})
    assert (answer.status_code, answer.get_json()["issue"][0]["code"]) == (400, "structure")


@pytest.mark.parametrize(
    ("target", "status"),
    [("http://evil.test/", 403), ("http://[/", 400), ("evil.test:80", 400)],
)
def test_target_that_is_a_whole_url_must_name_us_too(target: str, status: int) -> None:
    given = {"RAW_URI": target, "REQUEST_URI": target}
    assert WITHOUT.test_client().get("/", environ_overrides=given).status_code == status
    ours = {"RAW_URI": "http://localhost/", "REQUEST_URI": "http://localhost/"}
    assert WITHOUT.test_client().get("/", environ_overrides=ours).status_code == 200


def test_other_name_does_not_matter_where_nobody_is_local() -> None:
    http = application(TRUST, local=False).test_client()
    assert http.get("/", headers=OTHER_NAME).status_code == 200
    assert http.post(PATH, json={}, headers=OTHER_NAME).status_code == 404
