"""Rows are written later, in batches, again if they could not be, and what is lost is counted."""

import logging
from collections.abc import Callable, Sequence
from threading import Event

import pytest

from service.errors import RefusedRowsError, StoreError
from service.store.batch_writer import BATCH, Writer
from service.store.outage import Outage
from service.store.tables import GapRecord


class Rows:
    """What a writer has written; can be told to fail."""

    def __init__(self) -> None:
        self.written: list[int] = []
        self.sizes: list[int] = []
        self.gaps: list[GapRecord] = []
        self.failures: list[Exception] = []
        self.refused: set[int] = set()
        self.failed = Event()

    def write(self, batch: Sequence[int], gap: GapRecord | None) -> None:
        """Takes a batch whole or not at all."""
        if self.failures:
            self.failed.set()
            raise self.failures.pop()
        if self.refused & {*batch}:
            raise RefusedRowsError
        self.written.extend(batch)
        self.sizes.append(len(batch))
        if gap is not None:
            self.gaps.append(gap)


@pytest.fixture
def rows() -> Rows:
    return Rows()


@pytest.fixture
def outage() -> Outage:
    return Outage("decisions")


@pytest.fixture
def make(rows: Rows, outage: Outage) -> Callable[..., Writer[int]]:
    return lambda **more: Writer[int](rows.write, outage, **more)


def again(writer: Writer[int], rows: Rows) -> None:
    """Has it try again after its first failure."""
    assert rows.failed.wait(30)
    writer.try_again(30)


def test_rows_are_written_in_order_by_the_time_it_is_closed(
    make: Callable[..., Writer[int]], rows: Rows
) -> None:
    writer = make()
    writer.add([1, 2])
    writer.add([3])
    writer.close()
    assert rows.written == [1, 2, 3]
    assert writer.missed == 0


def test_rows_are_written_in_batches(make: Callable[..., Writer[int]], rows: Rows) -> None:
    writer = make()
    writer.add(range(BATCH + 1))
    writer.close()
    assert sum(rows.sizes) == BATCH + 1
    assert max(rows.sizes) <= BATCH


def test_batch_that_could_not_be_written_is_written_once_that_is_possible(
    make: Callable[..., Writer[int]], rows: Rows, outage: Outage
) -> None:
    writer = make()
    rows.failures.append(StoreError("locked"))
    writer.add([1, 2])
    again(writer, rows)
    writer.close()
    assert (rows.written, writer.missed, rows.gaps) == ([1, 2], 0, [])
    assert outage.failure is None


def test_while_a_batch_waits_the_outage_is_told(
    outage: Outage,
) -> None:
    tried = Event()

    def fail(_batch: Sequence[int], _gap: GapRecord | None) -> None:
        tried.set()
        raise StoreError("locked")

    writer = Writer[int](fail, outage)
    writer.add([1])
    assert tried.wait(30)
    writer.close()
    assert outage.failure is not None
    assert outage.failure.reason == "locked"
    assert writer.missed == 1


def test_rows_beyond_the_capacity_are_lost_and_the_gap_is_written(
    make: Callable[..., Writer[int]], rows: Rows
) -> None:
    writer = make(capacity=2)
    writer.add([])
    writer.add([1, 2, 3, 4])
    writer.close()
    assert (rows.written, writer.missed) == ([1, 2], 2)
    (gap,) = rows.gaps
    assert (gap.missing, gap.reason) == (2, "the queue is full")
    assert gap.began_at <= gap.ended_at


def test_row_that_is_refused_costs_no_other(make: Callable[..., Writer[int]], rows: Rows) -> None:
    writer = make()
    rows.refused = {2, 3}
    writer.add([1, 2, 3, 4])
    writer.close()
    assert (rows.written, writer.missed) == ([1, 4], 2)
    assert sum(gap.missing for gap in rows.gaps) == 2


def test_row_that_no_row_can_be_made_of_is_lost_alone(
    make: Callable[..., Writer[int]], rows: Rows
) -> None:
    writer = make()
    rows.failures = [ValueError(), ValueError()]  # of the batch, then of its first row
    writer.add([1, 2])
    writer.close()
    assert (rows.written, writer.missed) == ([2], 1)
    assert [gap.reason for gap in rows.gaps] == ["ValueError"]


def test_database_that_fails_among_single_rows_loses_none_and_writes_none_twice(
    rows: Rows,
) -> None:
    def write(batch: Sequence[int], gap: GapRecord | None) -> None:
        if [*batch] == [3] and not rows.failed.is_set():
            rows.failed.set()
            raise StoreError("locked")
        rows.write(batch, gap)

    writer = Writer[int](write, Outage("decisions"))
    rows.refused = {1}
    writer.add([1, 2, 3])
    again(writer, rows)
    writer.close()
    assert (rows.written, writer.missed) == ([2, 3], 1)


def test_gap_is_kept_until_it_could_be_written(
    make: Callable[..., Writer[int]], rows: Rows
) -> None:
    writer = make(capacity=1)
    rows.failures.append(StoreError("locked"))
    writer.add([1, 2])
    again(writer, rows)
    writer.close()
    assert rows.written == [1]
    assert [gap.missing for gap in rows.gaps] == [1]


def test_what_cannot_be_written_at_the_end_is_counted_and_logged(
    outage: Outage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)

    def fail(_batch: Sequence[int], _gap: GapRecord | None) -> None:
        raise StoreError("locked")

    writer = Writer[int](fail, outage)
    writer.add(range(BATCH + 5))
    writer.close()
    assert writer.missed == BATCH + 5
    assert f"decisions not kept: {BATCH + 5} (the service ended first)" in caplog.text


def test_writer_that_was_closed_can_be_used_again(
    make: Callable[..., Writer[int]], rows: Rows
) -> None:
    writer = make()
    for n in (1, 2):
        writer.add([n])
        writer.close()
    assert rows.written == [1, 2]
