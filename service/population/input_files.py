"""The files of a membership, the chunks that are grouped one by one, and the types that are read."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from service.errors import PopulationError
from service.fhir.supplied.bundle import SUPPORTING
from service.library.library import Library

PLAIN, ZIPPED, TABLES = (".ndjson", ".jsonl"), (".ndjson.gz", ".jsonl.gz"), (".parquet",)
FORMATS = ("ndjson", "jsonl", "parquet")  # whatever is added behind, as in `.ndjson.zst`
MOST_NAMED = 20
CHUNK = 128 * 1024 * 1024  # bytes of a plain file that are grouped at once
PART = 24 * 1024 * 1024  # bytes of JSON that are judged at once, about; a process holds them all
MOST_PARTS = 4096
# How much larger JSON is than its file, about; it decides the number of parts and nothing else.
GROWTH = {**dict.fromkeys(PLAIN, 1), **dict.fromkeys(ZIPPED, 10), **dict.fromkeys(TABLES, 6)}


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file: where it is, its name below the input folder, its size, and when it was changed."""

    path: str
    name: str
    size: int
    changed: int

    @property
    def ending(self) -> str:
        """The ending that says how it is read."""
        return next(end for end in GROWTH if self.name.endswith(end))


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of one file: the lines that begin from the byte `start` up to `end`; None is all of it."""

    file: InputFile
    start: int = 0
    end: int | None = None

    @property
    def size(self) -> int:
        """Its bytes in the file."""
        return (self.file.size if self.end is None else self.end) - self.start


def input_files(place: Path) -> tuple[InputFile, ...]:
    """The NDJSON and Parquet files of a folder and its subfolders, or the one file that is named."""
    root = place if place.is_dir() else place.parent
    found = sorted(place.rglob("*")) if place.is_dir() else [place]
    paths = [path for path in found if path.is_file() and path.name.endswith(tuple(GROWTH))]
    if not paths:
        raise PopulationError(
            f"'{place}' holds no file that ends in {', '.join(GROWTH)}; FHIR Bulk Data has one"
            " NDJSON file or more for each resource type"
        )
    return tuple(_described(path, root) for path in paths)


def files_not_read(place: Path, types: "TypesRead") -> tuple[str, ...]:
    """The other files of a folder, by name; hidden ones and notes hold no resources.

    Raises PopulationError if one of them by its name holds what is read: its resources would be missed,
    and nobody would know that they are not all.
    """
    if not place.is_dir():
        return ()
    others = [
        path
        for path in sorted(place.rglob("*"))
        if (path.is_symlink() or not path.is_dir())
        and not (path.is_file() and path.name.endswith(tuple(GROWTH)))
    ]
    if missed := [path for path in others if _may_hold_resources(path, types)]:
        names = ", ".join(path.relative_to(place).as_posix() for path in missed[:MOST_NAMED])
        raise PopulationError(
            f"by their names these hold resources, but they cannot be read: {names}"
            f"{' …' if len(missed) > MOST_NAMED else ''}; make them files that end in"
            f" {', '.join(GROWTH)}, or move them elsewhere"
        )
    return tuple(path.relative_to(place).as_posix() for path in others)


def _may_hold_resources(path: Path, types: "TypesRead") -> bool:
    """Whether a name begins with a type that is read, holds the name of a format, or is a linked folder."""
    name = path.name
    if name.startswith((".", "_")):
        return False
    is_of_type = _type_of_name(name) in types.of_patients | types.shared
    has_format = any(word in name.lower() for word in FORMATS)
    return is_of_type or has_format or path.is_dir()


def _type_of_name(name: str) -> str:
    return re.split(r"[^A-Za-z]", name, maxsplit=1)[0]


def _described(path: Path, root: Path) -> InputFile:
    state = path.stat()
    name = path.relative_to(root).as_posix()
    return InputFile(str(path.resolve()), name, state.st_size, state.st_mtime_ns)


def chunks_of(files: Sequence[InputFile], most: int = CHUNK) -> Iterator[Chunk]:
    """Chunks of every file; only a plain file can be cut, by bytes."""
    for file in files:
        if file.ending not in PLAIN or file.size <= most:
            yield Chunk(file)
            continue
        for start in range(0, file.size, most):
            yield Chunk(file, start, min(start + most, file.size))


def number_of_parts(files: Sequence[InputFile], most: int = PART) -> int:
    """Into how many parts the patients are divided, so that one part fits into memory."""
    whole = sum(file.size * GROWTH[file.ending] for file in files)
    return max(1, min(MOST_PARTS, -(-whole // most)))


def types_of_names(files: Iterable[InputFile]) -> set[str]:
    """The types that files are named by: an empty file says that its type was exported and is nowhere."""
    return {_type_of_name(Path(file.name).name) for file in files}


def fingerprint(files: Sequence[InputFile]) -> str:
    """A hash of the names, sizes and times of all files: another one means another input."""
    told = "\n".join(f"{file.name}\t{file.size}\t{file.changed}" for file in files)
    return sha256(told.encode()).hexdigest()


PATIENT, CLAIM = "Patient", "Claim"
NOT_FOLLOWED = "Provenance"


@dataclass(frozen=True, slots=True)
class TypesRead:
    """The types that are read: those of patients, and those that patients' resources refer to."""

    of_patients: frozenset[str]
    shared: frozenset[str]


def types_read(libraries: Iterable[Library]) -> TypesRead:
    """The types that any of these libraries reads."""
    sources = [source for library in libraries for source in library.sources]
    of_patients = {source.type for source in sources if source.subject} | {PATIENT, CLAIM}
    shared = ({source.type for source in sources} | SUPPORTING) - of_patients - {NOT_FOLLOWED}
    return TypesRead(frozenset(of_patients), frozenset(shared))
