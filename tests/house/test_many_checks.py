"""Many checks in one test: each is made, and all that fail are named."""

from collections.abc import Callable

import pytest
from support.each import by_file, make_all


def _passes() -> None:
    pass


def _fails(error: Exception) -> Callable[[], None]:
    def check() -> None:
        raise error

    return check


def test_all_failing_checks_are_named_and_shown() -> None:
    wrong, broken = AssertionError("ad.initial: expected met"), KeyError("criteria")
    checks = [
        ("one", _passes),
        ("two", _fails(wrong)),
        ("three", _fails(broken)),
        ("four", _passes),
    ]
    with pytest.raises(ExceptionGroup, match=r"2 of 4 checks failed:\ntwo\nthree") as found:
        make_all(checks)
    assert found.value.exceptions == (wrong, broken)
    assert wrong.__notes__ == ["this failed for: two"]


def test_checks_that_hold_are_counted() -> None:
    assert make_all([("one", _passes), ("two", _passes)]) == 2


def test_every_case_is_in_its_file() -> None:
    class Case:
        def __init__(self, file: str, says: str) -> None:
            self.file, self.says = file, says

    cases = [Case("ad.yaml", "a"), Case("pn.yaml", "b"), Case("ad.yaml", "c")]
    assert by_file(cases) == {"ad.yaml": [cases[0], cases[2]], "pn.yaml": [cases[1]]}
