"""Hostile input at the door of the whole service: refused or rightly answered, and it serves on."""

import json
import logging
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hostile.bombs import bundle, draft, recorded
from hostile.damage import NAMES
from hostile.served import LOG_LINE, SELECT, SIGN, assert_sound, logged, post, serve, without_ids

FEEDBACK = f"{SIGN}/feedback"
SECRET = "Zyx\r\nlevel=ERROR \x1b[31mforged"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    found = serve(tmp_path_factory.mktemp("input"))
    yield found
    found.extensions["house"].store.close()


@pytest.fixture
def http(app: Flask) -> Iterator[FlaskClient]:
    """A caller after whom an ordinary request is answered as before, whatever was sent."""
    caller, ordinary = app.test_client(), orjson.dumps(recorded())
    before = without_ids(post(caller, ordinary).json)
    yield caller
    assert without_ids(post(caller, ordinary).json) == before


def deep(levels: int, *, hidden: bool) -> bytes:
    """Lists in lists; hidden ones have brackets in texts beside them, which deceive a count of brackets."""
    opening, closing = (b'["]",', b',"["]') if hidden else (b"[", b"]")
    return opening * levels + b"0" + closing * levels


def with_draft(raw: bytes) -> bytes:
    """A sound order with raw JSON in an extension."""
    body = recorded("wrong-dose-weekly")
    draft(body)["extension"] = "here"
    return orjson.dumps(body).replace(b'"here"', raw)


NUMBERS = ["1e400", "-1e400", "9" * 5000, "1" + "0" * 5000 + ".5", "NaN", "Infinity", "-Infinity"]
RAW = {
    **{f"the number {one[:9]} ({len(one)})": with_draft(one.encode()) for one in NUMBERS},
    "0.<5000 digits>": with_draft(b"0." + b"3" * 5000),
    **{
        f"{levels} levels, {hidden=}": with_draft(deep(levels, hidden=hidden))
        for levels in (50, 90, 200, 300, 900, 5000)
        for hidden in (False, True)
    },
    "a lone surrogate": with_draft(rb'"\ud800"'),
    "surrogates the wrong way round": with_draft(rb'"\udc00\ud800"'),
    "invalid UTF-8": with_draft(b'"\xff\xfe"'),
    "overlong UTF-8": with_draft(b'"\xc0\xaf"'),
    "doubled names": with_draft(b'{"url": 1, "url": {"url": []}}'),
    "names of Python and JavaScript": with_draft(
        b'{"__proto__": {"a": 1}, "constructor": {"prototype": {}}, "__class__": 1, "__init__": {}}'
    ),
    "an escaped NUL": with_draft(rb'"\u0000"'),
}


@pytest.mark.parametrize("raw", RAW.values(), ids=RAW)
def test_odd_json_inside_a_sound_order_is_refused_or_answered(
    http: FlaskClient, raw: bytes
) -> None:
    assert_sound(post(http, raw))


@pytest.mark.parametrize("levels", [200, 300, 900])
def test_depth_that_brackets_in_texts_hide_is_refused_too(http: FlaskClient, levels: int) -> None:
    assert post(http, with_draft(deep(levels, hidden=True))).status_code == 400


@pytest.mark.parametrize(
    "name", ["__proto__", "constructor", "__class__", "", "toString", "\0", "a" * 9999]
)
def test_names_that_mean_something_elsewhere_change_no_answer(http: FlaskClient, name: str) -> None:
    body = recorded()
    plain = without_ids(post(http, orjson.dumps(body)).json)
    for holder in (body, body["prefetch"], body["context"], draft(body)):
        holder[name] = {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "X"}}]}
    assert without_ids(post(http, orjson.dumps(body)).json["cards"][0]["summary"]) in plain


def contained_in_itself(body: Any) -> None:
    draft(body)["contained"] = [
        {"resourceType": "Medication", "id": "m", "medicationReference": {"reference": "#m"}}
    ]
    draft(body)["contained"][0]["contained"] = deepcopy(draft(body)["contained"])
    del draft(body)["medicationCodeableConcept"]
    draft(body)["medicationReference"] = {"reference": "#m"}


def medication_of_itself(body: Any) -> None:
    one = {
        "resourceType": "Medication",
        "id": "m",
        "medicationReference": {"reference": "Medication/m"},
    }
    body["prefetch"]["medications"] = bundle(one)
    del draft(body)["medicationCodeableConcept"]
    draft(body)["medicationReference"] = {"reference": "Medication/m"}


def order_of_itself(body: Any) -> None:
    draft(body)["medicationReference"] = {"reference": f"MedicationRequest/{draft(body)['id']}"}
    draft(body)["reasonReference"] = draft(body)["basedOn"] = [draft(body)["medicationReference"]]


def visit_and_diagnosis(body: Any) -> None:
    subject, code = draft(body)["subject"], draft(body)["reasonCode"][0]
    there, back = [{"reference": "Encounter/e"}], [{"reference": "Condition/c"}]
    visit = {"resourceType": "Encounter", "id": "e", "status": "finished", "subject": subject}
    visit |= {"class": {"code": "EMER"}, "period": {"start": "2026-06-01"}}
    visit |= {"reasonReference": [*back, *there], "diagnosis": [{"condition": back[0]}]}
    diagnosis = {"resourceType": "Condition", "id": "c", "subject": subject, "code": code}
    diagnosis |= {
        "encounter": there[0],
        "category": [{"coding": [{"code": "encounter-diagnosis"}]}],
    }
    diagnosis |= {"evidence": [{"detail": back}]}
    body["prefetch"]["encounters"] = bundle(visit)
    body["prefetch"]["conditions"]["entry"].append({"resource": diagnosis})


RINGS = [contained_in_itself, medication_of_itself, order_of_itself, visit_and_diagnosis]


@pytest.mark.parametrize("ring", RINGS, ids=lambda one: one.__name__)
def test_references_in_a_ring_come_to_an_end(
    http: FlaskClient, ring: Callable[[Any], None]
) -> None:
    body = recorded()
    ring(body)
    answer = post(http, orjson.dumps(body))
    assert_sound(answer)
    assert answer.status_code == 200


def test_identifiers_of_any_shape_beside_a_reversal_are_no_failure(http: FlaskClient) -> None:
    body = recorded()
    for entry in body["prefetch"]["claims"]["entry"]:
        entry["resource"]["identifier"] = [{"value": []}, {"value": {}}, None]
    taken = deepcopy(body["prefetch"]["claims"]["entry"][0])
    taken["resource"] |= {"id": "back", "payment": {"amount": {"value": -1}}}
    taken["resource"]["related"] = [{"claim": {"identifier": [{"value": []}], "reference": []}}, 7]
    body["prefetch"]["claims"]["entry"].append(taken)
    assert post(http, orjson.dumps(body)).status_code == 200


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
    "an id of another": {"X-Request-Id": "7b0c2a36-1f0f-4a5e-9d6e-0f6f5d0c9b1\u0661".encode().decode("latin-1")},
    "a cookie": {"Cookie": "session=" + "x" * 4000},
}  # fmt: skip


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_tricks_in_headers_change_nothing(http: FlaskClient, headers: dict[str, str]) -> None:
    answer = post(http, orjson.dumps(recorded()), headers=headers)
    assert_sound(answer)
    assert not any("evil" in value or "<script>" in value for value in answer.headers.values())


@pytest.mark.parametrize("type_", TYPES)
def test_a_charset_is_not_believed(http: FlaskClient, type_: str) -> None:
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
def test_hostile_feedback_is_kept_or_refused(http: FlaskClient, text: str) -> None:
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


PATHS = ["/policies/<script>alert(1)</script>", "/policies/..%2f..%2fetc%2fpasswd", "/policies/{{7*7}}", "/%ff", "/policies/%00", "/policies/" + "a/" * 4000]  # fmt: skip


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:30])
def test_a_page_that_is_not_there_is_told_in_json(http: FlaskClient, path: str) -> None:
    answer = http.get(path)
    assert_sound(answer)
    assert answer.status_code == 404
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


MARKUP = "**Met** <img src=x onerror=alert(1)> [a](javascript:alert(1)) https://a.example | `x`\n# {{7*7}}"
SAID = ("display", "text", "name", "title", "description", "valueString", "unit", "value", "family", "comment",
        "patientInstruction", "subscriberId", "authorString", "label")  # fmt: skip


def poisoned(name: str) -> Any:
    """A recording with mark-up in every text that is no code, date, reference or identity."""
    body = recorded(name)
    waiting: list[Any] = [body["prefetch"], body["context"]["draftOrders"]]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            one |= {key: MARKUP for key in SAID if isinstance(one.get(key), str)}
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return body


@pytest.mark.parametrize("name", NAMES)
def test_mark_up_in_a_chart_is_no_mark_up_on_a_card(http: FlaskClient, name: str) -> None:
    path = SELECT if name.startswith("select") else SIGN
    answer = post(http, orjson.dumps(poisoned(name)), path)
    assert_sound(answer)
    for card in answer.json.get("cards", []):
        shown = json.dumps([card["summary"], card["detail"], card["source"]])
        suggested = [
            (one["label"], one["actions"][0]["description"]) for one in card.get("suggestions", ())
        ]
        for text in (shown, json.dumps(suggested)):
            assert "<img" not in text
            assert "](javascript" not in text
            assert "https://a.example" not in text
