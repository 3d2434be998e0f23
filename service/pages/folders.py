"""A version read from a folder of policy documents, whether it lies in a content folder or by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree, ignore_patterns, rmtree
from tempfile import TemporaryDirectory

from service.errors import DocumentsError, Mistake, UnknownPolicyError
from service.library import Library, load_library
from service.library.documents.yaml import read_document
from service.library.policies.versions import HEAD
from service.pages.versions import Version, versions

PLACE = ("payer", "drug", "effective")


def read_folder(folder: Path, content: Path, clients: Path | None) -> Version:
    """The version in a folder that holds `policy.yaml`, or the one version of a content folder.

    By itself it is read beside the documents of `content`, in place of the version of that day.
    """
    folder = folder.resolve()
    if (folder / "mappings").is_dir():
        return _only_version(load_library(folder, clients), folder)
    if not (folder / HEAD).is_file():
        raise UnknownPolicyError(f"{folder} holds neither {HEAD} nor mappings/")
    home = next((parent for parent in folder.parents if _is_content(parent)), None)
    if home is not None:
        return _version_at(load_library(home, clients), folder.relative_to(home), folder)
    with TemporaryDirectory() as desk:
        return _read_in_copy(folder, content, clients, Path(desk))


def _is_content(folder: Path) -> bool:
    return (folder / "mappings").is_dir() and (folder / "cards").is_dir()


def _only_version(library: Library, folder: Path) -> Version:
    found_versions = versions(library)
    if len(found_versions) != 1:
        what = f"{folder} holds {len(found_versions)} versions; name the folder of one of them"
        raise UnknownPolicyError(what)
    return found_versions[0]


def _version_at(library: Library, place: Path, folder: Path) -> Version:
    for policy, review in zip(library.policies, library.reviews, strict=True):
        if Path(review.file).parent == place:
            return next(version for version in versions(library) if version.policy is policy)
    raise UnknownPolicyError(f"{folder} is no folder of a policy version")


def _read_in_copy(folder: Path, content: Path, clients: Path | None, desk: Path) -> Version:
    place = Path("mappings", "policies", *_place(folder))
    for name in ("mappings", "cards"):
        copytree(content / name, desk / name)
    rmtree(desk / place, ignore_errors=True)
    copytree(folder, desk / place, ignore=ignore_patterns(".*"))
    with _naming_the_folder(place, folder):
        return _version_at(load_library(desk, clients), place, folder)


def _place(folder: Path) -> list[str]:
    """Payer, drug and first day of a version, as its own head writes them."""
    mistakes: list[Mistake] = []
    document = read_document(folder / HEAD, str(folder / HEAD), mistakes)
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
    """Mistakes name the folder that was given, not the desk it was read on."""
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
