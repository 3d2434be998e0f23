"""`/metrics`: what it shows of requests, and who may read it."""

from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from support.fakes import SIGN, FakeAdvise, empty_library, hook_request, settings
from support.paths import ROOT
from support.visits import DAY

from service.app import create_app
from service.settings import Network

NETWORKS = (ip_network("10.1.0.0/16"), ip_network("fd00::/8"))
MARK = "Zyxmarker"


def client(folder: Path, networks: tuple[Network, ...] | None = (), **more: Any) -> FlaskClient:
    given = settings(folder, metrics=networks)
    return create_app(given, library=empty_library(), advise=FakeAdvise(), **more).test_client()


def status(http: FlaskClient, address: str, **headers: str) -> int:
    return http.get(
        "/metrics", environ_overrides={"REMOTE_ADDR": address}, headers=headers
    ).status_code


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", 200),
        ("::1", 200),
        ("10.1.2.3", 200),
        ("::ffff:10.1.2.3", 200),
        ("fd12::7", 200),
        ("10.2.0.1", 403),
        ("203.0.113.9", 403),
        ("", 403),
    ],
)
def test_this_machine_and_the_networks_of_the_settings_read_it(
    address: str, expected: int, tmp_path: Path
) -> None:
    assert status(client(tmp_path, NETWORKS), address) == expected


def test_others_do_not_read_it_by_default(tmp_path: Path) -> None:
    assert status(client(tmp_path), "10.1.2.3") == 403


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3"])
def test_nobody_reads_it_through_a_proxy(address: str, tmp_path: Path) -> None:
    headers = {"X-Forwarded-For": "10.1.2.3"}
    assert status(client(tmp_path, NETWORKS), address, **headers) == 403


def test_it_can_be_turned_off(tmp_path: Path) -> None:
    assert status(client(tmp_path, None), "127.0.0.1") == 404


def test_it_counts_answers_and_has_no_text_of_a_request(tmp_path: Path) -> None:
    http = client(tmp_path)
    body = hook_request()
    body["context"]["patientId"] = body["hookInstance"] = MARK
    for path in (f"/cds-services/{SIGN}?name={MARK}", f"/cds-services/{MARK}", f"/{MARK}"):
        http.post(path, json=body, headers={"X-Request-Id": MARK, "traceparent": MARK}).close()
    http.open("/health", method=MARK).close()
    text = http.get("/metrics").get_data(as_text=True)
    assert 'cds_requests_total{route="/cds-services/<service_id>",status="400"} 1.0' in text
    assert 'cds_requests_total{route="/cds-services/<service_id>",status="404"} 1.0' in text
    assert 'cds_requests_total{route="none",status="404"} 1.0' in text
    assert MARK not in text


@pytest.mark.slow
def test_it_counts_what_came_of_an_order(tmp_path: Path) -> None:
    http = create_app(settings(tmp_path, content=ROOT, as_of=DAY)).test_client()
    raw = (ROOT / "fixtures/p001-initial.json").read_bytes()
    path = "/cds-services/dupilumab-order-sign"
    for _ in range(2):
        http.post(path, data=raw, content_type="application/json").close()
    lines = http.get("/metrics").get_data(as_text=True).splitlines()
    counted = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    steps = ("authenticate", "wait", "read", "record", "judge", "cards", "write")
    for step in steps:
        assert counted[f'cds_phase_seconds_count{{phase="{step}"}}'] == "2.0"
    order = 'indication="ad",outcome="unknown",path="initial",policy="bcbsms/L.5.01.513"'
    assert counted[f"cds_assessments_total{{{order}}}"] == "2.0"
    assert any(line.startswith("cds_unknown_criteria_total{") for line in counted)
    assert counted['cds_prefetch_total{key="encounters",state="not_supplied"}'] == "2.0"
