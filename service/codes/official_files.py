"""Reads rows of official text files; raises DocumentsError with the line if the layout differs."""

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path

from service.errors import DocumentsError, Mistake

Row = tuple[str, ...]


def rrf_rows(path: Path, columns: Sequence[str], wanted: Sequence[str]) -> Iterator[Row]:
    """The wanted columns of each row of a Rich Release Format file: no header, each column ends with `|`."""
    pick = _pick(columns, wanted)
    number = 0
    for number, line in _lines(path):
        fields = line.split("|")
        if len(fields) != len(columns) + 1 or fields[-1]:
            message = (
                f"{len(fields) - 1} columns that end with |, not the {len(columns)} of {path.name}"
            )
            raise _refused(path, number, message)
        yield pick(fields)
    if not number:
        raise _refused(path, 1, "the file is empty")


def tab_rows(path: Path, wanted: Sequence[str]) -> Iterator[Row]:
    """The wanted columns of each row of a tab-separated file whose first line names the columns."""
    lines = _lines(path)
    columns = [name.strip().upper() for name in next(lines, (1, ""))[1].split("\t")]
    missing = [name for name in wanted if name not in columns]
    if missing:
        raise _refused(path, 1, f"no column {', '.join(missing)}")
    pick = _pick(columns, wanted)
    for number, line in lines:
        fields = line.split("\t")
        if len(fields) != len(columns):
            raise _refused(path, number, f"{len(fields)} columns, not the {len(columns)} of line 1")
        yield tuple(field.strip() for field in pick(fields))


def find_file(folder: Path, name: str) -> Path:
    """A file of a folder or of its `rrf` folder, in any case of letters."""
    for place in (folder, folder / "rrf"):
        for path in sorted(place.glob("*")):
            if path.name.lower() == name.lower() and path.is_file():
                return path
    raise _refused(folder, 1, f"no file {name} here")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            yield number, _text(raw.rstrip(b"\r\n"), first=number == 1)


def _text(raw: bytes, *, first: bool) -> str:
    """UTF-8, as RxNorm is; else Windows' Latin letters, as the NDC directory is."""
    try:
        return raw.decode("utf-8-sig" if first else "utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _pick(columns: Sequence[str], wanted: Sequence[str]) -> Callable[[list[str]], Row]:
    picked: Callable[[list[str]], Row] = itemgetter(*(columns.index(name) for name in wanted))
    return picked


def _refused(path: Path, line: int, message: str) -> DocumentsError:
    return DocumentsError([Mistake(str(path), line, message)])
