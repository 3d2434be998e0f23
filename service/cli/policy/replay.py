"""Recorded requests judged under two versions of a policy, criterion by criterion."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from service.advise import Rendered, advise
from service.cds.as_of import AsOf
from service.cds.body import parse_body
from service.cds.request import parse_hook_request
from service.errors import RequestError, UnknownPolicyError
from service.library import Library
from service.pages.difference.versions import Pair
from service.pages.versions import Version
from service.policy.assess import Assessment
from service.web.caller import LOCAL

Twin = Mapping[str, Any]
ABSENT = "not asked"


@dataclass(frozen=True, slots=True)
class Replayed:
    """One order of one request: its outcome under both, and the criteria that differ."""

    name: str
    before: str
    after: str
    criteria: tuple[str, ...]
    judged: tuple[bool, bool] = (True, True)  # whether its criteria were asked, under A and under B

    @property
    def flips(self) -> bool:
        """Whether the outcome is another one."""
        return self.before != self.after

    @property
    def differs(self) -> bool:
        """Whether anything at all is another one."""
        return self.flips or bool(self.criteria)


def replay(pair: Pair, folder: Path, as_of: AsOf) -> list[Replayed]:
    """Every request of the folder under both versions, as if each were in force on the day."""
    old, new = pair.old.policy, pair.new.policy
    if (old.payer, old.drug) != (new.payer, new.drug):
        raise UnknownPolicyError(
            "requests can be judged under two versions for one payer and drug only"
        )
    files = sorted(folder.glob("*.json")) if folder.is_dir() else []
    if not files:
        raise UnknownPolicyError(f"'{folder}' is no folder of recorded requests (*.json)")
    libraries = [_deciding(one, pair) for one in (pair.old, pair.new)]
    return [found for file in files for found in _both(libraries, (old.id, new.id), file, as_of)]


def _deciding(version: Version, pair: Pair) -> Library:
    """The library in which this version decides, from the earlier first day of the two on.

    Both get the same days, so that statements count alike under both.
    """
    policy, first = version.policy, min(pair.old.policy.effective, pair.new.policy.effective)
    others = [
        one
        for one in version.library.policies
        if (one.payer, one.drug) != (policy.payer, policy.drug)
    ]
    policies = (*others, replace(policy, effective=first, until=None))
    return replace(version.library, policies=policies)


def _both(
    libraries: Sequence[Library], ids: tuple[str, str], file: Path, as_of: AsOf
) -> Iterator[Replayed]:
    before, after = (_orders(library, file, as_of) for library in libraries)
    for old, new in zip(before, after, strict=True):
        was, now = old.judgement.assessment, new.judgement.assessment
        name = file.name if len(before) == 1 else f"{file.name} {old.judgement.about.order}"
        judged = _is_judged(was, ids[0]), _is_judged(now, ids[1])
        criteria = tuple(_criteria(old.twin, new.twin))
        yield Replayed(name, str(was.outcome), str(now.outcome), criteria, judged)


def _is_judged(assessment: Assessment, id_: str) -> bool:
    """Whether this policy's criteria were asked, and not those of another payer or none."""
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
    """Criteria whose truth is another one; why it is unknown may differ without a word."""
    before, after = ({one["id"]: one for one in _walk(twin["criteria"])} for twin in (old, new))
    for id_ in {**before, **after}:
        was, now = before.get(id_), after.get(id_)
        if _truth(was) != _truth(now):
            yield f"{id_}: {_state(was)} → {_state(now)}"


def _walk(criteria: Sequence[Twin]) -> Iterator[Twin]:
    for one in criteria:
        yield one
        yield from _walk(one.get("children") or ())


def _truth(one: Twin | None) -> str:
    return ABSENT if one is None else str(one["truth"])


def _state(one: Twin | None) -> str:
    why = one and ", ".join(str(one[name]) for name in ("reason", "miss") if one.get(name))
    return f"{_truth(one)} ({why})" if why else _truth(one)
