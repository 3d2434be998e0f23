"""A folder that tests may change: what one test changed is put back before the next."""

from pathlib import Path
from shutil import copytree, ignore_patterns, rmtree

from support.paths import ROOT

# Therapies name facts and ingredients that some tests change.
CLINICAL = ("therapies", "pathways", "notes", "gaps.yaml")


def copy_documents(content: Path, *without: str) -> Path:
    """Copies the shipped documents into a folder, but not what has one of these names."""
    for name in ("mappings", "cards"):
        copytree(ROOT / name, content / name, ignore=ignore_patterns(*without))
    return content


class Pristine:
    """A folder and what lay in it at first."""

    def __init__(self, content: Path) -> None:
        self.content = content
        self._written = {path: path.read_bytes() for path in self._files()}
        self._seen = {path: _state(path) for path in self._written}
        self._folders = {path for path in content.rglob("*") if path.is_dir()}

    def put_back(self) -> None:
        """Writes again what is changed or gone, and removes what is new."""
        for path in sorted(self.content.rglob("*"), reverse=True):
            new_folder = path.is_dir() and not path.is_symlink() and path not in self._folders
            if new_folder:
                rmtree(path)
            elif not path.is_dir() and path not in self._written:
                path.unlink()
        for path in self._folders:
            path.mkdir(parents=True, exist_ok=True)
        for path, written in self._written.items():
            if not path.is_file() or _state(path) != self._seen[path]:
                path.write_bytes(written)
                self._seen[path] = _state(path)

    def _files(self) -> list[Path]:
        return [path for path in self.content.rglob("*") if path.is_file()]


def _state(path: Path) -> tuple[int, int, int]:
    """What differs when a file was written again."""
    found = path.stat()
    return found.st_mtime_ns, found.st_size, found.st_ino
