"""Finds a policy version by its name (`payer/number` or `payer/number@2025-10-01`) or its folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from service.errors import DocumentsError, Mistake, UnknownPolicyError
from service.facts.payer.payers import Payer
from service.library import load_library
from service.library.documents.folders import read_documents
from service.library.documents.yaml import document_at
from service.library.library import Library
from service.library.load import build_library, check_documents
from service.library.policies.policy_versions import HEAD, POLICIES
from service.library.shapes import PolicyShape
from service.policy.model import Policy


@dataclass(frozen=True)
class PolicyVersion:
    """One policy version with its head as written, and the library that it belongs to."""

    library: Library
    policy: Policy
    head: PolicyShape

    @property
    def name(self) -> str:
        """The name of this version, with its first day."""
        return f"{self.policy.id}@{self.policy.effective}"

    @property
    def payer(self) -> Payer | None:
        """The payer whose policy it is."""
        return self.library.payers.get(self.policy.payer)


def versions(library: Library, id_: str | None = None) -> list[PolicyVersion]:
    """Every version, or each with one id, sorted by name and day; the other policies are not built."""
    all_versions = [
        PolicyVersion(library, library.policies[number], review.policy)
        for number, review in enumerate(library.reviews)
        if id_ is None or review.policy.policy == id_
    ]
    return sorted(all_versions, key=lambda version: (version.policy.id, version.policy.effective))


def find_version(library: Library, name: str, today: date) -> PolicyVersion:
    """The version of a name, without a day the one in force today; raises UnknownPolicyError."""
    id_, _, day = name.partition("@")
    of_id = versions(library, id_)
    if not of_id:
        raise UnknownPolicyError(f"there is no policy '{id_}'{_hint(id_, library)}")
    fits = [
        version
        for version in of_id
        if (str(version.policy.effective) == day if day else library.judges(version.policy, today))
    ]
    if not fits:
        days = ", ".join(str(version.policy.effective) for version in of_id)
        message = (
            f"no version of '{id_}' begins on {day}"
            if day
            else f"no version of '{id_}' is in force on {today}"
        )
        raise UnknownPolicyError(f"{message}; there are {days}")
    return fits[-1]


def _hint(id_: str, library: Library) -> str:
    ids = sorted({review.policy.policy for review in library.reviews})
    close = get_close_matches(id_, ids, n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else f"; there are {', '.join(ids) or 'none'}"


PLACE = ("payer", "drug", "effective")


def read_folder(folder: Path, content: Path, clients: Path | None) -> PolicyVersion:
    """The version in a folder with `policy.yaml`, or the only version of a content folder.

    A folder outside a content folder is read together with the documents of `content`.
    """
    folder = folder.resolve()
    if (folder / "mappings").is_dir():
        return _only_version(load_library(folder, clients), folder)
    if not (folder / HEAD).is_file():
        raise UnknownPolicyError(f"{folder} holds neither {HEAD} nor mappings/")
    home = next((parent for parent in folder.parents if _is_content(parent)), None)
    if home is not None:
        return _version_at(load_library(home, clients), folder.relative_to(home), folder)
    return _read_in_copy(folder, content, clients)


def _is_content(folder: Path) -> bool:
    return (folder / "mappings").is_dir() and (folder / "cards").is_dir()


def _only_version(library: Library, folder: Path) -> PolicyVersion:
    found_versions = versions(library)
    if len(found_versions) != 1:
        message = f"{folder} holds {len(found_versions)} versions; name the folder of one of them"
        raise UnknownPolicyError(message)
    return found_versions[0]


def _version_at(library: Library, place: Path, folder: Path) -> PolicyVersion:
    for policy, review in zip(library.policies, library.reviews, strict=True):
        if Path(review.file).parent == place:
            return next(version for version in versions(library) if version.policy is policy)
    raise UnknownPolicyError(f"{folder} is no folder of a policy version")


def _read_in_copy(folder: Path, content: Path, clients: Path | None) -> PolicyVersion:
    """A version by itself, read at the place that its head names among the documents of `content`."""
    place = "/".join((POLICIES, *_place(folder)))
    paths = {f"{place}/{path.relative_to(folder).as_posix()}": path for path in _files(folder)}
    documents = read_documents(content).without(place)
    documents = documents.changed(
        {name: document_at(path, name) for name, path in paths.items() if path.suffix == ".yaml"}
    )
    documents = replace(documents, files=(*documents.files, *paths))
    with _naming_the_folder(Path(place), folder):
        library = build_library(check_documents(documents, clients), "")
        return _version_at(library, Path(place), folder)


def _files(folder: Path) -> Iterator[Path]:
    """The files of a folder, without hidden ones."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden:
            yield path


def _place(folder: Path) -> list[str]:
    """Payer, drug and first day of a version from its head: the path where it is read."""
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
def _naming_the_folder(place: Path, folder: Path) -> Iterator[None]:
    """Mistakes name the folder that was given, not the place at which it was read."""
    try:
        yield
    except DocumentsError as error:
        given = [
            Mistake(str(folder / Path(mistake.file).relative_to(place)), mistake.line, mistake.what)
            if Path(mistake.file).is_relative_to(place)
            else mistake
            for mistake in error.mistakes
        ]
        raise DocumentsError(given) from None
