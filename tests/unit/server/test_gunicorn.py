"""gunicorn's options, and what is done before and after the fork."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import create_engine, text
from support.cases.run import library
from support.paths import ROOT

from service.app import create_app
from service.server.gunicorn import Server, server_options
from service.server.worker import Worker
from service.settings import read_settings
from service.store import Store

DECISION: dict[str, Any] = {"id": "a1", "order": "o", "outcome": "met", "awaits": [], "open": []}


def application(*_: object) -> list[bytes]:
    """A WSGI application that is never called."""
    return []


def configured(**more: object) -> Any:
    """Gunicorn's configuration."""
    return Server(application, {**server_options("127.0.0.1:8080", 3), **more}).cfg


def test_options_of_the_caller_and_of_the_house_are_set() -> None:
    cfg = configured()
    assert (cfg.address, cfg.workers, cfg.worker_class) == ([("127.0.0.1", 8080)], 3, Worker)
    assert cfg.preload_app


def test_option_that_this_gunicorn_does_not_know_is_passed_over() -> None:
    assert "of_a_newer_one" not in configured(of_a_newer_one=True).settings


def test_application_is_loaded_before_the_fork() -> None:
    assert Server(application, {}).load() is application


def test_decisions_of_a_worker_that_ends_are_written(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/cds.db"
    store = Store.open(url)
    app = create_app(read_settings({}), library=library(), store=store)
    store.keep_decisions([DECISION], "sign", "order-sign", 1.0)
    configured().worker_exit(None, SimpleNamespace(wsgi=app))
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.execute(text("select count(*) from decisions")).scalar_one() == 1
    engine.dispose()


def test_worker_without_our_application_ends_all_the_same() -> None:
    configured().worker_exit(None, SimpleNamespace(wsgi=SimpleNamespace(extensions={})))


SETTLED = """
import gc
from service.server.gunicorn import freeze_memory
before = gc.get_freeze_count()
freeze_memory()
print(gc.get_freeze_count() > before, gc.get_threshold()[0])
"""


def test_what_lives_as_long_as_the_process_is_set_aside_from_the_collector() -> None:
    # in a process of its own: what this one remembers is needed by other tests
    command = [sys.executable, "-c", SETTLED]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    assert done.stdout.split() == ["True", "200000"]
