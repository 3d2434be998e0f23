"""Folders of documents of one shape: the sound ones by name, and what the others are called."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel

from service.errors import Mistake
from service.library.documents.validate import did_you_mean, validate
from service.library.documents.yaml import Document, read_document

S = TypeVar("S", bound=BaseModel)
FOLDERS = (
    "directories",
    "dose_bands",
    "facts",
    "notes",
    "pathways",
    "payers",
    "policies",
    "regimens",
    "services",
    "sources",
    "therapies",
    "value_sets",
)
MAY_BE_EMPTY = ("directories", "dose_bands", "notes", "pathways", "therapies")
FILES = (
    "units.yaml",
    "timings.yaml",
    "code_systems.yaml",
    "gaps.yaml",
    "drug_words.yaml",
    "unread.yaml",
)


@dataclass
class Shelf(Generic[S]):
    """The sound documents of one folder; names of unsound ones count as known."""

    read: dict[str, tuple[Document, S]] = field(default_factory=dict)
    unsound: set[str] = field(default_factory=set)

    @property
    def shapes(self) -> dict[str, S]:
        """The sound documents without their lines."""
        return {name: shape for name, (_, shape) in self.read.items()}

    def __iter__(self) -> Iterator[tuple[Document, S]]:
        return iter(self.read.values())


def read_shelf(
    root: Path, folder: str, shape: type[S], key: str, mistakes: list[Mistake]
) -> Shelf[S]:
    """Every document below a folder, by the name that it gives itself under a key."""
    shelf: Shelf[S] = Shelf()
    paths = sorted((root / folder).rglob("*.yaml"))
    for path in paths:
        document = read_document(path, _file(root, path), mistakes)
        valid = validate(document, shape, mistakes)
        if valid is None:
            shelf.unsound |= _names(document, key, path.relative_to(root / folder))
            continue
        name = str(getattr(valid, key))
        if name in shelf.read:
            what = f"'{name}' stands already in {shelf.read[name][0].file}"
            mistakes.append(document.mistake((), what))
        shelf.read[name] = (document, valid)
    if not paths and folder not in MAY_BE_EMPTY:
        mistakes.append(Mistake(f"mappings/{folder}", 1, "no document here"))
    return shelf


def _names(document: Document, key: str, path: Path) -> set[str]:
    """What an unsound document may be called: what it says, or what its path says."""
    said = document.data.get(key) if isinstance(document.data, dict) else None
    return {said} if isinstance(said, str) else _placed(path)


def _placed(path: Path) -> set[str]:
    """What a document is called by its place."""
    return {path.stem, ".".join(path.with_suffix("").parts)}


def read_one(root: Path, file: str, shape: type[S], mistakes: list[Mistake]) -> S | None:
    """A document that stands alone."""
    if not (root / file).is_file():
        mistakes.append(Mistake(f"mappings/{file}", 1, "this file is missing"))
        return None
    return validate(read_document(root / file, f"mappings/{file}", mistakes), shape, mistakes)


def read_optional(
    root: Path, file: str, shape: type[S], mistakes: list[Mistake]
) -> tuple[Document, S] | None:
    """A document that a library may do without, with its lines."""
    if not (root / file).is_file():
        return None
    document = read_document(root / file, f"mappings/{file}", mistakes)
    valid = validate(document, shape, mistakes)
    return None if valid is None else (document, valid)


def check_places(root: Path) -> Iterator[Mistake]:
    """Folders and files where nothing is read from."""
    for path in sorted(root.glob("*")):
        known = FOLDERS if path.is_dir() else FILES
        if path.name not in known and not path.name.startswith("."):
            what = f"nothing is read from here{did_you_mean(path.name, known)}"
            yield Mistake(f"mappings/{path.name}", 1, what)
    for path in sorted(root.rglob("*.yml")):
        yield Mistake(_file(root, path), 1, "not read; its name must end in .yaml")


def _file(root: Path, path: Path) -> str:
    return f"mappings/{path.relative_to(root).as_posix()}"


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """That a name is not known, with the nearest one that is."""
    return f"no {kind} '{name}'{did_you_mean(name, known)}"
