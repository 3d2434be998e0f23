"""A file is whole or not there."""

from pathlib import Path

import pytest

from service.atomic_file import write_whole, written_whole


def broken_off(file: Path) -> None:
    """A writer that ends in the middle."""
    with written_whole(file) as beside:
        beside.write_text("half", encoding="utf-8")
        raise KeyboardInterrupt


def test_what_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        broken_off(tmp_path / "part.json")
    assert [*tmp_path.iterdir()] == []


def test_what_breaks_off_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "part.json"
    write_whole(file, b"before")
    with pytest.raises(KeyboardInterrupt):
        broken_off(file)
    assert file.read_bytes() == b"before"
    write_whole(file, b"after")
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"after"]
