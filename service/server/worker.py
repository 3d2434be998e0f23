"""gunicorn's worker that serves with uvicorn: an event loop reads and writes, threads only compute."""

import os
import resource
import signal
import sys
from functools import partial
from typing import Any

from gunicorn.workers.base import Worker as BaseWorker
from uvicorn.config import Config
from uvicorn.server import Server

from service.server.connection import IDLE_SECONDS, Connection
from service.server.open_connections import OpenConnections
from service.server.rolling_restart import LEAVE
from service.server.second_process import SWITCH, LargeRequests, start_second_process
from service.server.whole_requests import WholeRequests
from service.watch.bug_log import log_bug
from service.web.runtime import Runtime

# Of the threads so many stay free for small calls: one third.
LARGE_SHARE = 2 / 3

# A process opens so many files at once if it may: many connections may come before one is cut off.
FILES = 4096


class Worker(BaseWorker):
    """One process of the service: its event loop, its threads, and its second process."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._server: Server | None = None
        self._large: LargeRequests | None = None
        self._connections = OpenConnections()

    def init_signals(self) -> None:
        """Adds the signal by which this worker learns that another takes its place."""
        super().init_signals()
        signal.signal(LEAVE, self._leave)

    def load_wsgi(self) -> None:
        """Takes the application and starts the second process, before there are threads: a fork has none."""
        super().load_wsgi()
        app: Any = self.wsgi
        runtime: Runtime | None = app.extensions.get("runtime")
        if runtime is not None:  # the benchmark's baseline application has no runtime
            runtime.watch_fetching()  # the second process fetches too
            calls = int(self.cfg.threads * LARGE_SHARE)
            self._large = runtime.second = start_second_process(
                runtime, calls, self._close_listeners, self._stop
            )
            _watch(runtime)
        sys.setswitchinterval(SWITCH)
        _allow_files()

    def run(self) -> None:
        """Serves until gunicorn ends this worker; then accepts no more, and answers what was begun."""
        app: Any = self.wsgi
        config = Config(
            WholeRequests(app, self.cfg.threads),
            http=partial(Connection, self._connections),  # type: ignore[arg-type]  # uvicorn calls it as a class
            loop="asyncio",
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level="error",
            access_log=False,
            proxy_headers=False,  # a caller is where its connection comes from
            server_header=False,
            timeout_keep_alive=IDLE_SECONDS,
            # gunicorn kills a worker that takes longer
            timeout_graceful_shutdown=int(self.cfg.graceful_timeout * 0.75),
            timeout_notify=0,
            callback_notify=self._look_around,
        )
        self._server = Server(config)
        listeners: Any = self.sockets  # gunicorn's own, around sockets
        self._server.run([listener.sock for listener in listeners])

    async def _look_around(self) -> None:
        """Each second: tells gunicorn that this worker lives; stops if it or the second process is gone."""
        self.notify()
        if self.ppid != os.getppid():
            self._stop()
        elif self._large is not None and self._large.has_ended():
            self.log.error("the process for large requests has ended; the worker starts again")
            self._stop()

    def _leave(self, *_: object) -> None:
        """Accepts no more, and lets each connection end after its next answer."""
        self._connections.leaves = True
        self._stop()

    def _stop(self) -> None:
        """Ends this worker once its calls are answered; gunicorn starts another."""
        if self._server is not None:
            self._server.should_exit = True

    def _close_listeners(self) -> None:
        for listener in self.sockets:
            listener.close()


def _watch(runtime: Runtime) -> None:
    """Begins to report; a worker without metrics or traces still answers, so a failure is only logged."""
    try:
        runtime.watch()
    except Exception as error:  # noqa: BLE001 - whatever it is, gunicorn would end the whole server
        log_bug(error, "start of metrics and traces")


def _allow_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
