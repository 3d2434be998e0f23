"""The id of a request: of the caller, of the caller's trace, or new."""

from uuid import UUID

import pytest

from service.watch.request_ids import TraceParent, id_for, read_parent

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
GIVEN = "6f1f9c1e-2f0b-4b6e-9d3a-0a1b2c3d4e5f"


@pytest.mark.parametrize(
    ("header", "is_sampled"),
    [
        (f"00-{TRACE}-{SPAN}-01", True),
        (f"00-{TRACE}-{SPAN}-00", False),
        (f"01-{TRACE}-{SPAN}-03-more", True),
    ],
)
def test_parent_is_read_as_the_standard_has_it(header: str, *, is_sampled: bool) -> None:
    assert read_parent(header) == TraceParent(TRACE, SPAN, is_sampled)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "John Doe",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE}-{SPAN}-1",
        f"00-{TRACE}-{SPAN}-01\n",
    ],
)
def test_parent_that_is_not_well_formed_is_none(header: str | None) -> None:
    assert read_parent(header) is None


def test_id_is_that_of_the_caller_else_of_its_trace_else_new() -> None:
    parent = read_parent(f"00-{TRACE}-{SPAN}-01")
    assert id_for(GIVEN, parent) == GIVEN
    assert id_for("John Doe", parent) == TRACE
    assert UUID(id_for("John Doe", None)).version == 4
