"""gunicorn with threads: its options, and what is done before and after the fork."""

import gc
from socket import SO_RCVTIMEO, SO_SNDTIMEO, SOL_SOCKET
from struct import pack
from typing import Any

from gunicorn.app.base import BaseApplication

from service.memo import forget
from service.web.body import SECONDS

THREADS = 24


class Server(BaseApplication):
    """gunicorn without a configuration file."""

    def __init__(self, app: Any, options: dict[str, object]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Sets the options this gunicorn knows; a newer one may know more."""
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, loaded before the fork."""
        return self._app


def server_options(bind: str, workers: int) -> dict[str, object]:
    """The options of gunicorn; the benchmark's baseline application runs with the same."""
    return {
        "bind": bind,
        "workers": workers,
        "worker_class": "service.server.worker.Worker",
        "threads": THREADS,
        "preload_app": True,
        "keepalive": 75,
        "timeout": 60,
        "graceful_timeout": 20,
        "limit_request_line": 8190,
        # an overlong token gets its 401 from the authenticator
        "limit_request_field_size": 128 * 1024,
        "accesslog": None,
        "control_socket_disable": True,
        "when_ready": _limit_patience,
        "worker_exit": _close_store,
    }


def freeze_memory() -> None:
    """Drops what only reading the documents needed, and sets aside what lives as long as the process."""
    forget()
    # speed: a request with 10,000 resources takes half the time without a dozen sweeps
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 50)


def _limit_patience(server: Any) -> None:
    """A caller that stalls must not hold a thread for ever; connections inherit this of their listener.

    Left to the kernel: a timeout of Python's own costs a call more for each read and write.
    """
    wait = pack("ll", int(SECONDS), 0)
    for listener in server.LISTENERS:
        for option in (SO_RCVTIMEO, SO_SNDTIMEO):
            listener.sock.setsockopt(SOL_SOCKET, option, wait)


def _close_store(_server: object, worker: Any) -> None:
    runtime = worker.wsgi.extensions.get("runtime")
    if runtime is not None:
        runtime.store.close()
