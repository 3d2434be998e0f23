"""The page of a kept request, behind the link on its card."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from support.cases.run import library
from support.order_stories import FIXTURES
from support.site import http

from service.app import create_app
from service.settings import read_settings
from service.store import Store
from service.web.shared_memory import folder_in_memory

PORT = "18934"
SIGN = "/cds-services/dupilumab-order-sign"


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    yield http(CDS_PORT=PORT, CDS_PAGES="memory")
    folder = folder_in_memory(int(PORT))
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


def link(client: FlaskClient, body: bytes) -> Any:
    """The path of the page behind the first card; None if the card has no link."""
    answer = client.post(SIGN, data=body, content_type="application/json")
    links = answer.get_json()["cards"][0].get("links", [])
    return links[0]["url"].removeprefix(f"http://127.0.0.1:{PORT}") if links else None


def recorded(name: str) -> bytes:
    return Path(FIXTURES / f"{name}.json").read_bytes()


def test_link_leads_to_the_page_of_the_same_answer(client: FlaskClient) -> None:
    page = client.get(link(client, recorded("p001-initial")))
    assert page.status_code == 200
    assert "0 of 42 days" in page.text
    assert "the chart lists it, the payer wants pharmacy records" in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_card_says_where_the_lines_are_that_it_leaves_out(client: FlaskClient) -> None:
    body = recorded("p001-initial")
    [card, *_] = client.post(SIGN, data=body, content_type="application/json").get_json()["cards"]
    assert re.search(r'\d+ more under "Why"\.$', card["detail"])
    assert card["links"][0]["label"].startswith("Why")
    large = orjson.dumps({**orjson.loads(body), "extension": {"x": "y" * 2**21}})
    for other, sent in ((http(CDS_PAGES="off"), body), (client, large)):
        answer = other.post(SIGN, data=sent, content_type="application/json").get_json()
        assert re.search(r"\d+ lines not shown\.$", answer["cards"][0]["detail"])
        assert "links" not in answer["cards"][0]


def test_picture_and_day_come_afterwards(client: FlaskClient) -> None:
    path = link(client, recorded("p001-bsa8-dorsal-hands"))
    picture = client.get(f"{path}/timeline/1")
    assert picture.content_type.startswith("image/svg+xml")
    assert picture.text.startswith("<svg")
    assert client.get(f"{path}/time/1").text == "Time alone does not change it within a year."
    assert client.get(f"{path}/timeline/2").status_code == 404
    assert client.get(f"{path}/time/0").status_code == 404


def test_order_without_a_picture_says_so(client: FlaskClient) -> None:
    path = link(client, recorded("other-payer"))
    assert client.get(path).status_code == 200
    assert client.get(f"{path}/timeline/1").status_code == 404
    assert client.get(f"{path}/time/1").text == ""


def test_injected_text_stays_text(client: FlaskClient) -> None:
    hostile = b'<script>alert(1)</script>\\"><img src=x onerror=alert(2)>'
    body = recorded("p001-initial").replace(b"p001-statement-1", b"p001-s")
    body = body.replace(b"Dorsum of left hand", hostile)
    page = client.get(link(client, body))
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


@pytest.mark.parametrize("id_", ["x" * 32, "nothing", "..%2f..%2fetc%2fpasswd"])
def test_nothing_stands_behind_another_id(client: FlaskClient, id_: str) -> None:
    assert client.get(f"/orders/{id_}").status_code == 404


def test_no_page_is_kept_where_the_setting_says_so() -> None:
    assert link(http(CDS_PAGES="off"), recorded("p001-initial")) is None


@pytest.mark.parametrize("name", ["p001-initial", "p000-renewal", "asthma-renewal"])
def test_every_line_of_the_policy_that_is_linked_is_there(client: FlaskClient, name: str) -> None:
    page = client.get(link(client, recorded(name))).text
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    links = {*re.findall(r'href="(/policies/[^"#]+)#?([^"]*)"', page)}
    assert len(links) > 20
    for address in {address for address, _ in links}:
        there = {"", *re.findall(r' id="([^"]+)"', client.get(address).text)}
        assert {place for of, place in links if of == address} <= there


def test_two_orders_on_a_page_have_ids_of_their_own(client: FlaskClient) -> None:
    body = orjson.loads(recorded("p001-initial"))
    entries = body["context"]["draftOrders"]["entry"]
    second = {**entries[0]["resource"], "id": "rx2"}
    entries.append({"resource": second})
    path = link(client, orjson.dumps(body))
    page = client.get(path).text
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert 'id="t2-ad.initial.age"' in page
    assert 'href="#t2-ad.initial' in client.get(f"{path}/timeline/2").text


@pytest.fixture(scope="module")
def hosts(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[FlaskClient, FlaskClient, Path]]:
    """Two servers that share a database, and its file."""
    file = tmp_path_factory.mktemp("hosts") / "cds.db"
    settings = read_settings({"CDS_AS_OF": "2026-11-21", "CDS_PORT": PORT, "CDS_PAGES": "store"})
    stores = [Store.open(f"sqlite:///{file}", keeps_requests=True) for _ in range(2)]
    first, second = (
        create_app(settings, library=library(), store=one).test_client() for one in stores
    )
    yield first, second, file
    for one in stores:
        one.close()


def test_page_is_shown_by_another_host_that_shares_the_database(
    hosts: tuple[FlaskClient, FlaskClient, Path],
) -> None:
    first, second, _ = hosts
    path = link(first, recorded("p001-initial"))
    page = second.get(path)
    assert page.status_code == 200
    assert "0 of 42 days" in page.text
    assert page.text == first.get(path).text
    assert second.get(f"/orders/{'x' * 32}").status_code == 404


def test_page_says_that_other_documents_judged_when_its_card_was_shown(
    hosts: tuple[FlaskClient, FlaskClient, Path],
) -> None:
    first, _, file = hosts
    path = link(first, recorded("p001-initial"))
    settings = read_settings({"CDS_AS_OF": "2026-11-21", "CDS_PORT": PORT, "CDS_PAGES": "store"})
    with closing(Store.open(f"sqlite:///{file}", keeps_requests=True)) as store:
        exchanged = replace(library(), content="others")
        later = create_app(settings, library=exchanged, store=store).test_client()
        assert "The rules have changed since the card was shown." in later.get(path).text
    assert "The rules have changed" not in first.get(path).text


def test_order_has_its_card_without_a_link_where_the_request_is_not_kept(
    hosts: tuple[FlaskClient, FlaskClient, Path],
) -> None:
    first, second, file = hosts
    path = link(second, recorded("p001-initial"))
    with closing(sqlite3.connect(file)) as other:
        other.execute("alter table kept_requests rename to elsewhere")
        assert link(first, recorded("p001-initial")) is None
        assert second.get(path).status_code == 503
        ready = first.get("/ready")
        assert (ready.status_code, [*ready.get_json()["notStored"]]) == (503, ["kept_requests"])
        other.execute("alter table elsewhere rename to kept_requests")
    assert second.get(path).status_code == 200
