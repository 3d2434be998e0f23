"""The pages of docs/ as the service shows them."""

import re
from pathlib import PurePosixPath

import pytest
from flask.testing import FlaskClient
from support.paths import ROOT
from support.site import http

from service.web.site.docs_pages import STARTS, as_html


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return http()


def test_every_page_and_every_link_between_pages_is_there(client: FlaskClient) -> None:
    files = (path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md"))
    names = {str(path.with_suffix("")) for path in files} - {"README"}
    pages = ["/docs", *(f"/docs/{name}" for name in names)]
    shown = {page: client.get(page) for page in pages}
    assert {answer.status_code for answer in shown.values()} == {200}
    links = {
        link
        for answer in shown.values()
        for link in re.findall(r'href="(/docs[^"#]*)', answer.text)
    }
    assert links <= {*pages}
    assert {f"/docs/{name}" for name, _ in STARTS} <= {*pages}


def test_mark_up_in_a_document_stays_text() -> None:
    shown = as_html("# T\n\n<script>x</script> [a](javascript:x)\n", PurePosixPath("learn/x"))
    assert "<script" not in shown
    assert 'href="javascript' not in shown


def test_headings_have_the_ids_that_links_name() -> None:
    assert 'id="a-word-or-two"' in as_html("## A `word`, or two\n", PurePosixPath("x"))


@pytest.mark.parametrize("name", ["nothing", "../SECURITY", "%2e%2e/README", "learn/none"])
def test_nothing_else_is_shown(client: FlaskClient, name: str) -> None:
    assert client.get(f"/docs/{name}").status_code == 404
