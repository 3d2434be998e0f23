"""A fact without a source, a value set without codes: a case notices, or it is listed why none can."""

from collections.abc import Callable, Iterator
from time import perf_counter

import pytest
from mutants.changed import unchanged
from mutants.knowledge import Emptied, Mutated, facts_without_a_source, noticed
from mutants.shipped import mapping_folders, seen
from mutants.survivors import listed
from mutants.tally import Count, Tally
from support.cases.run import library


def _facts() -> Iterator[Mutated]:
    return facts_without_a_source(library(), seen())


def _sets() -> Iterator[Mutated]:
    return Emptied(mapping_folders(), library(), seen()).mutants()


@pytest.mark.timeout(1200)  # seconds: all mutants of a kind are one test
@pytest.mark.parametrize(
    ("what", "mutants"),
    [
        pytest.param("fact", _facts, marks=unchanged("facts")),
        pytest.param("value set", _sets, marks=unchanged("value sets")),
    ],
)
def test_every_mutant_is_killed_or_listed(
    what: str, mutants: Callable[[], Iterator[Mutated]], mutants_tally: Tally
) -> None:
    began = perf_counter()
    found = [(f"{what} {name}", noticed(mutated, cases)) for name, mutated, cases in mutants()]
    alive = sum(killer is None for _, killer in found)
    mutants_tally.counts[f"{what}s"] = Count(len(found), 0, alive, perf_counter() - began)
    wrong = listed("documents").wrong(found)
    assert not wrong, "\n".join(wrong)


def test_every_listed_survivor_is_a_mutant() -> None:
    facts = library().knowledge.facts.values()
    names = [f"fact {one.name}: without {s.source}" for one in facts for s in one.sources]
    names += [f"value set {name}: emptied" for name in mapping_folders().value_sets.shapes]
    assert listed("documents").idle(names) == []
