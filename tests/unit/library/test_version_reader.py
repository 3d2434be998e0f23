"""Unchanged versions come from the cache, many others from several processes, all as they are read."""

from collections.abc import Sequence
from pathlib import Path
from shutil import copytree

import pytest
from support.changed_documents import shipped_names
from support.paths import ROOT

from service.library.documents.folders import Documents, read_documents
from service.library.policies.policy_versions import VersionRead, load_version
from service.library.version_reader import FEW, KnownVersion, VersionReader

SHIPPED = "mappings/policies/bcbsms/dupilumab/2025-10-01"


def folder_of(number: int) -> str:
    return f"mappings/policies/plan{number}/dupilumab/2025-10-01"


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("content")
    for number in range(FEW + 2):
        copytree(ROOT / SHIPPED, place / folder_of(number))
    return place


def read(content: Path, reader: VersionReader, folders: Sequence[str]) -> list[VersionRead]:
    return [*reader(read_documents(content), folders, shipped_names())]


def known(reader: VersionReader, folder: str, version: VersionRead) -> dict[str, KnownVersion]:
    assert version.policy is not None
    assert version.review is not None
    data = reader.encoded(version.policy)
    return {folder: KnownVersion(reader.keys[folder], data, version.review)}


class Unparsed(Documents):
    """Documents of which none may be parsed."""

    def below(self, folder: str) -> tuple[()]:
        """Fails."""
        raise AssertionError(folder)


def test_several_processes_read_as_one_does(content: Path) -> None:
    wrong = content / folder_of(3) / "ad.yaml"
    sound = wrong.read_text(encoding="utf-8")
    wrong.write_text(sound.replace("fact: ad.bsa\n", "fact: ad.bsaa\n", 1), encoding="utf-8")
    folders = [folder_of(number) for number in range(FEW + 1)]
    reader = VersionReader({}, "code", processes=2)
    found = read(content, reader, folders)
    alone = load_version(read_documents(content), folder_of(3), shipped_names())
    wrong.write_text(sound, encoding="utf-8")
    assert alone.mistakes
    assert found[3].mistakes == alone.mistakes
    assert folder_of(3) not in reader.keys
    for folder, one in zip(folders, found, strict=True):
        assert one.review is not None
        assert one.review.file == f"{folder}/policy.yaml"
        assert one.policy is not None
        assert [*one.policy.indications] == [*(alone.policy or one.policy).indications]
        assert one.mistakes == () or folder == folder_of(3)


def test_unchanged_version_is_not_read_again(content: Path) -> None:
    folder = folder_of(0)
    first = VersionReader({}, "code", processes=1)
    (version,) = read(content, first, [folder])
    stored = known(first, folder, version)
    documents = read_documents(content)
    unparsed = Unparsed(content, documents.read, documents.files, documents.folders)
    (again,) = VersionReader(stored, "code", 1)(unparsed, [folder], shipped_names())
    assert again.policy is not None
    assert again.policy is not version.policy
    assert again.policy.title == (version.policy and version.policy.title)
    for other in (VersionReader(stored, "other code", 1), VersionReader({}, "code", 1)):
        with pytest.raises(AssertionError, match=folder):
            other(unparsed, [folder], shipped_names())


def test_changed_version_is_read_again(content: Path) -> None:
    folder = folder_of(1)
    first = VersionReader({}, "code", processes=1)
    (version,) = read(content, first, [folder])
    stored = known(first, folder, version)
    head = content / folder / "policy.yaml"
    text = head.read_text(encoding="utf-8").replace("title: Dupixent", "title: Another", 1)
    head.write_text(text, encoding="utf-8")
    (again,) = read(content, VersionReader(stored, "code", 1), [folder])
    assert again.policy is not None
    assert again.policy.title == "Another (dupilumab)"
