"""A folder that tests may change: what one test changed is put back before the next."""

import os
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree, ignore_patterns, rmtree

from support.paths import ROOT

from service.library.documents.folders import Documents, read_documents
from service.library.documents.yaml import document_at

# Therapies name facts and ingredients that some tests change.
CLINICAL = ("therapies", "pathways", "notes", "gaps.yaml")
State = tuple[int, int, bool]


def copy_documents(content: Path, *without: str) -> Path:
    """Copies the shipped documents into a folder, but not what has one of these names."""
    for name in ("mappings", "cards"):
        copytree(ROOT / name, content / name, ignore=ignore_patterns(*without))
    return content


class Pristine:
    """A content folder and what lay in it at first."""

    def __init__(self, content: Path) -> None:
        self.content = content
        self._files, self._folders = _inside(content)
        self._written = {path: path.read_bytes() for path in self._files}
        self._read = read_documents(content)
        dict(self._read.read)  # parsed now, before a test changes a file

    def documents(self) -> Documents:
        """As `read_documents`, but only what a test wrote is read again."""
        files, folders = _inside(self.content)
        if files.keys() != self._files.keys() or folders != self._folders:
            return read_documents(self.content)
        names = {
            path: path.relative_to(self.content).as_posix()
            for path in self._changed(files)
            if path.suffix == ".yaml"
        }
        return self._read.changed({name: document_at(path, name) for path, name in names.items()})

    def put_back(self) -> None:
        """Writes again what is changed or gone, and removes what is new."""
        files, folders = _inside(self.content)
        for path in files.keys() - self._files.keys():
            path.unlink()
        for path in sorted(folders - self._folders, reverse=True):
            rmtree(path)
        for path in self._folders - folders:
            path.mkdir(parents=True, exist_ok=True)
        for path in self._changed(files):
            path.unlink(missing_ok=True)
            path.write_bytes(self._written[path])
            # the clock of files is coarse: with its first time a file shows each later change
            os.utime(path, ns=(self._files[path][0],) * 2)

    def _changed(self, files: dict[Path, State]) -> Iterator[Path]:
        return (path for path, state in self._files.items() if files.get(path) != state)


def _inside(folder: Path) -> tuple[dict[Path, State], set[Path]]:
    """Every file below a folder with what differs when it was written again; every folder."""
    files: dict[Path, State] = {}
    folders: set[Path] = set()
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                inner = _inside(Path(entry.path))
                files |= inner[0]
                folders |= {Path(entry.path), *inner[1]}
            else:
                found = entry.stat(follow_symlinks=False)
                files[Path(entry.path)] = (found.st_mtime_ns, found.st_size, entry.is_symlink())
    return files, folders
