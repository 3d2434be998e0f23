"""Copies a SQLite database while the service runs."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from service.errors import SettingsError, StoreError
from service.store.database.connections import is_sqlite, read_url
from service.store.tables import kept_requests


def back_up(url: str, copy: Path) -> None:
    """Copies a SQLite database, as of one moment, into a new file; raises SettingsError or StoreError.

    Requests that are kept for pages of orders are not in the copy, which would keep them for longer.
    """
    parsed = read_url(url)
    if not is_sqlite(parsed):
        raise SettingsError(
            "CDS_DATABASE_URL: only SQLite is copied here; for PostgreSQL use pg_dump"
        )
    source = existing_file(url)
    if copy.exists():
        raise SettingsError(f"{copy}: there is a file of this name already")
    unfinished = copy.with_name(f"{copy.name}.part")
    try:
        unfinished.unlink(missing_ok=True)
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with (
            closing(sqlite3.connect(f"file:{source.as_posix()}?mode=ro", uri=True)) as ours,
            closing(sqlite3.connect(unfinished)) as theirs,
        ):
            ours.backup(theirs)
            _leave_out_requests(theirs)
            if theirs.execute("pragma integrity_check").fetchone() != ("ok",):
                raise StoreError("the copy is damaged; nothing was kept")
        _sync(unfinished)
        unfinished.rename(copy)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"the database was not copied: {error}") from None
    finally:
        unfinished.unlink(missing_ok=True)


def _leave_out_requests(copy: sqlite3.Connection) -> None:
    copy.execute("pragma secure_delete = on").close()
    asked = "select 1 from sqlite_master where type = 'table' and name = ?"
    if copy.execute(
        asked, (kept_requests.name,)
    ).fetchone():  # a database may be older than the table
        copy.execute(f"delete from {kept_requests.name}")  # noqa: S608 - our own name
        copy.commit()


def existing_file(url: str) -> Path:
    """The file of a SQLite database, which must be there; raises SettingsError."""
    file = Path(read_url(url).database or "").resolve()
    if not file.is_file():
        raise SettingsError(f"CDS_DATABASE_URL: there is no file {file}")
    return file


def _sync(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
