"""Every case of the policies, judged once: the engine answers what the case expects and what can be."""

from collections.abc import Callable, Iterator
from functools import cache, partial

import pytest
from support.cases.run import Case, Json, all_cases, check_stated, differences, library, twin
from support.cells.shipped import shown_impossible
from support.each import Checks, by_file

FILES = by_file(all_cases())


@pytest.mark.parametrize("file", FILES)
def test_every_case_of_a_file(file: str, all_hold: Callable[[Checks], None]) -> None:
    all_hold(check for case in FILES[file] for check in _checks(case))


def _checks(case: Case) -> Iterator[tuple[str, Callable[[], None]]]:
    said = cache(partial(twin, case, library()))
    yield case.says, lambda: _expected(case, said)
    if not case.disputed:
        yield f"{case.says} (what its criteria come to)", lambda: _possible(case, said)


def _expected(case: Case, said: Callable[[], Json]) -> None:
    check_stated(case, library())
    lines = differences(case, said())
    if case.disputed:
        assert lines, f"no longer disputed, as the answer is what it expects: {case.disputed}"
    else:
        assert not lines, "\n".join(lines)


def _possible(case: Case, said: Callable[[], Json]) -> None:
    lines = shown_impossible(case, said())
    assert not lines, "\n".join(lines)
