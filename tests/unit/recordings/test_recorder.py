"""Calls are recorded beside the service; what would be answered otherwise is left out and counted."""

from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pytest
from support.cases.run import library
from support.recordings import SERVICE, call_of, fixture, recorder

from service.errors import RecordingError
from service.recordings.recorder import (
    CHANGED,
    UNREAD,
    UNWRITTEN,
    RecordedCall,
    Recorder,
    secret_of,
)
from service.recordings.recording import read_recording
from service.recordings.reduced_answer import TWIN
from service.recordings.shifted_days import days_in, exact_day


@pytest.mark.parametrize("name", ["initial-fully-met", "renewal-worse", "select-wrong-dose"])
def test_a_story_is_recorded_with_its_judgement(tmp_path: Path, name: str) -> None:
    made, call = recorder(tmp_path), call_of(fixture(name))
    file = made.record(call)
    assert file is not None
    kept = read_recording(file)
    assert kept.answer["orders"]
    assert kept.as_of != call.as_of.day
    assert made.left_out == {}


def test_what_words_alone_decided_is_left_out(tmp_path: Path) -> None:
    body = fixture("p001-claims")
    made, call = recorder(tmp_path), call_of(body)
    changed = call_of(fixture("initial-fully-met"))
    assert made.record(call._replace(answer=changed.answer)) is None
    assert made.left_out == {CHANGED: 1}
    assert [*tmp_path.iterdir()] == []


def test_what_the_wire_leaves_out_as_empty_makes_no_difference(tmp_path: Path) -> None:
    call = call_of(fixture("initial-fully-met"))
    answer = orjson.loads(call.answer)
    for card in answer["cards"]:
        twin = card.get("extension", {}).get(TWIN, {})
        for name in [name for name, value in twin.items() if value in ([], None)]:
            del twin[name]
        card["links"] = [{"label": "Why", "url": "https://cds.example/orders/x"}]
    assert recorder(tmp_path).record(call._replace(answer=orjson.dumps(answer))) is not None


def test_calls_are_recorded_by_a_thread(tmp_path: Path) -> None:
    made = recorder(tmp_path)
    made.take(call_of(fixture("p001-claims")))
    made.take(call_of(fixture("p001-claims"))._replace(body=b"{"))
    made.wait()
    assert len([*tmp_path.glob("*.json")]) == 1
    assert made.left_out == {UNREAD: 1}


def test_of_another_service_nobody_knows_the_answer(tmp_path: Path) -> None:
    call = call_of(fixture("p001-claims"))
    other = RecordedCall("other-service", None, call.as_of, call.body, b'{"cards": []}')
    file = recorder(tmp_path).record(other)
    assert file is not None
    assert read_recording(file).holds == {}


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordingError, match="cannot be made"):
        recorder(tmp_path / "file")


def test_the_secret() -> None:
    assert secret_of({"CDS_RECORD_SECRET": "x"}) == b"x"
    assert secret_of({}) != secret_of({})
    assert SERVICE == "dupilumab-order-sign"


def test_rules_that_nobody_knows_stay_without_their_address(tmp_path: Path) -> None:
    body = fixture("p001-claims")
    for entry in body["prefetch"]["observations"]["entry"]:
        entry["resource"]["implicitRules"] = "https://okafor.example"
    file = recorder(tmp_path).record(call_of(body))
    assert file is not None
    assert b"okafor" not in file.read_bytes()


def test_two_calls_with_one_hook_instance_are_two_recordings(tmp_path: Path) -> None:
    made, body = recorder(tmp_path), fixture("p001-claims")
    first = made.record(call_of(body))
    again = made.record(call_of(body))
    other = fixture("renewal-worse") | {"hookInstance": body["hookInstance"]}
    second = made.record(call_of(other))
    assert first == again
    assert first != second
    assert len([*tmp_path.glob("*.json")]) == len([first, second])


@pytest.mark.parametrize("mark", ["Amara Okafor", "okafor", "amara.okafor", 6015551234])
def test_words_in_the_judgement_of_another_service_are_not_kept(tmp_path: Path, mark: Any) -> None:
    call = call_of(fixture("p001-claims"))
    known = {"id": "ad.initial.age", "truth": "met", "reason": None}
    twin = {
        "outcome": mark,
        "path": "initial",
        "reason": mark,
        "needs": [mark],
        "awaits": ["attestation", mark],
        "open": {"any": [{"all": [mark, "ad.initial.age"]}], "okafor": mark},
        "policy": {"id": mark, "effective": mark},
        "criteria": [known, {"id": mark, "truth": mark, "reason": mark}],
        "alternatives": [{"therapy": mark, "truth": mark}],
        "notes": [{"id": mark}],
    }
    answer = orjson.dumps({"cards": [{"indicator": mark, "extension": {TWIN: twin}}]})
    file = recorder(tmp_path).record(RecordedCall("other", None, call.as_of, call.body, answer))
    assert file is not None
    (order,) = read_recording(file).answer["orders"]
    assert "kafor" not in str(order)
    assert "6015551234" not in str(order)
    assert order["path"] == "initial"
    assert order["awaits"] == ["attestation", None]
    assert order["criteria"] == {"ad.initial.age": ["met", None]}
    assert order["open"] == {"any": [{"all": [None, "ad.initial.age"]}]}


def with_names_marked(value: Any, mark: str) -> Any:
    """The same with a mark behind every name and text."""
    if isinstance(value, list):
        return [with_names_marked(one, mark) for one in value]
    if not isinstance(value, dict):
        return value
    marked = {"display", "text", "name", "disposition", "valueString"}
    return {
        key: one + mark if key in marked and isinstance(one, str) else with_names_marked(one, mark)
        for key, one in value.items()
    }


@pytest.mark.parametrize("mark", [" MARKER", "MARKER", " (MARKER7 5551234)"])
@pytest.mark.parametrize("name", ["initial-fully-met", "order-text-only", "renewal-worse"])
def test_what_is_read_with_a_mark_behind_it_is_read_without(
    tmp_path: Path, name: str, mark: str
) -> None:
    file = recorder(tmp_path).record(call_of(with_names_marked(fixture(name), mark)))
    assert file is not None
    assert b"MARKER" not in file.read_bytes()
    assert b"5551234" not in file.read_bytes()


def test_folder_that_cannot_be_written_is_said_and_is_no_bug(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made = recorder(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    made.take(call_of(fixture("p001-claims")))
    made.wait()
    assert made.left_out == {f"{UNWRITTEN} (No such file or directory)": 1}
    assert "bug" not in caplog.text


def test_a_mistake_of_ours_is_logged_without_what_was_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> dict[str, Any]:
        raise ValueError("Amara Okafor")

    made = Recorder(tmp_path, library(), b"secret", fails)
    made.take(call_of(fixture("p001-claims")))
    made.wait()
    assert made.left_out == {UNREAD: 1}
    assert "bug: ValueError at" in caplog.text
    assert "kafor" not in caplog.text


def with_days_marked(value: Any) -> Any:
    """The same with a fraction behind every second, which no rule reads."""
    if isinstance(value, list):
        return [with_days_marked(one) for one in value]
    if isinstance(value, dict):
        return {name: with_days_marked(one) for name, one in value.items()}
    if isinstance(value, str) and value[:2] in ("19", "20") and len(value) == len("2026-11-21"):
        return f"{value}T10:00:00.7654321Z" if "-" in value else value
    return value


@pytest.mark.parametrize("name", ["initial-fully-met", "renewal-worse", "asthma-fully-met"])
def test_no_day_is_left_and_every_span_to_the_day_of_judging_is_kept(
    tmp_path: Path, name: str
) -> None:
    body = fixture(name)
    body = with_days_marked(body)
    body["prefetch"]["patient"] = fixture(name)["prefetch"]["patient"]
    call = call_of(body)
    file = recorder(tmp_path).record(call)
    assert file is not None
    assert b"7654321" not in file.read_bytes()
    kept = read_recording(file)
    before = Counter(call.as_of.day - day for text in days_in(body) if (day := exact_day(text)))
    after = Counter(kept.as_of - day for text in days_in(kept.request) if (day := exact_day(text)))
    assert after
    assert not after - before
    assert {*days_in(body)}.isdisjoint(days_in(kept.request))
