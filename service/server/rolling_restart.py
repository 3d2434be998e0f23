"""gunicorn's arbiter, which takes up new documents worker by worker: no request fails meanwhile.

At SIGHUP new documents are checked and compiled in a process of its own. If they are sound, a worker with
them is started, and once it serves an old one accepts no more and answers what it has begun; then the next.
If not, nothing changes.
"""

import logging
import signal
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from gunicorn.arbiter import Arbiter

from service.errors import CdsError
from service.server.document_check import CheckResult, ContentCheck
from service.watch.bug_log import log_bug

log = logging.getLogger("service.content")
# by it a worker is told that another takes its place; gunicorn gives it no meaning for workers
LEAVE = signal.SIGUSR2


class DocumentSource(Protocol):
    """Where the documents come from, and what is made of them."""

    def checked(self) -> CheckResult:
        """Reads, checks and compiles the documents as they are now; called in a process of its own."""

    def renewed(self, key: str) -> Any:
        """The application with the documents of this key; None if they are those that serve.

        Raises CdsError if the documents are no longer those of the key.
        """

    def refuse(self, reasons: Sequence[str]) -> None:
        """Notes that the documents are refused, and logs why."""

    def accept(self) -> None:
        """Notes that the documents that serve are the newest."""


class RollingArbiter(Arbiter):
    """Starts and ends the workers; those with old documents are replaced one after the other."""

    def __init__(self, app: Any, renewal: DocumentSource) -> None:
        self._renew: Callable[[Any], None] = app.renew
        self._renewal = renewal
        self._check: ContentCheck | None = None
        self._asked_again = False
        self._old: set[int] = set()  # workers with documents of before
        self._leaving: set[int] = set()  # those of them that accept no more
        self._started: tuple[int, float] | None = None  # a new worker, and when it was started
        super().__init__(app)

    def reload(self) -> None:
        """At SIGHUP: has the documents checked; while that goes on, another signal checks them again."""
        if self._check is not None:
            self._asked_again = True
            return
        log.info("the documents are read anew")
        listeners = [listener.fileno() for listener in self.LISTENERS]
        signals = (*self.SIGNALS, signal.SIGCHLD)
        self._check = ContentCheck(self._renewal.checked, signals, listeners)

    def manage_workers(self) -> None:
        """Each second and at each signal: goes on with a change, and starts missing workers."""
        self._look_at_check()
        if self._old:
            self._replace()
        else:
            super().manage_workers()

    def stop(self, graceful: bool = True) -> None:  # noqa: FBT001, FBT002 - gunicorn's signature
        """Ends all workers, and a check."""
        if self._check is not None:
            self._check.end()
        super().stop(graceful)

    def _look_at_check(self) -> None:
        if self._check is None:
            return
        result = self._check.result()
        if result is None:
            return
        self._check = None
        self._take_up(result)
        if self._asked_again:
            self._asked_again = False
            self.reload()

    def _take_up(self, result: CheckResult) -> None:
        """Has the next workers serve the documents, if they are sound."""
        if result.reasons:
            self._renewal.refuse(result.reasons)
            return
        try:
            app = self._renewal.renewed(result.key)
        except CdsError as error:
            self._renewal.refuse(str(error).splitlines())
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, the workers serve on
            log_bug(error, "new documents")
            self._renewal.refuse([f"the service failed to take them up ({type(error).__name__})"])
            return
        self._renewal.accept()
        if app is None:
            log.info("the documents are those that serve already")
            return
        self._renew(app)
        self._old = {*self.WORKERS}
        self._started = None

    def _replace(self) -> None:
        """One step of the change: a worker is started, or has started and an old one leaves."""
        self._old &= self.WORKERS.keys()
        self._leaving &= self._old
        new = self.WORKERS.keys() - self._old
        if self._started is not None:
            pid, since = self._started
            if pid in new and self.WORKERS[pid].tmp.last_update() == since:
                return
            self._started = None
        staying = sorted(self._old - self._leaving, key=lambda pid: self.WORKERS[pid].age)
        # one old worker leaves for each new one, all that are left once there are enough new ones
        surplus = len(new) + len(staying) - self.num_workers
        enough = len(new) >= self.num_workers
        for pid in staying if enough else staying[: max(surplus, 0)]:
            self.kill_worker(pid, LEAVE)
            self._leaving.add(pid)
        if not enough:
            pid = self.spawn_worker()
            self._started = pid, self.WORKERS[pid].tmp.last_update()
        elif not self._old:
            log.info("all workers serve the new documents")
            super().manage_workers()
