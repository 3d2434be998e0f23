"""Mark-up in a path or a chart: it is not on any page or card."""

import json
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from support.hostile.bombs import recorded
from support.hostile.damage import NAMES
from support.hostile.served import SELECT, SIGN, assert_sound, post

PATHS = [
    *(
        "/policies/<script>alert(1)</script>",
        "/policies/..%2f..%2fetc%2fpasswd",
        "/policies/{{7*7}}",
    ),
    *("/%ff", "/policies/%00", "/policies/" + "a/" * 4000),
]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:30])
def test_a_page_that_is_not_there_is_told_in_json(http: FlaskClient, path: str) -> None:
    answer = http.get(path)
    assert_sound(answer)
    assert answer.status_code == 404
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


MARKUP = "**Met** <img src=x onerror=a(1)> [a](javascript:a(1)) https://a.example | `x`\n# {{7*7}}"
SAID = (
    *("display", "text", "name", "title", "description", "valueString", "unit", "value", "family"),
    *("comment", "patientInstruction", "subscriberId", "authorString", "label"),
)


def poisoned(name: str, said: str = MARKUP) -> Any:
    """A recording with the same words in every text that is no code, date, reference or identity."""
    body = recorded(name)
    waiting: list[Any] = [body["prefetch"], body["context"]["draftOrders"]]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            one |= {key: said for key in SAID if isinstance(one.get(key), str)}
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return body


@pytest.mark.parametrize("name", NAMES)
def test_mark_up_in_a_chart_is_no_mark_up_on_a_card(http: FlaskClient, name: str) -> None:
    path = SELECT if name.startswith("select") else SIGN
    answer = post(http, orjson.dumps(poisoned(name)), path)
    assert_sound(answer)
    for card in answer.get_json().get("cards", []):
        shown = json.dumps([card["summary"], card["detail"], card["source"]])
        suggested = [
            (one["label"], one["actions"][0]["description"]) for one in card.get("suggestions", ())
        ]
        for text in (shown, json.dumps(suggested)):
            assert "<img" not in text
            assert "](javascript" not in text
            assert "https://a.example" not in text


@pytest.mark.parametrize("name", ["asthma-fully-met", "methotrexate-failed", "p001-bsa8-palms"])
def test_long_words_of_a_chart_do_not_make_a_longer_answer(http: FlaskClient, name: str) -> None:
    body = poisoned(name, "itchy " * 10_000)
    body["context"]["draftOrders"]["entry"] *= 2
    answer = post(http, orjson.dumps(body))
    assert_sound(answer)
    for card in answer.get_json()["cards"]:
        assert len(card["detail"]) < 20_000
        assert len(json.dumps(card.get("extension"))) < 200_000
