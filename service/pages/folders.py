"""A version read from a folder of policy documents, whether it lies in a content folder or by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from service.errors import DocumentsError, Mistake, UnknownPolicyError
from service.library import Library, load_library
from service.library.documents.folders import read_documents
from service.library.documents.yaml import document_at
from service.library.load import build_library, check_documents
from service.library.policies.versions import HEAD, POLICIES
from service.pages.versions import Version, versions

PLACE = ("payer", "drug", "effective")


def read_folder(folder: Path, content: Path, clients: Path | None) -> Version:
    """The version in a folder that holds `policy.yaml`, or the one version of a content folder.

    By itself it is read beside the documents of `content`, in place of the version of that day.
    """
    folder = folder.resolve()
    if (folder / "mappings").is_dir():
        return _only(load_library(folder, clients), folder)
    if not (folder / HEAD).is_file():
        raise UnknownPolicyError(f"{folder} holds neither {HEAD} nor mappings/")
    home = next((one for one in folder.parents if _is_content(one)), None)
    if home is not None:
        return _there(load_library(home, clients), folder.relative_to(home), folder)
    return _beside(folder, content, clients)


def _is_content(folder: Path) -> bool:
    return (folder / "mappings").is_dir() and (folder / "cards").is_dir()


def _only(library: Library, folder: Path) -> Version:
    found = versions(library)
    if len(found) != 1:
        what = f"{folder} holds {len(found)} versions; name the folder of one of them"
        raise UnknownPolicyError(what)
    return found[0]


def _there(library: Library, place: Path, folder: Path) -> Version:
    for one, review in zip(library.policies, library.reviews, strict=True):
        if Path(review.file).parent == place:
            return next(found for found in versions(library) if found.policy is one)
    raise UnknownPolicyError(f"{folder} is no folder of a policy version")


def _beside(folder: Path, content: Path, clients: Path | None) -> Version:
    """A version by itself, put among the documents of `content` at the place that its head names."""
    place = "/".join((POLICIES, *_place(folder)))
    paths = {f"{place}/{path.relative_to(folder).as_posix()}": path for path in _inside(folder)}
    documents = read_documents(content).without(place)
    documents = documents.changed(
        {name: document_at(path, name) for name, path in paths.items() if path.suffix == ".yaml"}
    )
    documents = replace(documents, files=(*documents.files, *paths))
    with _named(Path(place), folder):
        return _there(build_library(check_documents(documents, clients), ""), Path(place), folder)


def _inside(folder: Path) -> Iterator[Path]:
    """The files of a folder, hidden ones left out."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden:
            yield path


def _place(folder: Path) -> list[str]:
    """Payer, drug and first day of a version, as its own head writes them."""
    document = document_at(folder / HEAD, str(folder / HEAD))
    mistakes = list(document.mistakes)
    head = document.data if isinstance(document.data, dict) else {}
    parts = [str(head.get(name, "")) for name in PLACE]
    wrong = [
        name for name, part in zip(PLACE, parts, strict=True) if not part or part != Path(part).name
    ]
    if wrong and not mistakes:
        mistakes.append(document.mistake((), f"'{wrong[0]}' is missing or is no plain name"))
    if mistakes:
        raise DocumentsError(mistakes)
    return parts


@contextmanager
def _named(place: Path, folder: Path) -> Iterator[None]:
    """Mistakes name the folder that was given, not the place at which it was read."""
    try:
        yield
    except DocumentsError as error:
        given = [
            Mistake(str(folder / Path(one.file).relative_to(place)), one.line, one.what)
            if Path(one.file).is_relative_to(place)
            else one
            for one in error.mistakes
        ]
        raise DocumentsError(given) from None
