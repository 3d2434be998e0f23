"""Every case of the policies: the engine answers what the case expects."""

import pytest
from support.cases.run import Case, all_cases, library
from support.cases.stated import judged


def _param(case: Case) -> object:
    marks = (
        [pytest.mark.xfail(strict=True, raises=AssertionError, reason=case.disputed)]
        if case.disputed
        else []
    )
    return pytest.param(case, id=f"{case.file}: {case.says}", marks=marks)


@pytest.mark.parametrize("case", [_param(case) for case in all_cases()])
def test_case(case: Case) -> None:
    lines = judged(case, library())
    assert not lines, "\n".join([case.says, *lines])
