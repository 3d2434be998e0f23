"""Calls of a CDS service: what comes instead of an answer is said."""

import pytest
import responses

from service.errors import RecordingError
from service.recordings.posted_request import posted, sent

ADDRESS = "https://cds.example/cds-services/x"


@responses.activate
def test_an_answer_is_read() -> None:
    responses.post(ADDRESS, json={"cards": []})
    assert posted(ADDRESS, {}, "token") == {"cards": []}
    assert responses.calls[0].request.headers["Authorization"] == "Bearer token"


@responses.activate
@pytest.mark.parametrize(("status", "body", "said"), [(500, "{}", "500"), (200, "<", "no JSON")])
def test_other_answers(status: int, body: str, said: str) -> None:
    responses.post(ADDRESS, body=body, status=status)
    with pytest.raises(RecordingError, match=said):
        posted(ADDRESS, {})


@responses.activate
def test_no_server() -> None:
    with pytest.raises(RecordingError, match="cannot be reached"):
        sent(ADDRESS, b"", {})
