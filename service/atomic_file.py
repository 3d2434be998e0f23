"""Files that are whole or not there, also if two processes write them or one ends while it writes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


def write_whole(file: Path, content: bytes) -> None:
    """Writes a file in one step; one that was there before is replaced."""
    with written_whole(file) as beside:
        beside.write_bytes(content)


@contextmanager
def written_whole(file: Path) -> Iterator[Path]:
    """A path beside the file to write to; it takes the place of the file once all is written."""
    beside = file.with_name(f"{file.name}.{uuid4().hex}.unfinished")
    try:
        yield beside
        os.replace(beside, file)  # noqa: PTH105 - says plainly that it replaces in one step
    finally:
        beside.unlink(missing_ok=True)
