"""Which case tells a mutant from the rule as it is written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cases.run import Case, by_id, twin, wrong
from mutants.versions import Mutant, ids

from service.library import Library
from service.policy.model import Policy


@dataclass(frozen=True)
class Seen:
    """A case that the rules as written pass, and the criteria that its answer shows."""

    case: Case
    shown: frozenset[str]


def passing(cases: Iterable[Case], library: Library) -> list[Seen]:
    """The cases that can tell something: the ones that pass."""
    return [
        Seen(one, frozenset(by_id(twin(one, library))))
        for one in cases
        if not one.disputed and not wrong(one, library)
    ]


def killer(mutant: Mutant, seen: list[Seen], library: Library) -> str | None:
    """The first case that fails under the mutant; what `check` refuses is dead already."""
    if mutant.policy is None:
        return "refused by check"
    others = tuple(
        mutant.policy
        if one.id == mutant.policy.id and one.effective == mutant.policy.effective
        else one
        for one in library.policies
    )
    mutated = replace(library, policies=others)
    there = ids(mutant.policy)
    for one in _candidates(mutant.edit.about, seen):
        if case := _asked_of(one, there):
            if fails(case, mutated):
                return case.says
    return None


def fails(case: Case, library: Library) -> bool:
    """Whether the answer is not the expected one, or there is none."""
    try:
        return bool(wrong(case, library))
    except Exception:  # noqa: BLE001 - a mutant that breaks the engine is seen by whoever runs it
        return True


def _asked_of(seen: Seen, there: frozenset[str]) -> Case | None:
    """A case without what it expects of criteria that the mutant does not have: their absence is no news."""
    expect = {
        id_: one for id_, one in seen.case.expect.items() if id_ in there or id_ not in seen.shown
    }
    return replace(seen.case, expect=expect) if expect or seen.case.whole else None


def _candidates(about: str, seen: list[Seen]) -> list[Seen]:
    """The cases whose answers show the edited criterion, the ones that expect something of it first."""
    shown = [one for one in seen if any(id_ in one.shown for id_ in _up(about))]
    shown = [one for one in seen if next(_known(about, one.shown), None)] if shown else list(seen)
    return sorted(shown, key=lambda one: -_nearness(about, one.case))


def _known(about: str, shown: frozenset[str]) -> Iterator[str]:
    return (id_ for id_ in _up(about) if id_ in shown)


def _up(id_: str) -> Iterator[str]:
    """An id and the ids of what it may be a part of."""
    while id_.count("."):
        yield id_
        id_ = id_.rpartition(".")[0]


def _nearness(about: str, case: Case) -> int:
    """How much of what a case expects is about a criterion, its parts or what it is part of."""
    near = [id_ for id_ in case.expect if id_.startswith(about) or about.startswith(id_)]
    return max((len(id_) for id_ in near), default=0)
