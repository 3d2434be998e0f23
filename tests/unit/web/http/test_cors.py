"""Answers may be read from every origin, without credentials of the browser."""

import pytest
from flask import Flask

from service.web.http.cors import EVERYWHERE, allow_origins


@pytest.fixture
def app() -> Flask:
    """An application with one page."""
    made = Flask(__name__)
    allow_origins(made)

    @made.route("/page", methods=["GET", "POST"])
    def page() -> str:
        return "x"

    return made


@pytest.mark.parametrize(("path", "status"), [("/page", 200), ("/nowhere", 404)])
def test_every_answer_may_be_read_from_everywhere_and_is_not_stored(
    app: Flask, path: str, status: int
) -> None:
    answer = app.test_client().get(path)
    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_preflight_is_answered_with_the_methods_of_the_page(app: Flask) -> None:
    answer = app.test_client().options("/page")
    assert (answer.status_code, answer.get_data()) == (204, b"")
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS, POST"
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert {name: answer.headers[name] for name in EVERYWHERE} == EVERYWHERE


def test_preflight_of_an_unknown_page_is_not_found(app: Flask) -> None:
    assert app.test_client().options("/nowhere").status_code == 404
