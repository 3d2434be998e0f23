"""The WSGI application: all parts are built and connected here."""

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import chain
from secrets import token_bytes
from time import time
from typing import Literal

from flask import Flask

from service.advise import advise as advise_order
from service.advise.fetch_missing import FetchPlans
from service.advise.shadow_comparison import ComparedTruth
from service.auth.authenticate import Authenticator
from service.auth.host_and_origin import OwnNames
from service.cds.request import AsOf, as_of_now
from service.cds.strict_json import parse_body
from service.errors import DocumentsError
from service.fhir.fetch import FhirClient
from service.library import Library
from service.library.stored_library import candidate_at_start, library_by
from service.recordings.recorder import Recorder, secret_of
from service.settings import Settings, read_settings
from service.store import ShadowCount, Store
from service.watch.metrics import Metrics
from service.web.computing import judged_in_shadow
from service.web.fhir_api import fhir_blueprint
from service.web.hooks import hooks_blueprint
from service.web.http.body import take_bodies
from service.web.http.caller import LOCAL, refuse_other_names
from service.web.http.cors import allow_origins
from service.web.http.error_answers import answer_errors
from service.web.http.page_policy import guard_pages
from service.web.http.request_log import trace_requests
from service.web.http.slashes import single_slashes
from service.web.kept_requests import MINUTES as KEPT_MINUTES
from service.web.kept_requests import KeepsRequests, KeptRequests, StoredRequests
from service.web.launch.launch_flow import SECONDS
from service.web.launch.launch_views import launch_blueprint
from service.web.launch.question_views import questions_blueprint
from service.web.launch.questions_without_login import unverified_blueprint
from service.web.launch.sessions import LARGEST, MINUTES
from service.web.reload_status import MOST_REASONS
from service.web.runtime import Advise, LaunchMemory, Runtime
from service.web.shadow import Shadow
from service.web.shared_memory import MemoryFiles, folder_in_memory
from service.web.site.assets import assets_blueprint
from service.web.site.demo import demo_blueprint
from service.web.site.docs_pages import documents_blueprint
from service.web.site.front_page import front_blueprint
from service.web.site.health_and_pages import (
    pages_blueprint,
    policies_blueprint,
    therapies_blueprint,
)
from service.web.site.metrics_page import metrics_blueprint
from service.web.site.openapi import openapi_blueprint
from service.web.site.order_page import orders_blueprint
from service.web.site.packet_page import packets_blueprint
from service.web.site.version_differences import differences_blueprint

log = logging.getLogger("service")


def create_app(
    settings: Settings | None = None,
    *,
    library: Library | None = None,
    advise: Advise | None = None,
    store: Store | None = None,
    metrics: Metrics | None = None,
    now: Callable[[], float] = time,
) -> Flask:
    """The WSGI application; a test may hand in its own library, advise function, store or clock.

    `metrics` are those that all processes of a server share; without them each process has its own.
    """
    settings = settings or read_settings()
    if library is None:
        library = library_by(settings, settings.cache)
    library = library.with_evaluation(settings.evaluation)
    store = store or Store.open(
        settings.database_url, settings.statement_days, keeps_requests=settings.pages == "store"
    )
    runtime = Runtime(
        library=library,
        advise=advise or advise_order,
        fetch_plans=FetchPlans(FhirClient(parse_body)),
        store=store,
        authenticator=Authenticator(
            library.trusts.values(), settings.public_url, store.note_token, now
        ),
        names=OwnNames(settings.public_url, library.hosts, library.origins.get(LOCAL, ())),
        as_of=clock(settings.as_of),
        cpu_seconds=settings.cpu_seconds,
        kept=_kept_requests(settings, store),
        public_url=settings.public_url,
        now=now,
        launch_memory=_launch_memory(library, settings, now),
        metrics=metrics or Metrics(),
        traces=settings.traces,
        records=_recorder(settings, library),
    )
    runtime.shadow = _shadow(runtime, settings)
    return _flask(runtime, settings)


def _recorder(settings: Settings, library: Library) -> Recorder | None:
    """What records calls, where `CDS_RECORD` names a folder."""
    if settings.record is None:
        return None
    return Recorder(settings.record, library, secret_of(dict(os.environ)))


def _kept_requests(settings: Settings, store: Store) -> KeepsRequests:
    """Where requests are kept for the pages of their orders."""
    if settings.pages == "store" and store.requests is not None:
        return StoredRequests(store.requests)
    return KeptRequests(folder_in_memory(settings.port) if settings.pages == "memory" else None)


def _launch_memory(library: Library, settings: Settings, now: Callable[[], float]) -> LaunchMemory:
    """What the pages of questions keep in memory, where somebody may open one."""
    is_needed = library.registrations or any(one.unverified for one in library.clients.values())
    if not is_needed or settings.pages == "off":
        return LaunchMemory()
    port, key = settings.port, token_bytes(32)  # one key for all workers: they are forked later
    waiting = MemoryFiles(folder_in_memory(port, "-launches"), now, SECONDS)
    opened = MemoryFiles(
        folder_in_memory(port, "-sessions"), now, MINUTES * 60, LARGEST * 8, LARGEST
    )
    newest = MemoryFiles(folder_in_memory(port, "-newest"), now, KEPT_MINUTES * 60)
    return LaunchMemory(waiting, opened, newest, key)


def _shadow(runtime: Runtime, settings: Settings) -> Shadow | None:
    """The candidate beside the documents that serve; one with mistakes is told and stops nothing."""
    try:
        candidate = candidate_at_start(runtime.library, settings)
    except DocumentsError as error:
        _refuse_candidate(runtime, [str(mistake) for mistake in error.mistakes])
        return None
    runtime.change.accept("candidateRefused")
    if candidate is None:
        return None
    log.info("%s judges in shadow", candidate.content)
    contents = runtime.library.content, candidate.content

    def keep(counts: Mapping[ComparedTruth, int]) -> None:
        runtime.store.add_shadow_counts(
            [ShadowCount(*contents, *one, number) for one, number in counts.items()]
        )

    return Shadow(candidate, partial(judged_in_shadow, runtime, candidate), keep)


def _refuse_candidate(runtime: Runtime, mistakes: Sequence[str]) -> None:
    runtime.change.refuse("candidateRefused", mistakes)
    for mistake in mistakes[:MOST_REASONS]:
        log.error("the candidate is refused: %s", mistake)


def clock(as_of: Literal["today", "order"] | date) -> Callable[[], AsOf]:
    """A function for the day to judge by, called for each request: a process lives longer than a day."""
    match as_of:
        case "today":
            return lambda: as_of_now("today")
        case "order":
            return lambda: as_of_now("order")
        case day:
            return lambda: AsOf("day", day)


def _flask(runtime: Runtime, settings: Settings) -> Flask:
    app = Flask("service", static_folder=None)
    app.url_map.strict_slashes = False
    app.extensions["runtime"] = runtime
    trace_requests(app, runtime)
    answer_errors(app)
    guard_pages(app, chain.from_iterable(runtime.library.origins.values()))
    allow_origins(app)
    take_bodies(app)
    refuse_other_names(app, runtime)
    app.register_blueprint(hooks_blueprint(runtime))
    app.register_blueprint(pages_blueprint(runtime))
    app.register_blueprint(metrics_blueprint(runtime, settings.metrics))
    app.register_blueprint(assets_blueprint())
    app.register_blueprint(front_blueprint(runtime, settings.content, demo=settings.demo))
    app.register_blueprint(documents_blueprint(settings.content))
    if settings.demo:
        app.register_blueprint(demo_blueprint(runtime, settings.content))
    app.register_blueprint(openapi_blueprint(runtime))
    app.register_blueprint(differences_blueprint(runtime))
    app.register_blueprint(orders_blueprint(runtime))
    app.register_blueprint(packets_blueprint(runtime))
    app.register_blueprint(launch_blueprint(runtime))
    app.register_blueprint(questions_blueprint(runtime))
    app.register_blueprint(unverified_blueprint(runtime))
    app.register_blueprint(policies_blueprint(runtime))
    app.register_blueprint(therapies_blueprint(runtime))
    app.register_blueprint(fhir_blueprint(runtime))
    app.wsgi_app = single_slashes(app.wsgi_app)  # type: ignore[method-assign, assignment]  # Flask's own way to wrap
    return app
