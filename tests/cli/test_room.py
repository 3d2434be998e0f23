"""What is made after the documents were read lies side by side, whatever gaps their reading left."""

import os
import subprocess
import sys

import pytest

# in a process of its own: gaps that are filled stay filled
ASK = """
from sys import argv
from service.server.room import make_room
held = [bytes(n % 400) for n in range(300_000)]
# a gap in each pool, and whole pools between the ones that stay
held = held[:100_000:7] + held[100_000::5_000]
filled = make_room() if argv[1] == "make room" else 0
made = [{"id": str(n) * 5, "code": [str(n), n * 1.5]} for n in range(5_000)]
parts = [part for one in made for part in (one, one["id"], one["code"], *one["code"])]
print(filled, len({id(part) // 1024**2 for part in parts}))
"""


def ask(what: str, **environment: str) -> tuple[int, int]:
    """How many bytes were filled, and in how many megabytes a few megabytes of objects lie then."""
    asked = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", ASK, what],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, **environment},
    )
    filled, megabytes = asked.stdout.split()
    return int(filled), int(megabytes)


def test_what_comes_after_lies_side_by_side() -> None:
    _, strewn = ask("leave it")
    filled, together = ask("make room")
    assert filled > 0
    assert together < strewn / 2


@pytest.mark.parametrize("allocator", ["malloc", "malloc_debug"])
def test_another_allocator_is_left_alone(allocator: str) -> None:
    filled, _ = ask("make room", PYTHONMALLOC=allocator)
    assert filled == 0
