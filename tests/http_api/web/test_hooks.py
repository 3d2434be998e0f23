"""Discovery and calls."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import pytest
from flask.testing import FlaskClient
from support.fakes import SELECT, SIGN, FakeAdvise, empty_library, hook_request, order, settings
from werkzeug.test import TestResponse

from service.app import create_app
from service.store import Store

Call = Callable[..., TestResponse]


@pytest.mark.conforms("DISC-01", "DISC-02")
@pytest.mark.parametrize("path", ["/cds-services", "/cds-services/", "//cds-services"])
def test_discovery_lists_every_service(http: FlaskClient, path: str) -> None:
    answer = http.get("/", environ_overrides={"PATH_INFO": path})
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    assert [service["id"] for service in answer.get_json()["services"]] == [SIGN, SELECT]


@pytest.mark.conforms("DISC-14")
def test_every_advertised_service_answers(http: FlaskClient) -> None:
    for service in http.get("/cds-services").get_json()["services"]:
        answer = http.post(f"/cds-services/{service['id']}", json=hook_request(service["hook"]))
        assert answer.status_code == 200


@pytest.mark.conforms("RESP-01")
def test_a_call_is_answered_with_cards(call: Call) -> None:
    answer = call(hook_request("order-sign", order("a"), order("b")))
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    assert [card["summary"] for card in answer.get_json()["cards"]] == ["order 0", "order 1"]


@pytest.mark.conforms("RESP-02")
def test_request_without_guidance_gets_an_empty_array(call: Call) -> None:
    body = hook_request()
    body["context"]["draftOrders"]["entry"] = []
    assert call(body).json == {"cards": []}


@pytest.mark.parametrize(
    "path",
    [f"//cds-services/{SIGN}", f"/cds-services//{SIGN}", f"/cds-services/{SIGN}/"],
)
def test_a_doubled_or_trailing_slash_is_tolerated(http: FlaskClient, path: str) -> None:
    answer = http.post("/", json=hook_request(), environ_overrides={"PATH_INFO": path})
    assert answer.status_code == 200


TYPES = ["application/json; charset=utf-8", "Application/JSON", "application/fhir+json"]


@pytest.mark.conforms("REQ-01")
@pytest.mark.parametrize("content_type", TYPES)
def test_the_letter_case_and_parameters_of_the_media_type_do_not_matter(
    call: Call, content_type: str
) -> None:
    assert call(hook_request(), content_type=content_type).status_code == 200


def test_request_is_judged_as_that_of_the_local_client(call: Call, advise: FakeAdvise) -> None:
    call(hook_request())
    ((request, client, _),) = advise.asked
    assert (request.patient_id, request.hook, client.id) == ("p1", "order-sign", "local")


def as_of_asked(folder: Path, kind: Literal["today", "order"] | date) -> Any:
    advise = FakeAdvise()
    store = Store.open(settings(folder).database_url)
    app = create_app(
        settings(folder, as_of=kind), library=empty_library(), advise=advise, store=store
    )
    app.test_client().post(f"/cds-services/{SIGN}", json=hook_request())
    store.close()
    return advise.asked[0][2]


def test_the_day_comes_from_the_settings(tmp_path: Path) -> None:
    before = datetime.now().astimezone().date()
    today, by_order = as_of_asked(tmp_path, "today"), as_of_asked(tmp_path, "order")
    fixed = as_of_asked(tmp_path, date(2025, 1, 31))
    after = datetime.now().astimezone().date()
    assert (today.kind, by_order.kind) == ("day", "order")
    assert before <= today.day <= after
    assert (fixed.kind, fixed.day) == ("day", date(2025, 1, 31))


def test_without_a_token_only_this_machine_is_served(call: Call) -> None:
    answer = call(hook_request(), environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_without_a_local_client_nobody_is_served_without_a_token(
    tmp_path: Path, store: Store
) -> None:
    library = empty_library(clients=())
    app = create_app(settings(tmp_path), library=library, advise=FakeAdvise(), store=store)
    answer = app.test_client().post(f"/cds-services/{SIGN}", json=hook_request())
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
