"""GET requests to one server: what is sent, what counts as an answer, and what a refusal means."""

from collections.abc import Iterator
from time import monotonic

import orjson
import pytest
import responses
from requests.adapters import HTTPAdapter

from service.fhir.fetch.call import BYTES, Call, PageReader, UnansweredError

BASE = "https://ehr.example.org/fhir"
URL = f"{BASE}/Patient/p1"
FOUND = {"resourceType": "Patient", "id": "p1"}


@pytest.fixture
def server() -> Iterator[responses.RequestsMock]:
    """The FHIR server."""
    with responses.RequestsMock() as mock:
        yield mock


def reader(token: str | None = "made-up", seconds: float = 30) -> PageReader:  # noqa: S107 - no secret
    return PageReader(Call(BASE, token, monotonic() + seconds), HTTPAdapter(), orjson.loads)


def refused(page_reader: PageReader, url: str = URL) -> UnansweredError:
    with pytest.raises(UnansweredError) as error:
        page_reader.get(url)
    return error.value


@pytest.mark.parametrize("token", ["made-up", None])
def test_object_is_read_with_the_token_if_there_is_one(
    server: responses.RequestsMock, token: str | None
) -> None:
    server.get(URL, json=FOUND)
    assert reader(token).get(URL) == FOUND
    headers = server.calls[0].request.headers
    assert headers.get("Authorization") == (f"Bearer {token}" if token else None)
    assert headers["Accept"].startswith("application/fhir+json")


@pytest.mark.parametrize("body", ["[]", '"text"', "null"])
def test_answer_that_is_no_object_is_none(server: responses.RequestsMock, body: str) -> None:
    server.get(URL, body=body)
    assert refused(reader()).reached


@pytest.mark.parametrize(
    ("status", "reached", "unsupported"),
    [
        (400, True, True),
        (404, True, True),
        (422, True, True),
        (501, True, True),
        (401, True, False),
        (403, True, False),
        (500, True, False),
        (302, True, False),
        (429, False, False),
        (503, False, False),
        (502, False, False),
        (504, False, False),
    ],
)
def test_status_tells_whether_the_server_was_reached_and_supports_the_search(
    server: responses.RequestsMock, status: int, reached: bool, unsupported: bool
) -> None:
    server.get(URL, status=status, headers={"Location": f"{BASE}/Patient/p2"})
    error = refused(reader())
    assert (error.reached, error.refused) == (reached, unsupported)
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    ("status", "after", "rest"),
    [
        (429, "30", 30.0),
        (503, "1234567", 123456.0),
        (503, "Fri, 20 Nov 2026 10:00:00 GMT", None),
        (503, "-1", None),
        (500, "30", None),
    ],
)
def test_rest_is_what_a_busy_server_asks_for_in_seconds(
    server: responses.RequestsMock, status: int, after: str, rest: float | None
) -> None:
    server.get(URL, status=status, headers={"Retry-After": after})
    assert refused(reader()).rest == rest


def test_no_call_is_made_when_the_time_is_over() -> None:
    with responses.RequestsMock():
        error = refused(reader(seconds=-1))
    assert not error.reached


def test_pages_of_one_key_are_read_up_to_a_number_of_bytes(
    server: responses.RequestsMock,
) -> None:
    half = b'{"text": "%s"}' % (b"x" * (BYTES // 2 - 12))
    server.get(URL, body=half)
    page_reader = reader()
    assert page_reader.get(URL)
    assert page_reader.get(URL)
    server.upsert("GET", URL, body=b"{}")
    assert refused(page_reader).reached
    assert reader().get(URL) == {}


def test_token_is_not_shown_where_a_call_is_printed() -> None:
    assert "made-up" not in repr(Call(BASE, "made-up", 0.0))
