"""Files in memory: used longer, taken once, written anew, and never larger than allowed."""

from pathlib import Path
from threading import Thread
from time import time
from typing import Any

from service.web.shared_memory import MemoryFiles


class Clock:
    """A clock that a test turns."""

    ahead = 0.0

    def __call__(self) -> float:
        """The time of the machine, and as much more as the test wants."""
        return time() + self.ahead


def files(folder: Path, **more: Any) -> tuple[MemoryFiles, Clock]:
    clock = Clock()
    return MemoryFiles(folder / "files", clock, 60.0, **more), clock


def test_file_is_read_written_anew_and_deleted(tmp_path: Path) -> None:
    kept, _ = files(tmp_path)
    id_ = kept.write(b"one")
    assert id_ is not None
    assert kept.write(b"two", id_) == id_
    assert kept.contents(id_) == b"two"
    kept.delete(id_)
    assert kept.contents(id_) is None


def test_use_begins_the_life_anew(tmp_path: Path) -> None:
    kept, clock = files(tmp_path)
    id_ = str(kept.write(b"one"))
    clock.ahead = 50
    kept.used(id_)
    clock.ahead = 100
    assert kept.contents(id_) == b"one"
    clock.ahead = 170
    assert kept.contents(id_) is None
    kept.used(id_)


def test_file_is_taken_once(tmp_path: Path) -> None:
    kept, clock = files(tmp_path)
    id_ = str(kept.write(b"one"))
    assert kept.taken(id_) == b"one"
    assert kept.taken(id_) is None
    old = str(kept.write(b"one"))
    clock.ahead = 61
    assert kept.taken(old) is None


def test_nothing_else_is_taken_or_deleted(tmp_path: Path) -> None:
    kept, _ = files(tmp_path)
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    assert kept.taken("../secret") is None
    kept.delete("../secret")
    kept.used("../secret")
    assert (tmp_path / "secret").exists()
    assert MemoryFiles().taken("x" * 32) is None


def test_large_file_is_not_kept(tmp_path: Path) -> None:
    kept, _ = files(tmp_path, largest=3)
    assert kept.write(b"four") is None


def test_change_waits_for_the_one_before(tmp_path: Path) -> None:
    one, other = (files(tmp_path)[0] for _ in range(2))
    id_ = one.write(b"0")
    assert id_ is not None
    order: list[str] = []

    def later() -> None:
        with other.alone(id_) as is_there:
            order.append(f"{is_there} {(other.contents(id_) or b'').decode()}")

    with one.alone(id_) as is_there:
        thread = Thread(target=later)
        thread.start()
        one.write(b"1", id_)
        order.append(f"{is_there} first")
    thread.join()
    assert order == ["True first", "True 1"]
    one.delete(id_)
    with one.alone(id_) as is_there, one.alone("../x") as elsewhere:
        assert (is_there, elsewhere) == (False, False)
