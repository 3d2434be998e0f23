"""Citations: lines of a source."""

import pytest

from service.library.criteria.heading import cited, wrong_cite

RISING = "cite is lines of the source, rising, like '24' or '37-39, 167'"


@pytest.mark.parametrize(
    ("written", "ends"),
    [
        ("24", [24, 24]),
        ("37-39", [37, 39]),
        ("37-39, 167", [37, 39, 167, 167]),
        ("", None),
        ("x", None),
        ("37,39", None),
        ("37 - 39", None),
    ],
)
def test_citation_is_read_as_the_ends_of_its_ranges(written: str, ends: list[int] | None) -> None:
    assert cited(written) == ends


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("1", None),
        ("167", None),
        ("37-39, 167", None),
        ("168", "the source has 167 lines, line 168 is none of them"),
        ("0", RISING),
        ("39-37", RISING),
        ("40, 37", RISING),
        ("line 3", RISING),
    ],
)
def test_citation_must_name_rising_lines_of_the_source(written: str, why: str | None) -> None:
    assert wrong_cite(written, {"lines": 167}) == why


def test_citation_of_a_source_of_unknown_length_is_accepted() -> None:
    assert wrong_cite("9999", {}) is None
