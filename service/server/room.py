"""Room for requests in one piece: what a body holds lies side by side, not in gaps between the documents.

Reading the documents leaves twenty megabytes of gaps behind, from single blocks to whole pools, and
CPython fills gaps first. A thousand resources, strewn over all of them, take a fifth longer to read
and to let go than side by side. So the gaps are filled once, for good, before the fork.

The sizes are those of CPython's allocator for small objects (Objects/obmalloc.c, since 3.10); where
it is not in use nothing is done.
"""

import sys
from collections.abc import Callable

SMALLEST, LARGEST, STEP = 16, 512, 16
POOL, ARENA = 16 * 1024, 1024 * 1024
# what a thousand resources take as objects, and half as much again
ROOM = 12 * 1024 * 1024
# no gap is looked for further than this, for each size
MOST = 2 * 1024 * 1024
ALL_GAPS = 64 * 1024 * 1024
OF_A_BYTES = sys.getsizeof(b"")
# filled gaps stay filled as long as the process lives
_filled: list[object] = []


def make_room() -> int:
    """Fills all gaps and leaves room behind them; how many bytes were filled."""
    if not sys.getallocatedblocks():
        return 0
    filled = 0
    for size in range(SMALLEST, LARGEST + 1, STEP):
        filled += _fill(size, POOL // size - 6, MOST)
    filled += _fill(LARGEST, (ARENA - 2 * POOL) // LARGEST - ARENA // POOL, ALL_GAPS)
    _filled.extend(_reserve())
    return filled


def _fill(size: int, row: int, most: int) -> int:
    """Takes blocks of a size until so many in a row lie side by side: no gap is left then."""
    make, count, near, last = _maker(size), 0, 0, 0
    while near < row and count * size < most:
        one = make()
        _filled.append(one)
        count += 1
        # something small of our own may come between two
        near = near + 1 if abs(id(one) - last) <= 3 * size else 0
        last = id(one)
    return count * size


def _maker(size: int) -> Callable[[], object]:
    if size == SMALLEST:
        return object
    if size < OF_A_BYTES:
        return lambda: complex(size, len(_filled))
    return lambda: bytes(size - OF_A_BYTES)


def _reserve() -> list[object]:
    """A block in each piece of the room; the others are free again, and no piece goes back to the system."""
    blocks = [bytes(LARGEST - OF_A_BYTES) for _ in range(ROOM // LARGEST)]
    return [*{id(one) * 4 // ARENA: one for one in blocks}.values()]
