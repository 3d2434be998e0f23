"""The second process as its worker sees it: what is asked, what comes back, and that it may end."""

import os
import subprocess
import sys
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import pytest

from service.errors import RequestError
from service.server.second_process import LargeRequests, SecondProcessError
from service.web.runtime import Computed, ServiceCall

CALL = ServiceCall("sign", "local", b"x" * 100_000)
COMPUTED = Computed("order-sign", b'{"cards":[]}', [{"id": "1"}])


def asked(answer: Any) -> tuple[Computed, Any]:
    """What a worker gets for one call if the other answers so, and what the other was asked."""
    ours, theirs = Pipe()
    with ours, theirs:
        theirs.send(answer)  # waits in the connection until it is read
        small = ServiceCall(CALL.service_id, CALL.client_id, b"{}")
        computed = LargeRequests([ours], lambda: None, pid=0).computed(small)
        return computed, (theirs.recv(), theirs.recv_bytes())


def test_other_is_asked_with_the_body_and_its_answer_comes_back() -> None:
    assert asked(COMPUTED) == (COMPUTED, (("sign", "local", True, ""), b"{}"))


def test_picture_is_drawn_by_the_other() -> None:
    ours, theirs = Pipe()
    with ours, theirs:
        theirs.send("<svg/>")
        drawn = LargeRequests([ours], lambda: None, pid=0).drawn(b'{"mark": "bar"}')
        assert (drawn, theirs.recv(), theirs.recv_bytes()) == ("<svg/>", None, b'{"mark": "bar"}')


def test_started_process_draws_and_goes_on_after_what_it_cannot_draw() -> None:
    """In a process of its own: one that has drawn before, as that of the tests may have, must not fork."""
    script = Path(__file__).with_name("draw_in_second_process.py")
    done = subprocess.run(  # noqa: S603
        [sys.executable, script], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout) == (0, "drawn, refused, drawn\n"), done.stderr


def test_refusal_comes_back_as_it_was_raised() -> None:
    with pytest.raises(RequestError, match="too large") as refused:
        asked((413, "too-costly", "too large", {"Retry-After": "1"}))
    error = refused.value
    assert (error.status, error.code, error.headers) == (413, "too-costly", {"Retry-After": "1"})


def test_failure_is_an_error_of_ours() -> None:
    with pytest.raises(SecondProcessError):
        asked(None)


def test_process_that_is_gone_is_a_503_and_is_reported_each_time() -> None:
    ours, theirs = Pipe()
    theirs.close()
    reported: list[bool] = []
    requests = LargeRequests([ours], lambda: reported.append(True), pid=0)
    with ours:
        for _ in range(2):
            with pytest.raises(RequestError, match="has ended") as refused:
                requests.computed(CALL)
            assert (refused.value.status, refused.value.code) == (503, "transient")
    assert reported == [True, True]


def test_call_beyond_those_that_are_taken_at_once_is_a_503_and_waits_for_nobody() -> None:
    with pytest.raises(RequestError, match="too many large requests") as refused:
        LargeRequests([], lambda: None, pid=0).computed(CALL)
    assert (refused.value.status, refused.value.headers) == (503, {"Retry-After": "2"})


def test_process_that_has_ended_is_noticed_without_a_call() -> None:
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(theirs)
        os.read(ours, 1)
        os._exit(0)
    requests = LargeRequests([], lambda: None, pid)
    os.close(ours)
    runs = not requests.has_ended()
    os.close(theirs)
    while not requests.has_ended():
        pass
    assert runs
