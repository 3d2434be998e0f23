"""The documents of a content folder as they were read, and folders of documents of one shape."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Generic, TypeVar

from pydantic import BaseModel

from service.errors import Mistake
from service.library.documents.validate import did_you_mean, validate
from service.library.documents.yaml import Document, document_at
from service.memo import per_arguments

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
    "crd.yaml",
    "gaps.yaml",
    "drug_words.yaml",
    "unread.yaml",
    "pas.yaml",
)
MAPPINGS, CARDS = "mappings", "cards"


@dataclass(frozen=True)
class Documents:
    """Every document of a content folder, by its path in it ("mappings/units.yaml").

    `files` and `folders` are all that exist there, to find what is in a wrong place.
    """

    content: Path
    read: Mapping[str, Document]
    files: tuple[str, ...]
    folders: tuple[str, ...]

    def below(self, folder: str) -> tuple[Document, ...]:
        """The documents of a folder and its subfolders, in the order of their paths."""
        return tuple(self.read[name] for name in self.names_below(folder))

    def names_below(self, folder: str) -> list[str]:
        """The paths of the documents of a folder and its subfolders; the documents are not parsed for it."""
        return [name for name in self.read if name.startswith(f"{folder}/")]

    def files_in(self, folder: str) -> list[str]:
        """The names of the files directly in a folder."""
        length = len(folder) + 1
        inside = (file[length:] for file in self.files if file.startswith(f"{folder}/"))
        return [name for name in inside if "/" not in name]

    def changed(self, changes: Mapping[str, Document]) -> "Documents":
        """A copy in which the given documents replace those of the same path."""
        return replace(self, read={**self.read, **changes})

    def without(self, folder: str) -> "Documents":
        """A copy without the documents of one folder."""
        inside = f"{folder}/"
        read = {name: self.read[name] for name in self.read if not name.startswith(inside)}
        files = tuple(file for file in self.files if not file.startswith(inside))
        return replace(self, read=read, files=files)


class ParsedWhenRead(Mapping[str, Document]):
    """Documents by their paths; each is parsed when it is asked for first."""

    def __init__(self, paths: Mapping[str, Path]) -> None:
        self._paths = paths
        self._parsed: dict[str, Document] = {}

    def __getitem__(self, name: str) -> Document:
        document = self._parsed.get(name)
        if document is None:
            document = self._parsed[name] = document_at(self._paths[name], name)
        return document

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def read_documents(content: Path, *folders: str) -> Documents:
    """Every YAML document of a content folder, or of some of its folders; shapes are not checked yet."""
    paths = [
        path
        for folder in folders or (MAPPINGS, CARDS)
        for path in sorted((content / folder).rglob("*"), key=lambda path: path.parts)
    ]
    names = [path.relative_to(content).as_posix() for path in paths]
    named = [(path, name, path.is_dir()) for path, name in zip(paths, names, strict=True)]
    return Documents(
        content,
        ParsedWhenRead(
            {
                name: path
                for path, name, is_folder in named
                if path.suffix == ".yaml" and not is_folder
            }
        ),
        tuple(name for _, name, is_folder in named if not is_folder),
        tuple(name for _, name, is_folder in named if is_folder),
    )


@dataclass
class Folder(Generic[S]):
    """The sound documents of one folder; names of unsound ones count as known."""

    read: dict[str, tuple[Document, S]] = field(default_factory=dict)
    unsound: set[str] = field(default_factory=set)

    @property
    def shapes(self) -> dict[str, S]:
        """The sound documents without their lines."""
        return {name: shape for name, (_, shape) in self.read.items()}

    def __iter__(self) -> Iterator[tuple[Document, S]]:
        return iter(self.read.values())


def read_shapes(
    documents: Documents, folder: str, shape: type[S], key: str, mistakes: list[Mistake]
) -> Folder[S]:
    """Every document below a folder of `mappings/`, by the name that it gives itself under a key."""
    documents_of_shape, wrong = _read_folder(
        documents.below(f"{MAPPINGS}/{folder}"), folder, shape, key
    )
    mistakes += wrong
    return documents_of_shape


@per_arguments(most=64)
def _read_folder(
    documents: tuple[Document, ...], folder: str, shape: type[S], key: str
) -> tuple[Folder[S], tuple[Mistake, ...]]:
    documents_of_shape: Folder[S] = Folder()
    mistakes: list[Mistake] = []
    for document in documents:
        document_and_shape, wrong = _alone(document, shape)
        mistakes += wrong
        if document_and_shape is None:
            documents_of_shape.unsound |= _names(document, key, folder)
            continue
        _, valid = document_and_shape
        name = str(getattr(valid, key))
        if name in documents_of_shape.read:
            message = f"'{name}' stands already in {documents_of_shape.read[name][0].file}"
            mistakes.append(document.mistake((), message))
        documents_of_shape.read[name] = (document, valid)
    if not documents and folder not in MAY_BE_EMPTY:
        mistakes.append(Mistake(f"{MAPPINGS}/{folder}", 1, "no document here"))
    return documents_of_shape, tuple(mistakes)


def _names(document: Document, key: str, folder: str) -> set[str]:
    """The names that an unsound document may have: the one that it states, else those of its path."""
    own_name = document.data.get(key) if isinstance(document.data, dict) else None
    inside = PurePosixPath(document.file).relative_to(f"{MAPPINGS}/{folder}")
    return {own_name} if isinstance(own_name, str) else _placed(inside)


def _placed(path: PurePosixPath) -> set[str]:
    """The names that follow from a document's path."""
    return {path.stem, ".".join(path.with_suffix("").parts)}


def read_one(documents: Documents, file: str, shape: type[S], mistakes: list[Mistake]) -> S | None:
    """A single document of `mappings/`; None, with a mistake, if it is missing or unsound."""
    document_and_shape = read_optional(documents, file, shape, mistakes)
    if f"{MAPPINGS}/{file}" not in documents.read:
        mistakes.append(Mistake(f"{MAPPINGS}/{file}", 1, "this file is missing"))
    return document_and_shape[1] if document_and_shape else None


def read_optional(
    documents: Documents, file: str, shape: type[S], mistakes: list[Mistake]
) -> tuple[Document, S] | None:
    """An optional document of `mappings/` with its lines; None if it is missing or unsound."""
    document = documents.read.get(f"{MAPPINGS}/{file}")
    if document is None:
        return None
    document_and_shape, wrong = _alone(document, shape)
    mistakes += wrong
    return document_and_shape


@per_arguments(most=2048)
def _alone(
    document: Document, shape: type[S]
) -> tuple[tuple[Document, S] | None, tuple[Mistake, ...]]:
    mistakes = list(document.mistakes)
    valid = validate(document, shape, mistakes)
    return None if valid is None else (document, valid), tuple(mistakes)


def check_places(documents: Documents) -> Iterator[Mistake]:
    """A mistake for each folder or file that is never read."""
    folders = [(name, FOLDERS) for name in _top(documents.folders)]
    for name, expected in sorted([*folders, *((name, FILES) for name in _top(documents.files))]):
        if name not in expected:
            message = f"nothing is read from here{did_you_mean(name, expected)}"
            yield Mistake(f"{MAPPINGS}/{name}", 1, message)
    for file in documents.files:
        if file.startswith(f"{MAPPINGS}/") and file.endswith(".yml"):
            yield Mistake(file, 1, "not read; its name must end in .yaml")


def _top(names: Iterable[str]) -> Iterator[str]:
    """The names directly in `mappings/`, without hidden files."""
    inside = (
        name.removeprefix(f"{MAPPINGS}/") for name in names if name.startswith(f"{MAPPINGS}/")
    )
    return (name for name in inside if "/" not in name and not name.startswith("."))


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """The message that a name is not known, with the nearest known one."""
    return f"no {kind} '{name}'{did_you_mean(name, known)}"
