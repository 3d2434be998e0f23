"""A session is seen by the browser that has its secret, and by no other."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any

from service.cds.request import AsOf
from service.web.kept_requests import KeptRequest
from service.web.launch.sessions import AnsweringSessions, Author, Ehr
from service.web.shared_memory import MemoryFiles

REQUEST = KeptRequest("service", "local", AsOf("day", date(2026, 11, 21)), {"hook": "order-sign"})
AUTHOR = Author("Practitioner/1", "Dr. One", verified=True)
NOT_KEPT: Any = ()
YES = {"form": "f", "yes": True, "details": []}


def test_session_is_read_with_its_secret_alone(tmp_path: Path) -> None:
    sessions = AnsweringSessions(MemoryFiles(tmp_path / "s"))
    made = sessions.begin(
        REQUEST, patient_id="p1", author=AUTHOR, ehr=Ehr("https://e", "t", "s", 1.0)
    )
    assert made is not None
    session, secret = made
    again = AnsweringSessions(MemoryFiles(tmp_path / "s")).read(session.id, secret)
    assert again == session
    assert sessions.request(session) == REQUEST
    assert sessions.read(session.id, secret + "x") is None
    assert sessions.read(session.request_id, secret) is None
    assert secret.encode() not in b"".join(one.read_bytes() for one in (tmp_path / "s").iterdir())
    assert "'t'" not in repr(session)


def test_changed_answers_are_no_statements_yet(tmp_path: Path) -> None:
    sessions = AnsweringSessions(MemoryFiles(tmp_path / "s"))
    session, secret = (
        sessions.begin(REQUEST, patient_id="p1", author=AUTHOR, made_until="x") or NOT_KEPT
    )
    assert session.with_answers({}).made_until == "x"
    changed = session.with_answers({"a": {"yes": True}})
    assert changed.made_until == ""
    assert (
        sessions.change(session.id, lambda now: now.with_answers({"a": {"yes": True}})) == changed
    )
    assert sessions.read(session.id, secret) == changed


def test_page_that_shows_an_answer_otherwise_is_told(tmp_path: Path) -> None:
    sessions = AnsweringSessions(MemoryFiles(tmp_path / "s"))
    session, _ = sessions.begin(REQUEST, patient_id="p1", author=AUTHOR) or NOT_KEPT
    first = session.with_answers({"a": YES})
    second = first.with_answers({"a": YES, "b": YES})
    assert (first.version, second.version) == (1, 2)
    assert second.changed_since(2, {}) == set()
    assert second.changed_since(1, {}) == {"b"}
    assert second.changed_since(0, {"a": YES, "b": YES}) == set()
    taken_back = second.with_answers({"b": YES})
    assert taken_back.changed_since(2, {"a": YES, "b": YES}) == {"a"}


def test_nothing_is_lost_of_what_two_windows_change_at_once(tmp_path: Path) -> None:
    # each with files of its own, as two processes have
    sessions = [AnsweringSessions(MemoryFiles(tmp_path / "s")) for _ in range(4)]
    session, secret = sessions[0].begin(REQUEST, patient_id="p1", author=AUTHOR) or NOT_KEPT
    ready = Barrier(len(sessions))

    def change(number: int) -> None:
        ready.wait()
        for turn in range(25):
            sessions[number].change(
                session.id,
                lambda now: now.with_answers({**now.answers, f"{number}.{turn}": YES}),  # noqa: B023
            )

    with ThreadPoolExecutor(len(sessions)) as threads:
        [*threads.map(change, range(len(sessions)))]
    after = sessions[0].read(session.id, secret)
    assert after is not None
    assert (len(after.answers), after.version) == (100, 100)


def test_session_that_is_over_is_not_changed(tmp_path: Path) -> None:
    sessions = AnsweringSessions(MemoryFiles(tmp_path / "s"))
    session, _ = sessions.begin(REQUEST, patient_id="p1", author=AUTHOR) or NOT_KEPT
    sessions.end(session)
    assert sessions.change(session.id, lambda now: now) is None
    assert sessions.change("../x", lambda now: now) is None


def test_ended_session_is_gone(tmp_path: Path) -> None:
    sessions = AnsweringSessions(MemoryFiles(tmp_path / "s"))
    session, secret = sessions.begin(REQUEST, patient_id="p1", author=Author()) or NOT_KEPT
    sessions.end(session)
    assert sessions.read(session.id, secret) is None
    assert [*(tmp_path / "s").iterdir()] == []


def test_without_memory_there_is_no_session() -> None:
    assert AnsweringSessions(MemoryFiles()).begin(REQUEST, patient_id="p1", author=AUTHOR) is None
