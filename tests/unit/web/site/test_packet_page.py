"""The files of a packet behind the page of its order."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from support.order_stories import FIXTURES
from support.site import http

from service.web.shared_memory import folder_in_memory

PORT = "18936"
SIGN = "/cds-services/dupilumab-order-sign"


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    yield http(CDS_PORT=PORT, CDS_PAGES="memory")
    folder = folder_in_memory(int(PORT))
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


def page(client: FlaskClient, name: str) -> str:
    """The path of the page of a recorded request."""
    body = (FIXTURES / f"{name}.json").read_bytes()
    answer = client.post(SIGN, data=body, content_type="application/json")
    url: str = answer.get_json()["cards"][0]["links"][0]["url"]
    return url.removeprefix(f"http://127.0.0.1:{PORT}")


def test_page_links_to_the_three_files(client: FlaskClient) -> None:
    path = page(client, "p001-initial")
    shown = client.get(path).text
    for name, type_ in (
        ("letter.pdf", "application/pdf"),
        ("letter.html", "text/html; charset=utf-8"),
        ("request.json", "application/fhir+json; charset=utf-8"),
    ):
        assert f'href="{path}/packet/1/{name}"' in shown
        file = client.get(f"{path}/packet/1/{name}")
        assert (file.status_code, file.content_type) == (200, type_)
        assert file.headers["Cache-Control"] == "no-store"
        assert name in file.headers["Content-Disposition"]


def test_order_without_a_packet_and_unknown_files_are_not_found(client: FlaskClient) -> None:
    path = page(client, "csu-order")
    assert "/packet/" not in client.get(path).text
    assert client.get(f"{path}/packet/1/letter.pdf").status_code == 404
    path = page(client, "p001-initial")
    assert client.get(f"{path}/packet/2/letter.pdf").status_code == 404
    assert client.get(f"{path}/packet/1/letter.docx").status_code == 404
    assert client.get(f"/orders/{'x' * 32}/packet/1/letter.pdf").status_code == 404


def test_without_the_library_the_page_offers_no_pdf(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = page(client, "p001-initial")
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert "letter.pdf" not in client.get(path).text
    assert client.get(f"{path}/packet/1/letter.pdf").status_code == 404
