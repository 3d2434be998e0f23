"""Every word of the language on a small policy of its own: the engine answers what the case expects."""

import pytest
from support.cases.run import Case
from support.cases.stated import judged
from support.language import cases, constructs, library

ALL = [
    pytest.param(construct, case, id=f"{construct}: {case.says}")
    for construct in constructs()
    for case in cases(construct)
]


@pytest.mark.parametrize(("construct", "case"), ALL)
def test_case(construct: str, case: Case) -> None:
    lines = judged(case, library(construct))
    assert not lines, "\n".join([case.says, *lines])
