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
from service.facts.model import Client
from service.settings import read_settings
from service.web.caller import LOCAL, caller

HERE, ELSEWHERE = "127.0.0.1", "192.0.2.7"
SIGNER = Signer()


@pytest.fixture(autouse=True)
def key_server() -> Iterator[None]:
    """The client's key server."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(JKU, body=key_set(SIGNER.jwk()))
        yield


def application(*trusts: Trust) -> Flask:
    """The service with the shipped documents, for these issuers and this machine."""
    clients = {LOCAL: Client(LOCAL, {}), CLIENT: Client(CLIENT, {})}
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


@pytest.mark.parametrize("header", ["Forwarded", "Via", "X-Forwarded-For", "X-Real-IP"])
def test_call_through_a_proxy_is_not_from_this_machine(header: str) -> None:
    with pytest.raises(RequestError, match="needs a token"):
        called(WITH_ISSUER, HERE, **{header: "192.0.2.9"})
    assert called(WITH_ISSUER, HERE, SIGNER.token(), **{header: "192.0.2.9"}) == CLIENT
