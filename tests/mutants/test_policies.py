"""Every mutant of a shipped policy is killed by a case, or it is listed with the reason why none can."""

from time import perf_counter

import pytest
from mutants.changed import unchanged
from mutants.killing import REFUSED
from mutants.shipped import judged, seen, versions
from mutants.survivors import listed
from mutants.tally import Count, Tally
from mutants.versions import Version
from support.cases.run import library

FILES = [
    pytest.param(
        version, file, id=f"{version.cases}{file}", marks=unchanged(f"{version.cases}{file}")
    )
    for version in versions()
    for file in version.documents
]
# All mutants of one document are one test, which is left out where they were judged before.
SECONDS = 1200


@pytest.mark.timeout(SECONDS)
@pytest.mark.parametrize(("version", "file"), FILES)
def test_every_mutant_is_killed_or_listed(
    version: Version, file: str, mutants_tally: Tally
) -> None:
    cases, began = seen(version.cases), perf_counter()
    found = list(judged(version, file, cases, library()))
    killers = [killer for _, killer in found]
    counted = (len(found), killers.count(REFUSED), killers.count(None))
    mutants_tally.counts[f"{version.cases}{file}"] = Count(*counted, perf_counter() - began)
    sound = [(name, killer) for name, killer in found if killer != REFUSED]
    wrong = listed(version.cases).wrong(sound)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("version", versions(), ids=lambda one: one.cases)
def test_every_listed_survivor_is_a_mutant(version: Version) -> None:
    names = [f"{file}: {edit.name}" for file, edit in version.edits()]
    assert listed(version.cases).idle(names) == []
