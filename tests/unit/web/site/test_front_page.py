"""The front page, the lists, and the smallest request that it shows."""

from html import unescape
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from support.cases.run import library
from support.paths import ROOT
from support.site import http

from service.web.site.front_page import SMALLEST

SIGN = "/cds-services/dupilumab-order-sign"


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return http()


def test_front_page_leads_to_demo_policy_and_documents(client: FlaskClient) -> None:
    page = client.get("/").text
    for path in ("/demo#p001-initial", "/policies", "/openapi.json", "/docs/learn/first-request"):
        assert f'href="{path}"' in page
    assert "/cds-services/dupilumab-order-sign" in page
    assert client.get("/").headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_front_page_says_that_the_demo_is_off() -> None:
    page = http(CDS_DEMO="off").get("/").text
    assert "/demo#" not in page
    assert "CDS_DEMO=on" in page


def test_smallest_request_is_judged(client: FlaskClient) -> None:
    body = (ROOT / SMALLEST).read_bytes()
    answer: Any = client.post(SIGN, data=body, content_type="application/json").get_json()
    assert answer["cards"][0]["summary"].startswith("BCBSMS")
    assert orjson.loads(body)["hook"] in client.get("/").text


def test_smallest_request_can_be_pasted_into_a_shell(client: FlaskClient) -> None:
    pasted = unescape(client.get("/").text.partition("<code>curl")[2].partition("</code>")[0])
    command, *body, end = pasted.strip().split("\n")
    assert command.endswith("--data @- <<'END'")
    assert end == "END"
    assert orjson.loads("\n".join(body)) == orjson.loads((ROOT / SMALLEST).read_bytes())


def test_front_page_without_examples_names_a_file(tmp_path: Path) -> None:
    for name in ("mappings", "cards"):
        (tmp_path / name).mkdir()
    assert "--data @request.json" in http(CDS_CONTENT=str(tmp_path)).get("/").text


def test_lists_name_every_version_and_every_therapy(client: FlaskClient) -> None:
    policies, therapies = client.get("/policies").text, client.get("/therapies").text
    assert 'href="/policies/bcbsms/L.5.01.513@2025-10-01"' in policies
    assert "in force" in policies
    assert all(f'href="/therapies/{id_}"' in therapies for id_ in library().clinical.therapies)
