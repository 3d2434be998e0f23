"""The body of a request: read whole up to a limit, and only if it says that it is JSON."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask, Response, g

from service.errors import RequestError
from service.web.http.body import BODY, json_body, take_bodies


@pytest.fixture
def app() -> Flask:
    """An application that answers with the body that it took."""
    made = Flask(__name__)
    take_bodies(made)

    @made.errorhandler(RequestError)
    def refuse(error: RequestError) -> Response:
        return Response(error.diagnostics, error.status)

    @made.post("/raw")
    def raw() -> Response:
        return Response(g.body)

    @made.post("/json")
    def as_json() -> Response:
        return Response(json_body())

    return made


def sent(app: Flask, path: str, **more: Any) -> tuple[int, str]:
    answer = app.test_client().post(path, **more)
    return answer.status_code, answer.get_data(as_text=True)


@pytest.mark.parametrize("data", [b"", b"x", b"x" * 300_000])
def test_body_is_taken_whole(app: Flask, data: bytes) -> None:
    assert sent(app, "/raw", data=data) == (200, data.decode())


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "application/fhir+json"]
)
def test_body_that_says_that_it_is_json_is_given(app: Flask, kind: str) -> None:
    assert sent(app, "/json", data=b"{}", content_type=kind) == (200, "{}")


@pytest.mark.parametrize("kind", ["", "text/plain", "application/jsonp", "application/xml"])
def test_body_of_another_type_is_refused(app: Flask, kind: str) -> None:
    assert sent(app, "/json", data=b"{}", content_type=kind) == (
        415,
        "Content-Type: must be application/json",
    )


@pytest.mark.parametrize(("encoding", "status"), [("identity", 200), ("gzip", 415)])
def test_compressed_body_is_refused(app: Flask, encoding: str, status: int) -> None:
    headers = {"Content-Encoding": encoding}
    assert sent(app, "/json", data=b"{}", content_type="application/json", headers=headers)[0] == (
        status
    )


def test_body_above_the_limit_is_refused(app: Flask) -> None:
    stream = BytesIO(bytes(BODY + 1))
    answer = sent(app, "/raw", input_stream=stream, content_length=BODY + 1)
    assert answer == (413, f"the body is larger than {BODY} bytes")


class Broken(BytesIO):
    """A body that did not arrive."""

    def __init__(self, error: Exception) -> None:
        super().__init__(b"123456789")
        self.error = error

    def read(self, _: int | None = -1) -> bytes:
        """Raises, whatever is asked for."""
        raise self.error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RequestError(408, "timeout", "it is late"), (408, "it is late")),
        (ConnectionResetError(), (400, "the body is not whole")),
    ],
)
def test_body_that_does_not_arrive_is_the_fault_of_the_caller(
    app: Flask, error: Exception, expected: tuple[int, str]
) -> None:
    # as our server hands it over: what it raises comes through
    ended = {"wsgi.input_terminated": True}
    assert sent(app, "/raw", input_stream=Broken(error), environ_base=ended) == expected
