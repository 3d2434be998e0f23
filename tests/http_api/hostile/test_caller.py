"""Headers, feedback and logs: what a caller writes there changes nothing and is not repeated."""

import logging
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from support.hostile.bombs import recorded
from support.hostile.served import LOG_LINE, SIGN, assert_sound, logged, post

FEEDBACK = f"{SIGN}/feedback"
SECRET = "Zyx\r\nlevel=ERROR \x1b[31mforged"  # noqa: S105 - a mark to be looked for in logs


TYPES = ["application/json; charset=utf-16", "application/json; charset=\x00", "application/x+json"]
HEADERS: dict[str, dict[str, str]] = {
    "another method": {"X-HTTP-Method-Override": "DELETE"},
    "another address": {"X-Forwarded-For": "10.0.0.1", "Forwarded": "for=10.0.0.1"},
    "another host": {"Host": "evil.example", "X-Forwarded-Host": "evil.example"},
    "another path": {"X-Original-URL": "/policies", "X-Rewrite-URL": "/policies"},
    "a host that is none": {"Host": "a b<script>"},
    "a length of 5000 digits": {"Content-Length": "9" * 5000},
    "a length below zero": {"Content-Length": "-1"},
    "two encodings": {"Content-Encoding": "identity, gzip"},
    "an origin of mark-up": {"Origin": "<script>"},
    "a language": {"Accept": "text/html", "Accept-Encoding": "x" * 9000},
    "an id of odd digits": {"X-Request-Id": "7b0c2a36-1f0f-4a5e-9d6e-0f6f5d0c9b1\xb2"},
    "a cookie": {"Cookie": "session=" + "x" * 4000},
}  # fmt: skip


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_unusual_headers_change_nothing(http: FlaskClient, headers: dict[str, str]) -> None:
    answer = post(http, orjson.dumps(recorded()), headers=headers)
    assert_sound(answer)
    assert not any("evil" in value or "<script>" in value for value in answer.headers.values())


@pytest.mark.parametrize("type_", TYPES)
def test_charset_of_the_media_type_is_ignored(http: FlaskClient, type_: str) -> None:
    assert_sound(http.post(SIGN, data=orjson.dumps(recorded()), content_type=type_))


ITEM = {"card": "c", "outcome": "overridden", "outcomeTimestamp": "2026-11-20T10:00:00Z"}
COMMENTS = [
    "'); drop table feedback; --",
    "=cmd|' /C calc'!A0",
    "<script>",
    SECRET,
    "\0",
    "x" * 10**6,
]


@pytest.mark.parametrize("text", COMMENTS, ids=lambda text: repr(text[:12]))
def test_malformed_feedback_is_stored_or_refused(http: FlaskClient, text: str) -> None:
    reason = {"reason": {"code": text, "system": text, "display": text}, "userComment": text}
    items = [{**ITEM, "card": text[:500]}, {**ITEM, "overrideReason": reason}]
    accepted = {**ITEM, "outcome": "accepted", "acceptedSuggestions": [{"id": text}]}
    with logged() as lines:
        answer = http.post(FEEDBACK, json={"feedback": [*items, accepted]})
    assert answer.status_code == (400 if not text[:500].strip() else 200)
    assert_quiet(lines)


def test_an_id_too_long_for_an_index_is_refused(http: FlaskClient) -> None:
    answer = http.post(FEEDBACK, json={"feedback": [{**ITEM, "card": "x" * 1001}]})
    assert answer.status_code == 400
    assert "feedback[0].card" in answer.text


def assert_quiet(lines: list[logging.LogRecord]) -> None:
    """The log holds our one line for each answer, and nothing that a caller wrote."""
    for line in lines:
        assert LOG_LINE.fullmatch(line.getMessage()), line.getMessage()


def everywhere(body: Any, text: str) -> Any:
    """The same text for every id, hook and name of a request."""
    body["hook"] = body["hookInstance"] = body["fhirServer"] = text
    body["context"] |= {"patientId": text, "userId": text, "encounterId": text}
    return body


def test_nothing_of_a_request_is_logged_or_echoed_in_an_error(http: FlaskClient) -> None:
    hostile = "%0d%0aZyx%1b%5b31m"
    with logged() as lines:
        for name in ("hook", "hookInstance"):
            assert "Zyx" not in post(http, orjson.dumps({**recorded(), name: SECRET})).text
        assert "Zyx" not in post(http, orjson.dumps(everywhere(recorded(), SECRET))).text
        for path in (f"/cds-services/{hostile}", f"/{hostile}", f"{SIGN}?a={hostile}"):
            http.post(
                path, json={"hook": SECRET}, headers={"X-Request-Id": "Zyx", "User-Agent": "Zyx"}
            ).close()
        http.open(SIGN, method="ZYX").close()
        http.open(SIGN, method="ZYX\r\nlevel=ERROR").close()
    assert len(lines) >= 5
    assert_quiet(lines)
