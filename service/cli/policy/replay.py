"""Judges recorded requests under two versions of a policy and compares the criteria."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from service.advise import Rendered, advise
from service.cds.body import parse_body
from service.cds.request import AsOf, parse_hook_request
from service.errors import RequestError, UnknownPolicyError
from service.library import Library
from service.pages.difference.versions import Pair
from service.pages.versions import PolicyVersion
from service.policy.assess import Assessment
from service.policy.model import State
from service.web.caller import LOCAL

Twin = Mapping[str, Any]
ABSENT = "not asked"


@dataclass(frozen=True, slots=True)
class ReplayedOrder:
    """One order of one request: its outcome under both versions, and the criteria that differ."""

    name: str
    before: str
    after: str
    criteria: tuple[str, ...]
    judged: tuple[bool, bool] = (True, True)  # whether its criteria were asked, under A and under B

    @property
    def flips(self) -> bool:
        """Whether the outcome changes."""
        return self.before != self.after

    @property
    def differs(self) -> bool:
        """Whether the outcome or any criterion changes."""
        return self.flips or bool(self.criteria)


def replay(pair: Pair, folder: Path, as_of: AsOf) -> list[ReplayedOrder]:
    """Every order in the requests of a folder under both versions, as if each were in force on the day."""
    old, new = pair.old.policy, pair.new.policy
    if (old.payer, old.drug) != (new.payer, new.drug):
        raise UnknownPolicyError(
            "requests can be judged under two versions for one payer and drug only"
        )
    files = sorted(folder.glob("*.json")) if folder.is_dir() else []
    if not files:
        raise UnknownPolicyError(f"'{folder}' is no folder of recorded requests (*.json)")
    libraries = [_library_deciding_by(version, pair) for version in (pair.old, pair.new)]
    return [
        order
        for file in files
        for order in _replayed_orders(libraries, (old.id, new.id), file, as_of)
    ]


def _library_deciding_by(version: PolicyVersion, pair: Pair) -> Library:
    """A library in which only this version applies, from the earlier first day of the two on.

    Both versions get the same first day, so that statements are equally old under both.
    """
    policy, first = version.policy, min(pair.old.policy.effective, pair.new.policy.effective)
    others = [
        other_policy
        for other_policy in version.library.policies
        if (other_policy.payer, other_policy.drug) != (policy.payer, policy.drug)
    ]
    judging = replace(policy, effective=first, until=None, state=State.ACTIVE)
    return replace(version.library, policies=(*others, judging))


def _replayed_orders(
    libraries: Sequence[Library], ids: tuple[str, str], file: Path, as_of: AsOf
) -> Iterator[ReplayedOrder]:
    before, after = (_orders(library, file, as_of) for library in libraries)
    for old, new in zip(before, after, strict=True):
        was, now = old.judgement.assessment, new.judgement.assessment
        name = file.name if len(before) == 1 else f"{file.name} {old.judgement.about.order}"
        judged = _is_judged(was, ids[0]), _is_judged(now, ids[1])
        criteria = tuple(_criteria(old.twin, new.twin))
        yield ReplayedOrder(name, str(was.outcome), str(now.outcome), criteria, judged)


def _is_judged(assessment: Assessment, id_: str) -> bool:
    """Whether the criteria of this policy were judged."""
    policy = assessment.policy
    return assessment.root is not None and policy is not None and policy.id == id_


def _orders(library: Library, file: Path, as_of: AsOf) -> Sequence[Rendered]:
    hooks = frozenset(service.hook for service in library.services)
    try:
        request = parse_hook_request(parse_body(file.read_bytes()), hooks)
        return advise(library, request, library.client(LOCAL), as_of).orders
    except RequestError as error:
        raise UnknownPolicyError(f"{file}: {error}") from None


def _criteria(old: Twin, new: Twin) -> Iterator[str]:
    """Criteria whose truth changes; a changed reason alone is not listed."""
    before, after = _by_id(old), _by_id(new)
    for id_ in {**before, **after}:
        was, now = before.get(id_), after.get(id_)
        if _truth(was) != _truth(now):
            yield f"{id_}: {_state(was)} → {_state(now)}"


def _by_id(twin: Twin) -> dict[str, Twin]:
    return {criterion["id"]: criterion for criterion in _walk(twin["criteria"])}


def _walk(criteria: Sequence[Twin]) -> Iterator[Twin]:
    for criterion in criteria:
        yield criterion
        yield from _walk(criterion.get("children") or ())


def _truth(criterion: Twin | None) -> str:
    return ABSENT if criterion is None else str(criterion["truth"])


def _state(criterion: Twin | None) -> str:
    why = criterion and ", ".join(
        str(criterion[name]) for name in ("reason", "miss") if criterion.get(name)
    )
    return f"{_truth(criterion)} ({why})" if why else _truth(criterion)
