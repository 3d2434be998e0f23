"""Rows are written later, in batches, and what cannot be written is counted."""

from collections.abc import Sequence

from service.store.writer import BATCH, Writer


def test_rows_are_written_in_order_by_the_time_it_is_closed() -> None:
    written: list[int] = []
    writer = Writer[int](written.extend)
    writer.hand([1, 2])
    writer.hand([3])
    writer.close()
    assert written == [1, 2, 3]
    assert writer.missed == 0


def test_rows_are_written_in_batches() -> None:
    sizes: list[int] = []

    def write(rows: Sequence[int]) -> None:
        sizes.append(len(rows))

    writer = Writer[int](write)
    writer.hand(range(BATCH + 1))
    writer.close()
    assert sum(sizes) == BATCH + 1
    assert max(sizes) <= BATCH


def test_rows_beyond_the_capacity_are_counted_as_missed() -> None:
    written: list[int] = []
    writer = Writer[int](written.extend, capacity=2)
    writer.hand([])
    writer.hand([1, 2, 3, 4])
    writer.close()
    assert len(written) + writer.missed == 4
    assert written[:2] == [1, 2]


def test_batch_that_fails_is_counted_and_the_next_is_written() -> None:
    written: list[int] = []

    def write(rows: Sequence[int]) -> None:
        if 0 in rows:
            raise ValueError
        written.extend(rows)

    writer = Writer[int](write)
    writer.hand([0])
    writer.close()
    writer.hand([1])
    writer.close()
    assert (written, writer.missed) == ([1], 1)
