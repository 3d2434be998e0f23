"""The id of each request and the one line that is logged of it."""

import logging
from uuid import UUID

import pytest
from flask import Flask, g

from service.web.http.request_log import milliseconds, trace_requests


@pytest.fixture
def app() -> Flask:
    """An application with one page that has a value in its path."""
    made = Flask(__name__)
    trace_requests(made)

    @made.post("/page/<name>")
    def page(name: str) -> str:
        g.body = b"12345"
        assert milliseconds() >= 0
        return name

    return made


GIVEN = "6f1f9c1e-2f0b-4b6e-9d3a-0a1b2c3d4e5f"


@pytest.mark.parametrize(
    ("sent", "kept"), [(GIVEN, GIVEN), (GIVEN.upper(), GIVEN), (f"{{{GIVEN}}}", GIVEN)]
)
def test_uuid_of_the_caller_is_kept(app: Flask, sent: str, kept: str) -> None:
    answer = app.test_client().post("/page/x", headers={"X-Request-Id": sent})
    assert answer.headers["X-Request-Id"] == kept


@pytest.mark.parametrize("sent", ["John Doe", "", "1", GIVEN[:-1]])
def test_other_text_of_the_caller_is_replaced_by_a_fresh_id(app: Flask, sent: str) -> None:
    answer = app.test_client().post("/page/x", headers={"X-Request-Id": sent})
    assert str(UUID(answer.headers["X-Request-Id"])) != sent


def test_two_requests_without_an_id_have_two(app: Flask) -> None:
    first, second = (app.test_client().post("/page/x").headers["X-Request-Id"] for _ in "12")
    assert first != second


def test_log_has_route_and_sizes_but_no_value_of_path_or_query(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "service.access"):
        app.test_client().post("/page/doe?name=john", headers={"X-Request-Id": GIVEN}).close()
    (line,) = [one.getMessage() for one in caplog.records if one.name == "service.access"]
    assert line.startswith("method=POST route=/page/<name> status=200 ms=")
    assert line.endswith(f"in=5 out=3 id={GIVEN}")


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [("BREW", "/page/x", "method=? "), ("GET", "/nowhere", "method=GET route=none status=404")],
)
def test_unknown_method_or_page_is_logged_without_its_name(
    app: Flask, caplog: pytest.LogCaptureFixture, method: str, path: str, told: str
) -> None:
    with caplog.at_level(logging.INFO, "service.access"):
        app.test_client().open(path, method=method).close()
    (line,) = [one.getMessage() for one in caplog.records if one.name == "service.access"]
    assert line.startswith(told)


TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.mark.parametrize(
    ("headers", "id_", "end"),
    [
        ({"traceparent": PARENT}, TRACE, f"id={TRACE}"),
        ({"traceparent": PARENT, "X-Request-Id": GIVEN}, GIVEN, f"id={GIVEN} trace={TRACE}"),
        ({"traceparent": "John Doe", "X-Request-Id": GIVEN}, GIVEN, f"id={GIVEN}"),
    ],
)
def test_trace_of_the_caller_is_answered_and_logged(
    app: Flask, caplog: pytest.LogCaptureFixture, headers: dict[str, str], id_: str, end: str
) -> None:
    with caplog.at_level(logging.INFO, "service.access"):
        answer = app.test_client().post("/page/x", headers=headers)
        answer.close()
    (line,) = [one.getMessage() for one in caplog.records if one.name == "service.access"]
    assert answer.headers["X-Request-Id"] == id_
    assert line.endswith(end)
