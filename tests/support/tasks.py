"""Tasks for workers in tests: one writes a file, one ends its worker the first time it is computed."""

import os
from pathlib import Path


def write_number(folder: Path, number: int) -> None:
    """Writes a file of this number."""
    (folder / f"{number}.txt").write_text(str(number), encoding="utf-8")


def end_worker_once(folder: Path, number: int) -> None:
    """Ends its process the first time, without a word; then writes its file."""
    mark = folder / f"{number}.ended"
    if number % 3 == 0 and not mark.exists():
        mark.touch()
        os._exit(9)
    write_number(folder, number)
