"""gunicorn, which starts and ends the workers: its options, and what is done before and after the fork."""

import gc
import logging
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from service.memo import forget
from service.server.rolling_restart import DocumentSource, RollingArbiter

THREADS = 24


class Server(BaseApplication):
    """gunicorn without a configuration file; with a `renewal` it takes up new documents at SIGHUP."""

    def __init__(
        self, app: Any, options: dict[str, object], renewal: DocumentSource | None = None
    ) -> None:
        self._app = app
        self._options = options
        self._renewal = renewal
        super().__init__()

    def run(self) -> None:
        """Serves until it is told to end."""
        if self._renewal is None:
            super().run()
        else:
            RollingArbiter(self, self._renewal).run()

    def renew(self, app: Any) -> None:
        """The application of the workers that are started from now on."""
        self._app = self.callable = app
        freeze_memory()

    def load_config(self) -> None:
        """Sets the options this gunicorn knows; a newer one may know more."""
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, loaded before the fork."""
        return self._app


class GunicornLog(Logger):
    """gunicorn's lines in the log of the service, in its format."""

    def setup(self, cfg: Any) -> None:
        """Leaves its lines to the handlers of the service; the benchmark's server has none of them."""
        super().setup(cfg)
        if logging.getLogger().handlers:
            self.error_log.handlers.clear()
            self.error_log.propagate = True


def server_options(bind: str, workers: int) -> dict[str, object]:
    """The options of gunicorn; the benchmark's baseline application runs with the same."""
    return {
        "bind": bind,
        "workers": workers,
        "worker_class": "service.server.worker.Worker",
        "threads": THREADS,
        "preload_app": True,
        "timeout": 60,
        "graceful_timeout": 20,
        "accesslog": None,
        "logger_class": GunicornLog,
        "control_socket_disable": True,
        "worker_exit": _close,
    }


def freeze_memory() -> None:
    """Drops what only reading the documents needed, and sets aside what lives as long as the process."""
    forget()
    gc.unfreeze()  # what an earlier library held is freed
    # speed: a request with 10,000 resources takes half the time without a dozen sweeps
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 50)


def _close(_server: object, worker: Any) -> None:
    runtime = worker.wsgi.extensions.get("runtime")
    if runtime is not None:
        runtime.close()
