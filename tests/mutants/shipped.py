"""The shipped versions as mutants are made of them, and the cases that judge these."""

from collections.abc import Iterator
from functools import cache

from mutants.killing import Seen, killer, passing
from mutants.versions import Version
from support.cases.run import all_cases, library
from support.paths import ROOT

from service.library import Library
from service.library.documents.folders import read_documents
from service.library.mapping_folders import MappingFolders, names_of, read_mappings
from service.library.policies.policy_versions import POLICIES


@cache
def mapping_folders() -> MappingFolders:
    """The documents beside the policies, read once."""
    return read_mappings(read_documents(ROOT), [])


@cache
def versions() -> tuple[Version, ...]:
    """Every shipped version."""
    names = names_of(mapping_folders())
    documents = read_documents(ROOT)
    folders = sorted({one.file.rpartition("/")[0] for one in documents.below(POLICIES)})
    return tuple(Version(documents, folder, names) for folder in folders)


@cache
def seen(folder: str = "") -> list[Seen]:
    """The passing cases of a version, or of all."""
    if not folder:
        return passing(all_cases(), library())
    return [one for one in seen() if one.case.file.startswith(folder)]


Judged = Iterator[tuple[str, str | None]]


def judged(version: Version, file: str, cases: list[Seen], known: Library) -> Judged:
    """Every mutant of one file with the case that kills it, if one does."""
    known = version.in_library(known)
    for name, edit in version.edits():
        if name == file:
            mutant = version.mutant(file, edit)
            yield mutant.name, killer(mutant, version.policy, cases, known)
