"""`serve`: starts gunicorn; the documents are loaded once, before its workers are forked."""

import logging
import os
from collections.abc import Sequence

import click
from flask import Flask

from service.app import create_app
from service.cli.exits import failing_plainly
from service.errors import RequestError, SettingsError
from service.library import Library
from service.server.document_reload import ContentRenewal
from service.server.gunicorn import Server, freeze_memory, server_options
from service.settings import Settings, read_settings
from service.store import lasts
from service.watch.log_lines import write_log
from service.watch.metric_files import MetricFiles
from service.watch.metrics import Metrics
from service.web.http.caller import LOCAL
from service.web.runtime import Runtime

log = logging.getLogger("service")
NAMED = 5  # versions named in one line of the log


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
        try:
            app = prepared(settings, files.share())
        except BaseException:
            files.remove()
            raise
        kept, memory = app.extensions["runtime"].kept, app.extensions["runtime"].launch_memory
        began: list[object] = []  # the server, once it listens
        options = server_options(f"{_host(settings)}:{settings.port}", settings.workers)
        options["when_ready"] = began.append
        renewal = ContentRenewal(app, renewed)
        server = Server(app, options, renewal)
        del app  # once its documents are replaced, nothing else may hold it
    process = os.getpid()
    try:
        server.run()
    finally:
        # the workers, which were forked, end here too
        if os.getpid() == process:
            if began:  # else another server has the port, and keeps its files under it
                kept.clear()
                memory.clear()
            files.remove()
            renewal.close()


def prepared(settings: Settings, metrics: Metrics | None = None) -> Flask:
    """The application with all that is done once, before the workers are forked."""
    app = create_app(settings, metrics=metrics)
    _prepare(settings, app)
    freeze_memory()
    return app


def renewed(settings: Settings, library: Library, before: Runtime) -> Flask:
    """The application with new documents, in a service that runs: store and kept requests stay."""
    app = create_app(settings, library=library, store=before.store, metrics=before.metrics)
    runtime = app.extensions["runtime"]
    runtime.kept, runtime.change = before.kept, before.change
    runtime.launch_memory = before.launch_memory
    _prepare(settings, app)
    return app


def _prepare(settings: Settings, app: Flask) -> None:
    _announce(settings, app)
    app.extensions["runtime"].authenticator.read_keys()
    app.extensions["runtime"].library.prepare()


def _host(settings: Settings) -> str:
    return f"[{settings.host}]" if ":" in settings.host else settings.host


def _first_of(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _announce(settings: Settings, app: Flask) -> None:
    log.info("serving %s", settings.public_url)
    if settings.as_of != "today":
        log.warning("CDS_AS_OF=%s: for replay and tests only", settings.as_of)
    unreviewed = app.extensions["runtime"].library.unreviewed()
    if unreviewed:
        log.warning(
            "two people have not reviewed %s; CDS_EVALUATION=off lets only active versions judge",
            _first_of(unreviewed),
        )
    try:
        app.extensions["runtime"].library.client(LOCAL)
    except RequestError:
        return
    log.warning("callers on this machine are served without a token, as client %r", LOCAL)
