"""A session is seen by the browser that has its secret, and by no other."""

from datetime import date
from pathlib import Path
from typing import Any

from service.cds.request import AsOf
from service.web.kept_requests import KeptRequest
from service.web.launch.sessions import AnsweringSessions, Author, Ehr
from service.web.memory_files import MemoryFiles

REQUEST = KeptRequest("service", "local", AsOf("day", date(2026, 11, 21)), {"hook": "order-sign"})
AUTHOR = Author("Practitioner/1", "Dr. One", verified=True)
NOT_KEPT: Any = ()


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
    assert sessions.save(changed)
    assert sessions.read(session.id, secret) == changed


def test_ended_session_is_gone(tmp_path: Path) -> None:
    sessions = AnsweringSessions(MemoryFiles(tmp_path / "s"))
    session, secret = sessions.begin(REQUEST, patient_id="p1", author=Author()) or NOT_KEPT
    sessions.end(session)
    assert sessions.read(session.id, secret) is None
    assert [*(tmp_path / "s").iterdir()] == []


def test_without_memory_there_is_no_session() -> None:
    assert AnsweringSessions(MemoryFiles()).begin(REQUEST, patient_id="p1", author=AUTHOR) is None
