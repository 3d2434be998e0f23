"""A worker's memory goes into large pages where the kernel lends them, and stays what it was."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from service.server.large_pages import use_large_pages

# in a process of its own: what is moved stays moved
ASK = """
from hashlib import sha256
from pathlib import Path
from service.server.large_pages import use_large_pages
held = [str(n) * 40 for n in range(200_000)]
before = sha256("".join(held).encode()).hexdigest()
moved = use_large_pages()
assert sha256("".join(held).encode()).hexdigest() == before
print(moved, Path("/proc/self/smaps_rollup").read_text())
"""


def test_what_is_said_to_be_moved_is_in_large_pages_and_holds_what_it_held() -> None:
    asked = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", ASK], capture_output=True, text=True, check=True, timeout=60
    )
    moved = int(asked.stdout.split()[0])
    large = re.search(r"AnonHugePages:\s+(\d+) kB", asked.stdout)
    assert large is not None
    assert moved <= int(large[1]) * 1024
    # where the kernel lends any, most of 50 MB of texts are in them
    assert moved == 0 or moved > 20 * 1024 * 1024


@pytest.mark.parametrize(
    ("enabled", "size"),
    [
        ("always madvise [never]", "2097152"),
        ("always [madvise] never", "536870912"),
        ("always [madvise] never", "many"),
        (None, None),
    ],
    ids=["not wanted", "half a gigabyte", "unreadable", "no such kernel"],
)
def test_a_kernel_that_lends_none_is_left_alone(
    tmp_path: Path, enabled: str | None, size: str | None
) -> None:
    if enabled is not None and size is not None:
        (tmp_path / "enabled").write_text(enabled)
        (tmp_path / "hpage_pmd_size").write_text(size)
    assert use_large_pages(tmp_path) == 0


def test_without_a_list_of_its_memory_a_process_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "enabled").write_text("[always] madvise never")
    (tmp_path / "hpage_pmd_size").write_text("2097152")
    assert use_large_pages(tmp_path, tmp_path / "maps") == 0
