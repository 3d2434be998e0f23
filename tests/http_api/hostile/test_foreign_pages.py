"""A page in a browser on the service's own machine: it reads no patient and sends no feedback.

With a real browser, where the machine has Chromium; and by hand what no browser sends.
"""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPResponse
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from support.attacking_pages import CHROMIUM, Pages, browse, page_server, rebound_name
from support.ehr import SIGN, Json, sent, story
from support.live_ehr import Answers, Listening, Server
from support.whole_service import whole_service

from service.web.computing import SMALL

LISTED, UNLISTED = "http://ehr.test", "http://evil.test"
PATH = f"/cds-services/{SIGN}"
PATIENT = "fully-met"
ITEMS = json.dumps(
    {"feedback": [{"card": "c", "outcome": "accepted", "acceptedSuggestions": [{"id": "s"}],
                   "outcomeTimestamp": "2026-11-20T10:00:00Z"}]}
)  # fmt: skip


class Place:
    """A running service, the FHIR server that it may call for `local`, and its store."""

    def __init__(self, port: int, fhir: Server, pages: int, folder: Path) -> None:
        self.port = port
        self.fhir = fhir
        self.pages = pages
        self.listed = f"{LISTED}:{pages}"
        self._url = f"sqlite:///{folder}/cds.db"

    def order(self, **prefetch: Json) -> str:
        """An order without data; the FHIR server of `local` has them, and asks for no token."""
        body = sent(base=self.fhir.base)
        del body["fhirAuthorization"]
        body["prefetch"] = prefetch
        return json.dumps(body)

    def counted(self) -> Json:
        """What the FHIR server was asked for, and how much feedback is stored."""
        engine = create_engine(self._url)
        with engine.connect() as connection:
            stored = connection.execute(text("select count(*) from feedback")).scalar_one()
        engine.dispose()
        return {"asked": len(self.fhir.asked), "feedback": stored}

    def plan(self, base: str, **more: Any) -> Json:
        """What a page is to send."""
        return {
            "hook": f"{base}{PATH}",
            "feedback": f"{base}{PATH}/feedback",
            "page": f"{base}/policies/bcbsms/L.5.01.513",
            "order": self.order(),
            "withPatient": self.order(patient=story()["prefetch"]["patient"]),
            "items": ITEMS,
            "all": True,
            **more,
        }

    def raw(self, path: str, headers: Json, body: str, target: str = "") -> tuple[int, str]:
        """One call with exactly these headers."""
        lines = [f"POST {target or path} HTTP/1.1", f"Content-Length: {len(body.encode())}"]
        given = {"Content-Type": "application/json", "Connection": "close", **headers}
        for name, values in given.items():
            lines += [
                f"{name}: {value}" for value in ([values] if isinstance(values, str) else values)
            ]
        with socket.create_connection(("127.0.0.1", self.port), 30) as end:
            end.sendall(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
            answer = HTTPResponse(end)
            answer.begin()
            return answer.status, answer.read().decode()


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, pages: Pages) -> Iterator[Place]:
    """One service for all tests of this file."""
    folder, fhir = tmp_path_factory.mktemp("service"), Server()
    handler = type("Handler", (Answers,), {"server_of": fhir})
    with ExitStack() as stack:
        listening = stack.enter_context(Listening(("127.0.0.1", 0), handler))
        fhir.base = f"http://127.0.0.1:{listening.server_port}/fhir"
        fhir.claims = "close"
        thread = Thread(target=listening.serve_forever, args=(0.05,))
        thread.start()
        stack.callback(thread.join)
        stack.callback(listening.shutdown)
        port_of_pages = stack.enter_context(page_server(pages))
        clients = f"""clients:
  - id: local
    fhir: {fhir.base}
    deadline: 10
    hosts: [cds.test]
    origins: ["{LISTED}:{port_of_pages}"]
"""
        port = stack.enter_context(whole_service(folder, clients))
        yield Place(port, fhir, port_of_pages, folder)


@pytest.mark.skipif(CHROMIUM is None, reason="this machine has no Chromium")
def test_pages_of_other_origins_and_of_a_rebound_name_get_nothing(
    place: Place, pages: Pages, tmp_path: Path
) -> None:
    with rebound_name(place.pages, place.port) as rebound:
        evil, same, ehr = (
            f"evil.test:{place.pages}", f"evil.test:{rebound}", f"ehr.test:{place.pages}"
        )  # fmt: skip
        service = f"http://127.0.0.1:{place.port}"
        reports = f"http://{evil}"
        pages.plans = {
            evil: place.plan(service, report=f"{reports}/{evil}", next=f"http://{same}/"),
            same: place.plan("", report=f"{reports}/{same}", next=f"http://{ehr}/"),
            ehr: place.plan(service, report=f"{reports}/{ehr}", all=False),
        }
        pages.counted, pages.last = place.counted, ehr
        before = place.counted()
        browse(f"http://{evil}/", pages, tmp_path)
    foreign, rebinding, listed = (pages.found[host] for host in (evil, same, ehr))
    assert pages.on_found[evil] == pages.on_found[same] == before
    for found in (foreign, rebinding):
        assert not any(PATIENT in one["text"] for one in found.values() if one["status"] != 200)
        assert found["feedback"]["status"] == found["plain text"]["status"] == 403
    assert foreign["hook"]["status"] == foreign["opaque hook"]["status"] == 412
    assert foreign["opaque feedback"]["status"] == 403
    assert foreign["page"]["type"] == "failed"
    assert rebinding["page"]["status"] == 403
    assert {rebinding[name]["status"] for name in ("hook", "hook with a patient")} == {403}
    # the same page from a listed origin: so the attack would have worked
    assert listed["hook"]["status"] == listed["feedback"]["status"] == 200
    assert pages.on_found[ehr]["asked"] > before["asked"]
    assert pages.on_found[ehr]["feedback"] == before["feedback"] + 1


OTHER_HOSTS = [
    "evil.test", "evil.test:PORT", "EVIL.test", "evil.test.", "127.0.0.1.evil.test", "localhost.evil.test",
    "2130706433", "0x7f000001", "127.1", "0", "[::1", "::1", "a@localhost", "localhost@evil.test",
    "localhost:PORT:1", "localhost/evil.test", "local host", "evil.test, localhost", "",
    ("localhost", "evil.test"), (),
]  # fmt: skip


@pytest.mark.parametrize("host", OTHER_HOSTS, ids=repr)
def test_call_without_a_token_by_another_name_is_refused(place: Place, host: Any) -> None:
    before = place.counted()
    hosts = host.replace("PORT", str(place.port)) if isinstance(host, str) else host
    for path, body in ((PATH, place.order()), (f"{PATH}/feedback", ITEMS)):
        status, answer = place.raw(path, {"Host": hosts}, body)
        assert status in {400, 403}, answer
        assert "OperationOutcome" in answer
        assert "evil" not in answer
    assert place.counted() == before


OWN_HOSTS = [
    "localhost", "localhost:PORT", "LocalHost:1", "localhost.", "127.0.0.1:PORT", "127.0.0.9", "[::1]:PORT",
    "cds.test",
]  # fmt: skip


@pytest.mark.parametrize("host", OWN_HOSTS)
def test_call_by_a_name_of_ours_is_served(place: Place, host: str) -> None:
    status, answer = place.raw(
        f"{PATH}/feedback", {"Host": host.replace("PORT", str(place.port))}, '{"feedback": []}'
    )
    assert status == 200, answer


@pytest.mark.parametrize(
    "target", ["http://evil.test", "HTTP://evil.test:80", "http://[", "//evil.test/.."]
)
def test_target_that_names_another_host_is_refused(place: Place, target: str) -> None:
    before = place.counted()
    status, answer = place.raw("", {"Host": "localhost"}, ITEMS, f"{target}{PATH}/feedback")
    assert status in {400, 403, 404}, answer
    assert place.counted() == before


FOREIGN: list[Json] = [
    {"Origin": UNLISTED}, {"Origin": "null"}, {"Origin": "http://localhost:1"}, {"Origin": ""},
    {"Origin": "http://ehr.test.evil.test"}, {"Origin": "http://ehr.test"}, {"Origin": "HTTP://EVIL.TEST"},
    {"Origin": ["http://localhost:PORT", UNLISTED]}, {"Origin": "chrome-extension://a"},
    {"Origin": "http://127.0.0.1:PORT@evil.test"}, {"Origin": "file://"},
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "x"},
    {"Origin": UNLISTED, "Sec-Fetch-Site": "same-origin"},
    {"Origin": UNLISTED, "Authorization": "Bearer e30.e30.x", "Content-Type": "application/json+x"},
]  # fmt: skip


@pytest.mark.parametrize("headers", FOREIGN, ids=repr)
def test_page_of_another_origin_has_nothing_fetched_and_nothing_stored(
    place: Place, headers: Json
) -> None:
    before = place.counted()
    sent_headers = json.loads(
        json.dumps({"Host": "localhost:PORT", **headers}).replace("PORT", str(place.port))
    )
    hook, _ = place.raw(PATH, sent_headers, place.order())
    feedback, answer = place.raw(f"{PATH}/feedback", sent_headers, ITEMS)
    assert hook in {400, 401, 412, 415}
    assert feedback in {400, 401, 403}
    assert "evil" not in answer.lower()
    assert place.counted() == before


def test_large_call_of_such_a_page_has_nothing_fetched_either(place: Place) -> None:
    before = place.counted()
    large = place.order() + " " * SMALL  # computed in the second process
    foreign = {"Host": "localhost", "Origin": UNLISTED}
    assert place.raw(PATH, foreign, large)[0] == 412
    assert place.counted() == before
    assert place.raw(PATH, {"Host": "localhost", "Origin": place.listed}, large)[0] == 200


OWN: list[Json] = [
    {}, {"Origin": "http://localhost:PORT"},
    {"Origin": "http://127.0.0.1:PORT", "Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": "LISTED"},
]  # fmt: skip


@pytest.mark.parametrize("headers", OWN, ids=repr)
def test_page_of_ours_or_of_a_listed_origin_may_all(place: Place, headers: Json) -> None:
    written = json.dumps({"Host": "localhost:PORT", **headers}).replace("PORT", str(place.port))
    status, answer = place.raw(
        f"{PATH}/feedback", json.loads(written.replace("LISTED", place.listed)), '{"feedback": []}'
    )
    assert status == 200, answer
