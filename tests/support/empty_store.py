"""An empty store in a file; its tables are made once in a process, as that takes longer than most tests."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from support.fakes import settings

from service.store import Store

FILE = "var/cds.db"


@cache
def _made() -> bytes:
    with TemporaryDirectory() as folder:
        Store.open(settings(Path(folder)).database_url).close()
        return (Path(folder) / FILE).read_bytes()


def empty_store(folder: Path) -> Store:
    """The store of `settings(folder)`."""
    file = folder / FILE
    file.parent.mkdir()
    file.write_bytes(_made())
    return Store.open(settings(folder).database_url)
