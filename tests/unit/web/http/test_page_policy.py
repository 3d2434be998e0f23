"""What a browser may load and do on our HTML pages."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from support.cases.run import library
from support.fakes import settings

from service.app import create_app
from service.web.http.page_policy import allow_on_page, guard_pages

PAGES = ["/", "/policies/bcbsms/L.5.01.513", "/therapies/tralokinumab"]


def served(folder: Path, **origins: tuple[str, ...]) -> FlaskClient:
    known = replace(library(), origins=origins)
    return create_app(settings(folder), library=known).test_client()


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return served(tmp_path_factory.mktemp("pages"))


def directives(header: str) -> dict[str, str]:
    return dict(one.split(" ", 1) for one in header.split("; "))


@pytest.mark.parametrize("path", PAGES)
def test_page_has_nothing_inline_and_loads_our_own_files_only(http: FlaskClient, path: str) -> None:
    answer = http.get(path)
    policy = directives(answer.headers["Content-Security-Policy"])
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert {*" ".join(policy.values()).split()} <= {"'none'", "'self'", "data:"}
    assert "style=" not in answer.text
    assert "<style" not in answer.text
    assert re.findall(r"<script(?![^>]* src=\"/assets/)", answer.text) == []


@pytest.mark.parametrize("path", PAGES)
def test_page_is_not_stored_not_guessed_at_and_not_read_by_other_origins(
    http: FlaskClient, path: str
) -> None:
    headers = http.get(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers


def test_page_may_be_framed_by_listed_origins_only(tmp_path: Path) -> None:
    http = served(tmp_path, local=("https://b.example",), hospital=("https://a.example:8443",))
    policy = directives(http.get("/").headers["Content-Security-Policy"])
    assert policy["frame-ancestors"] == "https://a.example:8443 https://b.example"


def test_json_has_no_policy_of_pages(http: FlaskClient) -> None:
    for path in ("/cds-services", "/nothing"):
        assert "Content-Security-Policy" not in http.get(path).headers


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "text/plain; charset=utf-8"])
def test_picture_and_text_of_a_page_are_guarded_as_the_page_is(kind: str) -> None:
    app = Flask(__name__)
    guard_pages(app, ())

    @app.get("/part")
    def part() -> Response:
        return Response("x", content_type=kind, headers={"Access-Control-Allow-Origin": "*"})

    headers = app.test_client().get("/part").headers
    assert "Access-Control-Allow-Origin" not in headers
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    policy = directives(headers["Content-Security-Policy"])
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"


def test_view_may_allow_its_page_more() -> None:
    app = Flask(__name__)
    guard_pages(app, ())

    @app.get("/form")
    def form() -> str:
        allow_on_page(script_src="'self'", form_action="'self'")
        return "a form"

    @app.get("/other")
    def other() -> str:
        return "none"

    http = app.test_client()
    policy = directives(http.get("/form").headers["Content-Security-Policy"])
    assert (policy["script-src"], policy["form-action"]) == ("'self'", "'self'")
    assert policy["default-src"] == "'none'"
    assert "script-src" not in http.get("/other").headers["Content-Security-Policy"]
