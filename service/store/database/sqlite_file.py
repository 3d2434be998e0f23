"""The file of a SQLite database: notices when it was moved, replaced or deleted under the service.

SQLite itself goes on writing into the file that it has opened, wherever that is now, or into a file that
has no name any more.
"""

from pathlib import Path
from threading import Lock
from urllib.parse import quote, unquote, urlsplit

from sqlalchemy.engine import URL

from service.errors import StoreError

# device and number of a file, which stay the same when it gets another name
_Identity = tuple[int, int]


class SqliteFile:
    """The file at a path; once remembered, it must stay the same file.

    While a connection is open, the same holds of the two files that SQLite has beside it: the write-ahead
    log, which holds the last rows until they are copied into the file, and its index.
    """

    def __init__(self, url: URL) -> None:
        self.path = _path(url)
        self._named_by_operator = (url.database or "").startswith("file:")
        self._same: _Identity | None = None
        self._lock = Lock()
        self._connections = 0
        self._same_log: list[_Identity | None] | None = None
        self._is_damaged = False

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

    def opened(self) -> None:
        """A connection was opened."""
        with self._lock:
            self._connections += 1

    def closed(self) -> None:
        """A connection was closed; the last one takes the write-ahead log with it."""
        with self._lock:
            self._connections -= 1
            if not self._connections:
                self._same_log = None

    def found_damaged(self) -> None:
        """SQLite found damage, as where a copy was written over the file: nothing in it is sure any more.

        It stays so until the service is started again, since other rows can often be written and read.
        """
        self._is_damaged = True

    def check(self) -> None:
        """Raises StoreError unless the path leads to the file that was remembered, and to its log."""
        if self._is_damaged:
            raise StoreError(
                "the database file is damaged; stop the service, put a sound copy in its place, and start"
                " it again"
            )
        if self._same is None:
            return
        if self._found() != self._same:
            raise StoreError(
                "the database file was replaced by another one; put the first one back, or restart"
                " the service to use the other"
            )
        with self._lock:
            if self._connections:
                self._check_log()

    @property
    def name_to_open(self) -> str | None:
        """A name by which SQLite opens the file but never makes one; None where that of the URL will do."""
        if self._same is None or self._named_by_operator:
            return None
        return f"file:{quote(str(self.path))}?mode=rw"

    def _found(self) -> _Identity:
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

    def _check_log(self) -> None:
        found = [_identity(self.path.with_name(self.path.name + end)) for end in ("-wal", "-shm")]
        if self._same_log is None:
            # a first connection may not have made both yet
            self._same_log = None if None in found else found
        elif found != self._same_log:
            raise StoreError(
                "a file beside the database, of its write-ahead log (-wal, -shm), was moved, replaced or"
                " deleted; put it back, or restart the service"
            )


def _identity(path: Path) -> _Identity | None:
    try:
        found = path.stat()
    except OSError:
        return None
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
