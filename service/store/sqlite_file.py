"""The file of a SQLite database: notices when it was moved, replaced or deleted under the service.

SQLite itself goes on writing into the file that it has opened, wherever that is now, or into a file that
has no name any more.
"""

from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from sqlalchemy.engine import URL

from service.errors import StoreError


class SqliteFile:
    """The file at a path; once remembered, it must stay the same file."""

    def __init__(self, url: URL) -> None:
        self.path = _path(url)
        self._same: tuple[int, int] | None = None

    def make_folder(self) -> None:
        """Makes the folder of a file that was never there; raises StoreError."""
        if self._same is not None:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"no folder for the database: {error.strerror}") from None

    def remember(self) -> None:
        """From now on the path must lead to the file that is there now; raises StoreError."""
        if self._same is None:
            self._same = self._found()

    def check(self) -> None:
        """Raises StoreError unless the path leads to the file that was remembered."""
        if self._same is not None and self._found() != self._same:
            raise StoreError(
                "the database file was replaced by another one; put the first one back, or restart"
                " the service to use the other"
            )

    @property
    def name_to_open(self) -> str | None:
        """A name by which SQLite opens the file but never makes one; None as long as it may."""
        return None if self._same is None else f"file:{quote(str(self.path))}?mode=rw"

    def _found(self) -> tuple[int, int]:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            raise StoreError(
                "the database file was moved or deleted; put it back, or restart the service to begin"
                " a new one"
            ) from None
        except OSError as error:
            raise StoreError(f"the database file is out of reach: {error.strerror}") from None
        if not found.st_size:
            raise StoreError("the database file was emptied")
        return found.st_dev, found.st_ino


def is_in_memory(url: URL) -> bool:
    """Whether a URL of SQLite names no file, so that all is gone when the process ends."""
    name = url.database or ""
    return not name or ":memory:" in name or url.query.get("mode") == "memory"


def _path(url: URL) -> Path:
    name = url.database or ""
    if is_in_memory(url):
        raise ValueError("a database in memory has no file")
    return Path(unquote(urlsplit(name).path) if name.startswith("file:") else name).absolute()
