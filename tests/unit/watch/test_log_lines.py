"""Log lines as text and as JSON."""

import json
import logging
from collections.abc import Iterator

import pytest

from service.watch.log_lines import Fields, JsonLines, TextLines, WithRequestId, write_log
from service.watch.request_ids import CURRENT

LINE = Fields({"method": "GET", "status": 200, "id": "abc"})


@pytest.fixture
def request_id() -> Iterator[str]:
    """The id of the request that this thread works for."""
    token = CURRENT.set("7b0c")
    yield "7b0c"
    CURRENT.reset(token)


def written(formatter: logging.Formatter, message: object, *values: object) -> str:
    record = logging.LogRecord("service.x", logging.WARNING, "x.py", 1, message, values, None)
    assert WithRequestId().filter(record)
    return formatter.format(record)


def test_text_has_time_level_logger_message_and_id(request_id: str) -> None:
    line = written(TextLines(), "keys of client %s: late", "ehr")
    assert line.endswith(f" WARNING service.x keys of client ehr: late id={request_id}")


def test_text_of_fields_has_their_own_id(request_id: str) -> None:
    line = written(TextLines(), LINE)
    assert line.endswith("method=GET status=200 id=abc")
    assert request_id not in line


def test_line_outside_of_a_request_has_no_id() -> None:
    CURRENT.set("")  # a test before this one may have left its request's
    assert written(TextLines(), "starts").endswith("service.x starts")
    assert "id" not in json.loads(written(JsonLines(), "starts"))


def test_json_is_one_object_a_line(request_id: str) -> None:
    line = written(JsonLines(), "keys of client %s:\nlate", "ehr")
    assert "\n" not in line
    read = json.loads(line)
    assert read.pop("time").endswith("+00:00")
    assert read == {
        "level": "WARNING",
        "logger": "service.x",
        "message": "keys of client ehr:\nlate",
        "id": request_id,
    }


def test_json_has_fields_as_members(request_id: str) -> None:
    read = json.loads(written(JsonLines(), LINE))
    assert {name: read[name] for name in LINE} == LINE
    assert "message" not in read
    assert request_id not in read.values()


@pytest.mark.parametrize(("kind", "form"), [("json", JsonLines), ("text", TextLines)])
def test_log_is_written_as_the_settings_say(
    kind: str, form: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    write_log("json" if kind == "json" else "text")
    (handler,) = root.handlers
    assert isinstance(handler.formatter, form)
