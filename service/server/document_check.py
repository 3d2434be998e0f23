"""Checks new documents in a process of its own, so that the one that watches the workers goes on to."""

import os
import signal
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple

import orjson

from service.watch.bug_log import log_bug

# How much the check gives way to the processes that serve.
NICENESS = 5
DIED = "the check of the new documents ended without a result; the log of the system may say why"


class CheckResult(NamedTuple):
    """What a check found: the key of the documents, or why they are refused."""

    key: str = ""
    reasons: Sequence[str] = ()


class ContentCheck:
    """One check, from its fork to its result."""

    def __init__(
        self, check: Callable[[], CheckResult], signals: Iterable[int], inherited: Iterable[int]
    ) -> None:
        """Forks; the signals get their usual meaning there, and the inherited files are closed."""
        self._end, theirs = os.pipe()
        self._parts: list[bytes] = []
        self.pid = os.fork()
        if self.pid == 0:
            try:
                for one in signals:
                    signal.signal(one, signal.SIG_DFL)
                for file in (self._end, *inherited):
                    os.close(file)
                os.nice(NICENESS)
                key, reasons = check()
                with os.fdopen(theirs, "wb") as pipe:
                    pipe.write(orjson.dumps([key, [*reasons]]))
            except Exception as error:  # noqa: BLE001 - the process ends here, and says why
                log_bug(error, "check of documents")
            finally:
                os._exit(0)
        os.close(theirs)
        os.set_blocking(self._end, False)

    def result(self) -> CheckResult | None:
        """What it found; None while it goes on. Called again and again until there is a result."""
        while True:
            try:
                part = os.read(self._end, 65536)
            except BlockingIOError:
                return None
            if not part:
                os.close(self._end)
                return self._read()
            self._parts.append(part)

    def end(self) -> None:
        """Ends the check; it has no result then."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def _read(self) -> CheckResult:
        try:
            key, reasons = orjson.loads(b"".join(self._parts))
        except ValueError:
            return CheckResult(reasons=(DIED,))
        return CheckResult(key, reasons)
