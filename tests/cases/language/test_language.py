"""Every word of the language on a small policy of its own: the engine answers what the case expects."""

from collections.abc import Callable
from functools import partial

import pytest
from support.cases.run import Case, judged
from support.each import Checks, by_file
from support.language import cases, constructs, library

CONSTRUCTS = by_file(case for construct in constructs() for case in cases(construct))


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_every_case_of_a_construct(construct: str, all_hold: Callable[[Checks], None]) -> None:
    all_hold((case.says, partial(_check, construct, case)) for case in CONSTRUCTS[construct])


def _check(construct: str, case: Case) -> None:
    lines = judged(case, library(construct))
    assert not lines, "\n".join(lines)
