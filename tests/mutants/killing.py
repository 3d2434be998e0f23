"""Which case tells a mutant from the documents as they are written."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from mutants.versions import Mutant
from support.cases.run import Case, by_id, differences, twin, wrong

from service.clinical.therapies_and_pathways import Clinical
from service.library import Library
from service.policy.model import Criterion, Policy

Signature = tuple[object, ...]
REFUSED = "refused by check"


@dataclass(frozen=True)
class Seen:
    """A case that the rules as written pass, and the criteria that its answer shows."""

    case: Case
    shown: frozenset[str]


def passing(cases: Iterable[Case], library: Library) -> list[Seen]:
    """The cases that can tell something: the ones that pass."""
    judged = ((one, twin(one, library)) for one in cases if not one.disputed)
    return [Seen(one, frozenset(by_id(said))) for one, said in judged if not differences(one, said)]


def killer(mutant: Mutant, written: Policy, seen: Sequence[Seen], library: Library) -> str | None:
    """The first case that fails under the mutant; what `check` refuses is dead already."""
    if mutant.policy is None:
        return REFUSED
    others = [mutant.policy if one is written else one for one in library.policies]
    mutated = replace(without_alternatives(library), policies=tuple(others))
    there = {one.id for one in mutant.policy.criteria()}
    for one in _candidates(_differing(written, mutant.policy), seen):
        case = _asked_of(one, there)
        if case is not None and fails(case, mutated):
            return case.says
    return None


def without_alternatives(library: Library) -> Library:
    """A library that judges alone, for cases expect nothing of alternatives: that takes a third less."""
    return replace(library, clinical=Clinical())


def fails(case: Case, library: Library) -> bool:
    """Whether the answer is not the expected one, or there is none."""
    try:
        return bool(wrong(case, library))
    except Exception:  # noqa: BLE001 - a mutant that breaks the engine is seen by whoever runs it
        return True


def _asked_of(seen: Seen, there: set[str]) -> Case | None:
    """A case without what it expects of criteria that are gone: that they are gone is no news."""
    expect = {
        id_: one for id_, one in seen.case.expect.items() if id_ in there or id_ not in seen.shown
    }
    return replace(seen.case, expect=expect) if expect or seen.case.whole else None


def _candidates(differing: set[str] | None, seen: Sequence[Seen]) -> list[Seen]:
    """The cases whose answers show what differs, the ones that expect something of it first."""
    if differing is None:
        return list(seen)
    found = [one for one in seen if differing & one.shown]
    return sorted(found, key=lambda one: -_nearness(differing, one.case))


def _nearness(differing: set[str], case: Case) -> int:
    """How near what a case expects comes to what differs: it, else what it is a part of."""
    above = {"": 0} | {up: up.count(".") for id_ in differing for up in _up(id_)}
    return max((above.get(id_, 0) for id_ in case.expect), default=0)


def _up(id_: str) -> Iterator[str]:
    """An id and the ids of what it may be a part of."""
    while id_.count("."):
        yield id_
        id_ = id_.rpartition(".")[0]


def _differing(written: Policy, mutated: Policy) -> set[str] | None:
    """The ids of the criteria that differ; None where more than criteria do."""
    heads = [
        (one.statements_valid, one.renewal_after, one.approved_before, *_conditions(one))
        for one in (written, mutated)
    ]
    if heads[0] != heads[1]:
        return None
    before, after = _signatures(written), _signatures(mutated)
    return {id_ for id_ in before if before[id_] != after.get(id_)}


def _conditions(policy: Policy) -> Iterator[tuple[str, ...]]:
    return (one.conditions for one in policy.indications.values())


def _signatures(policy: Policy) -> dict[str, list[Signature]]:
    """What each criterion asks and of what it consists, by its id."""
    found: dict[str, list[Signature]] = {}
    for one in policy.criteria():
        found.setdefault(one.id, []).append(_signature(one))
    return found


def _signature(one: Criterion) -> Signature:
    notices = tuple(_whole(notice.when) for notice in one.notices)
    below = tuple(child.id for child in one.children)
    return (one.op, one.operator, one.statement, one.n, below, notices)


def _whole(one: Criterion) -> Signature:
    """A notice stands in no answer by itself: it differs with any of its parts."""
    return (*_signature(one), *map(_whole, one.children))
