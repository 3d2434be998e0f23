"""The application: its parts, and the day that requests are judged by."""

import sqlite3
from datetime import date, datetime
from pathlib import Path

import pytest
from support.cases.run import library
from support.fakes import settings
from support.visits import body_of

from service.app import clock, create_app
from service.cds.request import AsOf
from service.errors import DatabaseShapeError, DocumentsError, SettingsError
from service.settings import read_settings
from service.store import Store

DAY = date(2026, 11, 20)


def test_day_of_the_settings_is_the_same_for_each_request() -> None:
    assert clock(DAY)() == AsOf("day", DAY)


@pytest.mark.parametrize(("as_of", "kind"), [("today", "day"), ("order", "order")])
def test_day_of_today_is_taken_at_each_request_with_its_time(as_of: str, kind: str) -> None:
    told = clock("order" if as_of == "order" else "today")
    first, second = told(), told()
    assert first.kind == kind
    assert first.now is not None
    assert second.now is not None
    assert first.now.tzinfo is not None
    assert first.day == first.now.date()
    assert first.now <= second.now <= datetime.now().astimezone()


def test_parts_that_are_handed_in_are_used(tmp_path: Path) -> None:
    store = Store.open(settings(tmp_path).database_url)
    app = create_app(settings(tmp_path), library=library(), store=store)
    runtime = app.extensions["runtime"]
    assert runtime.library is library()
    assert runtime.store is store
    assert runtime.as_of() == AsOf("day", DAY)
    assert not (tmp_path / "mappings").exists()


def test_documents_of_the_settings_are_loaded_and_unsound_ones_stop_the_start(
    tmp_path: Path,
) -> None:
    for name in ("mappings", "cards"):
        (tmp_path / name).mkdir()
    with pytest.raises(DocumentsError):
        create_app(settings(tmp_path))


def test_database_that_is_none_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="CDS_DATABASE_URL"):
        create_app(settings(tmp_path, database_url="nonsense"), library=library())


def test_database_of_a_newer_version_stops_the_start(tmp_path: Path) -> None:
    given = settings(tmp_path)
    Store.open(given.database_url).close()
    with sqlite3.connect(tmp_path / "var/cds.db") as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    connection.close()
    with pytest.raises(DatabaseShapeError, match=r"CDS_DATABASE_URL: .* newer version"):
        create_app(given, library=library())


def test_every_part_of_the_edge_answers() -> None:
    app = create_app(read_settings({"CDS_DATABASE_URL": "sqlite://"}), library=library())
    http = app.test_client()
    for path in ("/cds-services", "/health", "/ready", "/", "/therapies/tralokinumab"):
        answer = http.get(path)
        assert answer.status_code == 200
        assert answer.headers["X-Request-Id"]
    doubled = http.post(
        "/",
        json=body_of({}),
        environ_overrides={"PATH_INFO": "//cds-services//dupilumab-order-sign/"},
    )
    assert doubled.status_code == 200
    unknown = http.get("/unheard")
    assert unknown.status_code == 404
    assert unknown.get_json()["resourceType"] == "OperationOutcome"
