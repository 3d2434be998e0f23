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
        self._written = {path: Path(path).read_bytes() for path in self._files}
        self._read = read_documents(content)
        dict(self._read.read)  # parsed now, before a test changes a file

    def documents(self) -> Documents:
        """As `read_documents`, but only what a test wrote is read again."""
        files, folders = _inside(self.content)
        if files.keys() != self._files.keys() or folders != self._folders:
            return read_documents(self.content)
        changed = [Path(path) for path in self._changed(files) if path.endswith(".yaml")]
        names = {path: path.relative_to(self.content).as_posix() for path in changed}
        return self._read.changed({name: document_at(path, name) for path, name in names.items()})

    def put_back(self) -> None:
        """Writes again what is changed or gone, and removes what is new."""
        files, folders = _inside(self.content)
        for path in files.keys() - self._files.keys():
            Path(path).unlink()
        for path in sorted(folders - self._folders, reverse=True):
            rmtree(path)
        for path in self._folders - folders:
            Path(path).mkdir(parents=True, exist_ok=True)
        for path in self._changed(files):
            Path(path).unlink(missing_ok=True)
            Path(path).write_bytes(self._written[path])
            # the clock of files is coarse: with its first time a file shows each later change
            os.utime(path, ns=(self._files[path][0],) * 2)

    def _changed(self, files: dict[str, State]) -> Iterator[str]:
        return (path for path, state in self._files.items() if files.get(path) != state)


def _inside(content: Path) -> tuple[dict[str, State], set[str]]:
    """Every file below a folder with what differs when it was written again; every folder.

    Paths are texts: with a Path for each it took 4 ms instead of 1.6 ms, twice for each test.
    """
    files: dict[str, State] = {}
    folders: set[str] = set()
    waiting = [str(content)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.add(entry.path)
                    waiting.append(entry.path)
                else:
                    found = entry.stat(follow_symlinks=False)
                    files[entry.path] = (found.st_mtime_ns, found.st_size, entry.is_symlink())
    return files, folders
