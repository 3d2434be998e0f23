"""Every boundary of the shipped policy: as announced, in every reason, the same each time."""

from functools import cache

import pytest
from support.boundary import POLICY
from support.cases.run import library
from support.extent import ALL

from service.boundary.boundary_cases import BoundaryCase, boundary_cases
from service.cases.case_words import CaseWords
from service.cases.judged_cases import differences, twin
from service.policy.truth import REASONS

EVERY = 1 if ALL else 97


@cache
def made() -> tuple[list[BoundaryCase], CaseWords]:
    return boundary_cases(library(), POLICY)


def test_a_sample_is_judged_as_announced() -> None:
    cases, words = made()
    assert len(cases) > 2000
    wrong = [
        f"{one.name}: {line}"
        for one in cases[::EVERY]
        for line in differences(one.case, twin(one.case, library(), words))
    ]
    assert wrong == []


# No finding and no weight that this first request asks for can be too old.
NEVER = {("crswnp", "initial"): {"stale"}}


@pytest.mark.parametrize("path", ["initial", "renewal"])
@pytest.mark.parametrize("indication", sorted(POLICY.indications))
def test_both_truths_and_every_reason_are_announced(indication: str, path: str) -> None:
    cells = {
        one.reason or one.truth
        for one in made()[0]
        if (one.indication, one.path) == (indication, path)
    }
    missing = {"met", "not_met", *map(str, REASONS)} - cells
    assert missing == NEVER.get((indication, path), set())


def test_nobody_has_anything_from_before_birth() -> None:
    for one in made()[0]:
        if (age := str(one.case.given.get("age", ""))).endswith("months"):
            months = int(age.split(maxsplit=1)[0])
            born = one.case.as_of.year - (months + 11) // 12 - 1
            days = [
                str(entry.get("on"))
                for name in ("findings", "claims", "visits", "procedures", "dispenses")
                for entry in one.case.given.get(name, ())
                if entry.get("on")
            ]
            assert all(int(day[:4]) >= born for day in days), one.name
