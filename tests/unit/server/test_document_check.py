"""A check in a process of its own: its result comes back, also if it dies."""

import os
from collections.abc import Callable
from time import monotonic, sleep

import pytest

from service.server.document_check import DIED, CheckResult, ContentCheck


def ended(check: ContentCheck) -> CheckResult:
    until = monotonic() + 30
    while monotonic() < until:
        result = check.result()
        if result is not None:
            os.waitpid(check.pid, 0)
            return result
        sleep(0.01)
    raise TimeoutError


def died() -> CheckResult:
    os._exit(1)


def failed() -> CheckResult:
    raise ZeroDivisionError


RESULTS: dict[str, tuple[Callable[[], CheckResult], CheckResult]] = {
    "sound": (lambda: CheckResult(key="k"), CheckResult("k", [])),
    "refused": (lambda: CheckResult(reasons=("a:1: b",)), CheckResult("", ["a:1: b"])),
    "large": (lambda: CheckResult(reasons=["x" * 100] * 5000), CheckResult("", ["x" * 100] * 5000)),
    "died": (died, CheckResult("", (DIED,))),
    "failed": (failed, CheckResult("", (DIED,))),
}


@pytest.mark.parametrize(("check", "result"), RESULTS.values(), ids=RESULTS)
def test_result_comes_back(check: Callable[[], CheckResult], result: CheckResult) -> None:
    assert ended(ContentCheck(check, (), ())) == result


def test_check_that_is_ended_has_no_result() -> None:
    def waits() -> CheckResult:
        sleep(60)
        return CheckResult()

    check = ContentCheck(waits, (), ())
    assert check.result() is None
    check.end()
    assert ended(check).reasons == (DIED,)
    check.end()
