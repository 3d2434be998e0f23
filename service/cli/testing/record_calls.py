"""`record`: a proxy in front of any CDS service that keeps calls and answers without what names a patient."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from gunicorn.app.base import BaseApplication

from service.app import clock
from service.cli.exits import failing_plainly
from service.cli.terminal import say
from service.errors import SettingsError
from service.library.stored_library import library_by
from service.recordings.recorder import Recorder, secret_of
from service.recordings.recording_proxy import RecordingProxy
from service.settings import read_settings
from service.watch.log_lines import write_log

THREADS = 16


@click.command()
@click.option(
    "--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Recordings."
)
@click.option(
    "--url", required=True, metavar="URL", help="The CDS service that is called in truth."
)
@click.option(
    "--port", default=8081, type=click.IntRange(1, 65535), help="Where the proxy listens."
)
def record(out: Path, url: str, port: int) -> None:
    """Stand in front of the CDS service at URL and write each call to DIR, de-identified.

    Nothing that names a patient is written; what cannot be made safe is dropped and counted. To record
    calls of this service itself, start it with CDS_RECORD=DIR. With CDS_RECORD_SECRET the same patient
    has the same ids in every recording; without it a secret is drawn at each start.
    """
    with failing_plainly():
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError(f"--url: {url!r} is no address of a service")
        settings = read_settings()
        library = library_by(settings)
        recorder = Recorder(out, library, secret_of(dict(os.environ)))
        proxy = RecordingProxy(url, recorder, clock("today"))
    write_log(settings.log)  # it says which calls are left out
    say(f"recording calls of {url} to {out}; call http://{settings.host}:{port} instead")
    _Listening(proxy, f"{settings.host}:{port}").run()


class _Listening(BaseApplication):
    """The proxy in one process, with a thread for each call that waits for the service behind it."""

    def __init__(self, proxy: RecordingProxy, address: str) -> None:
        self._proxy, self._address = proxy, address
        super().__init__()

    def load_config(self) -> None:
        """Sets what is not gunicorn's default."""
        chosen = {
            "bind": self._address,
            "workers": 1,
            "worker_class": "gthread",
            "threads": THREADS,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The WSGI application."""
        return self._proxy
