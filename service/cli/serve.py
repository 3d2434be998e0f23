"""`serve`: starts gunicorn; the documents are loaded once, before its workers are forked."""

import logging
import os

import click
from flask import Flask

from service.app import create_app
from service.cli.exits import failing_plainly
from service.errors import RequestError, SettingsError
from service.server.gunicorn import Server, freeze_memory, server_options
from service.settings import Settings, read_settings
from service.store import lasts
from service.watch.log_lines import write_log
from service.watch.metric_files import MetricFiles
from service.watch.metrics import Metrics
from service.web.caller import LOCAL

log = logging.getLogger("service")


@click.command()
def serve() -> None:
    """Serve CDS Hooks at CDS_HOST:CDS_PORT."""
    with failing_plainly():
        settings = read_settings()
        write_log(settings.log)
        if not lasts(settings.database_url):
            raise SettingsError(
                "CDS_DATABASE_URL: a database in memory keeps nothing; name a file, as in"
                " sqlite:///var/cds.db"
            )
        files = MetricFiles.made()
        app = prepared(settings, files.share())
    process = os.getpid()
    try:
        Server(app, server_options(f"{_host(settings)}:{settings.port}", settings.workers)).run()
    finally:
        # the workers, which were forked, end here too
        if os.getpid() == process:
            app.extensions["runtime"].kept.clear()
            files.remove()


def prepared(settings: Settings, metrics: Metrics | None = None) -> Flask:
    """The application with all that is done once, before the workers are forked."""
    app = create_app(settings, metrics=metrics)
    _announce(settings, app)
    app.extensions["runtime"].authenticator.read_keys()
    app.extensions["runtime"].library.prepare()
    freeze_memory()
    return app


def _host(settings: Settings) -> str:
    return f"[{settings.host}]" if ":" in settings.host else settings.host


def _announce(settings: Settings, app: Flask) -> None:
    log.info("serving %s", settings.public_url)
    if settings.as_of != "today":
        log.warning("CDS_AS_OF=%s: for replay and tests only", settings.as_of)
    try:
        app.extensions["runtime"].library.client(LOCAL)
    except RequestError:
        return
    log.warning("callers on this machine are served without a token, as client %r", LOCAL)
