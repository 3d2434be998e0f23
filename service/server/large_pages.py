"""A worker's memory in large pages: a request touches a little of it everywhere, page by page.

A request touches thousands of pages of 4 kB, and the processor keeps the addresses of fewer at hand:
the others are looked up each time. Linux lends pages of 2 MB on request (transparent huge
pages, `madvise(2)`); where it does not, nothing changes but the speed.
"""

import ctypes
from collections.abc import Iterator
from pathlib import Path

# linux/mman.h; the second since Linux 6.1, an older one refuses it
MADV_HUGEPAGE, MADV_COLLAPSE = 14, 25
KERNEL = Path("/sys/kernel/mm/transparent_hugepage")
MAPS = Path("/proc/self/maps")
# kernels with larger small pages have large ones of half a gigabyte
MOST = 4 * 1024 * 1024


def use_large_pages(kernel: Path = KERNEL, maps: Path = MAPS) -> int:
    """Moves the memory that this process has by now; how many bytes are in large pages for it.

    To be called after the fork: what a process shares with its parent would be parted again in small pages.
    """
    size = _size(kernel)
    if not size or not maps.exists():
        return 0
    madvise = ctypes.CDLL(None).madvise
    madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    moved = 0
    for begin, end in _own_memory(maps):
        madvise(begin, end - begin, MADV_HUGEPAGE)
        for at in range(-(-begin // size) * size, end - size + 1, size):
            # refused where nothing was ever written
            moved += 0 if madvise(at, size, MADV_COLLAPSE) else size
    return moved


def _size(kernel: Path) -> int:
    """The size of a large page; 0 where there are none, or the administrator wants none."""
    try:
        if "[never]" in (kernel / "enabled").read_text():
            return 0
        size = int((kernel / "hpage_pmd_size").read_text())
    except (OSError, ValueError):
        return 0
    return size if size <= MOST else 0


def _own_memory(maps: Path) -> Iterator[tuple[int, int]]:
    """Begin and end of all that is no file's, not shared and no stack."""
    for line in maps.read_text().splitlines():
        addresses, access, _, _, file, *name = line.split(maxsplit=5)
        if access == "rw-p" and file == "0" and name in ([], ["[heap]"]):
            begin, end = addresses.split("-")
            yield int(begin, 16), int(end, 16)
