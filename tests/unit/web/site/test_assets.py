"""Style sheets and scripts of the pages."""

import pytest
from flask import Flask

from service.pages.html import ASSETS, ASSETS_VERSION
from service.web.http.error_answers import answer_errors
from service.web.http.request_log import trace_requests
from service.web.site.assets import TYPES, assets_blueprint


@pytest.fixture
def app() -> Flask:
    app = Flask("assets", static_folder=None)
    trace_requests(app)
    answer_errors(app)
    app.register_blueprint(assets_blueprint())
    return app


def test_each_file_is_served_with_its_type(app: Flask) -> None:
    for path in (path for path in ASSETS.iterdir() if path.suffix in TYPES):
        answer = app.test_client().get(f"/assets/{ASSETS_VERSION}/{path.name}")
        assert answer.status_code == 200
        assert answer.data == path.read_bytes()
        assert answer.content_type.startswith(("text/css", "text/javascript", "image/svg+xml"))


def test_browser_keeps_a_file_of_this_version_alone(app: Flask) -> None:
    kept = app.test_client().get(f"/assets/{ASSETS_VERSION}/site.css")
    other = app.test_client().get("/assets/000000000000/site.css")
    assert "immutable" in kept.headers["Cache-Control"]
    assert other.data == kept.data
    assert "Cache-Control" not in other.headers


@pytest.mark.parametrize("name", ["none.css", "..%2Fhtml.py", "VENDORED.md", "%2e%2e"])
def test_nothing_else_is_served(app: Flask, name: str) -> None:
    assert app.test_client().get(f"/assets/{ASSETS_VERSION}/{name}").status_code == 404
