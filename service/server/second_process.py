"""A second process of each worker: it computes large requests and draws, so that small ones need not wait.

Within one process Python runs one thread at a time, and reading 16 MB of JSON cannot be interrupted.
Between two processes the operating system shares the CPU out, and the second one has less priority.
"""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from threading import Event, Thread

from service.advise.shadow_comparison import ComparedTruth
from service.errors import RequestError
from service.pages.story.timeline_chart import vega_svg
from service.watch.bug_log import log_bug
from service.watch.request_ids import CURRENT
from service.web.computing import compute, judged_twice
from service.web.runtime import Computed, Runtime, ServiceCall
from service.web.shadow import ShadowCall

# How much the second process gives way to others: 0 is as much as they get, 19 what nobody else wants.
NICENESS = 10
# A thread that computes lets another one run after so many seconds; a small call waits several times.
SWITCH = 0.0005
_SIGNALS_OF_A_WORKER = (
    signal.SIGINT,
    signal.SIGTERM,
    signal.SIGQUIT,
    signal.SIGHUP,
    signal.SIGUSR2,
)
_Refusal = tuple[int, str, str, dict[str, str]]
_Answer = Computed | list[ComparedTruth] | str | _Refusal | None
# Service, client, whether it may fetch, and id, of a call; a call to be judged in shadow, without its
# body; None stands for a picture to draw.
_Asked = tuple[str, str, bool, str] | ShadowCall


class SecondProcessError(Exception):
    """The second process failed; it has logged where."""


class LargeRequests:
    """The second process as its worker sees it: a connection for each call or picture at once."""

    def __init__(self, ends: Sequence[Connection], ended: Callable[[], None], pid: int) -> None:
        self._free: SimpleQueue[Connection] = SimpleQueue()
        self._ended = ended
        self._pid = pid
        for end in ends:
            self._free.put(end)

    def computed(self, call: ServiceCall) -> Computed:
        """The answer to a call; raises RequestError as this process would."""
        answer = self._ask(
            (call.service_id, call.client_id, call.may_fetch, call.request_id), call.body
        )
        if not isinstance(answer, Computed):
            raise SecondProcessError
        return answer

    def compared(self, call: ShadowCall) -> list[ComparedTruth]:
        """What a candidate judges otherwise than the documents that serve."""
        answer = self._ask(call._replace(body=b""), call.body)
        if not isinstance(answer, list):
            raise SecondProcessError
        return answer

    def drawn(self, spec: bytes) -> str:
        """The SVG of a specification of Vega-Lite."""
        answer = self._ask(None, spec)
        if not isinstance(answer, str):
            raise SecondProcessError
        return answer

    def _ask(self, asked: _Asked | None, content: bytes) -> object:
        """What the other process makes of the content; raises RequestError if it refuses it.

        503 if the other process is gone or has as many calls as it takes: threads of the worker stay
        free for small calls.
        """
        try:
            end = self._free.get_nowait()
        except Empty as error:
            message = "too many large requests at once; try again"
            raise RequestError(503, "transient", message, {"Retry-After": "2"}) from error
        try:
            end.send(asked)
            end.send_bytes(content)
            answer: _Answer = end.recv()
        except (EOFError, OSError) as error:
            self._ended()
            message = "the process for large requests has ended; try again"
            raise RequestError(503, "transient", message, {"Retry-After": "5"}) from error
        finally:
            self._free.put(end)
        match answer:
            case (int(status), str(code), str(diagnostics), dict(headers)):
                raise RequestError(status, code, diagnostics, headers)
        return answer

    def has_ended(self) -> bool:
        """Whether the process is gone; looked at from time to time, as no call may notice it."""
        try:
            pid, _ = os.waitpid(self._pid, os.WNOHANG)
        except ChildProcessError:
            return True
        return pid == self._pid


def start_second_process(
    runtime: Runtime, calls: int, close_inherited: Callable[[], None], ended: Callable[[], None]
) -> LargeRequests:
    """Forks the process of a worker that has no other threads yet; it takes so many calls at once.

    `close_inherited` closes what the new process must not keep open; `ended` is called once it is gone.
    """
    pairs = [Pipe() for _ in range(calls)]
    ours, theirs = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    pid = os.fork()
    if pid == 0:
        try:
            close_inherited()
            # held open here too, they would never say that the worker is gone
            _close(ours)
            _serve(runtime, theirs)
        finally:
            os._exit(0)
    _close(theirs)
    return LargeRequests(ours, ended, pid)


def _close(ends: Sequence[Connection]) -> None:
    for end in ends:
        end.close()


def _serve(runtime: Runtime, ends: Sequence[Connection]) -> None:
    """Computes what comes on each connection, until the worker is gone."""
    for one in _SIGNALS_OF_A_WORKER:
        signal.signal(one, signal.SIG_IGN)
    os.nice(NICENESS)
    sys.setswitchinterval(SWITCH)
    worker_is_gone = Event()
    for end in ends:
        Thread(target=_answer_all, args=(runtime, end, worker_is_gone)).start()
    worker_is_gone.wait()


def _answer_all(runtime: Runtime, end: Connection, worker_is_gone: Event) -> None:
    """Computes one call after the other; the first connection that has ended ends the process."""
    try:
        with end, suppress(EOFError, OSError):
            while True:
                asked, content = end.recv(), end.recv_bytes()
                answer = _answer(runtime, asked, content)
                if not isinstance(answer, Computed):
                    end.send(answer)
                    continue
                end.send(replace(answer, held=[]))
                answer.held.clear()
    finally:
        worker_is_gone.set()


def _answer(runtime: Runtime, asked: _Asked | None, content: bytes) -> _Answer:
    try:
        return _computed(runtime, asked, content)
    except RequestError as error:
        return error.status, error.code, error.diagnostics, error.headers
    except RecursionError:
        return 400, "structure", "the body is nested too deeply", {}
    except Exception as error:  # noqa: BLE001 - a mistake of ours must not end the process
        log_bug(error, "large request")
        return None


def _computed(runtime: Runtime, asked: _Asked | None, content: bytes) -> _Answer:
    """What is asked for; None for a call in shadow where nothing judges in shadow."""
    if asked is None:
        return vega_svg(content)
    if isinstance(asked, ShadowCall):
        if runtime.shadow is None:
            return None
        call = asked._replace(body=content)
        return judged_twice(runtime, runtime.shadow.candidate, call)
    service_id, client_id, may_fetch, request_id = asked
    CURRENT.set(request_id)
    to_answer = ServiceCall(service_id, client_id, content, may_fetch, request_id)
    return compute(runtime, to_answer, runtime.cpu_seconds)
