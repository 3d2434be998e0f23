"""Judges recorded requests under two versions of a policy and compares the criteria."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from service.advise import advise
from service.boundary import boundary_cases
from service.cards.assessment_json import walk_twin
from service.cases import given
from service.cases.case_words import CaseContext
from service.cds.request import AsOf, HookRequest, parse_hook_request
from service.cds.strict_json import parse_body
from service.errors import RequestError, UnknownPolicyError
from service.facts.client import Client
from service.library import Library
from service.pages.difference.version_difference import Pair
from service.pages.version_by_name import PolicyVersion
from service.policy.assessment import Assessment
from service.policy.model import Policy, ReviewState
from service.web.http.caller import LOCAL

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


class Sent(NamedTuple):
    """One request with its name, whose data it is, and the day to judge by."""

    name: str
    request: HookRequest
    client: Client
    as_of: AsOf


def replay(pair: Pair, folder: Path, as_of: AsOf) -> list[ReplayedOrder]:
    """Every order in the requests of a folder under both versions, as if each were in force on the day."""
    old, new = pair.old.policy, pair.new.policy
    _same_payer_and_drug(old, new)
    files = sorted(folder.glob("*.json")) if folder.is_dir() else []
    if not files:
        raise UnknownPolicyError(f"'{folder}' is no folder of recorded requests (*.json)")
    libraries = [_library_deciding_by(version, pair) for version in (pair.old, pair.new)]
    return [
        order
        for file in files
        for order in _replayed_orders(
            libraries, (old.id, new.id), _of_file(file, libraries[0], as_of)
        )
    ]


def replay_generated(pair: Pair) -> list[ReplayedOrder]:
    """Every boundary patient of both versions under both, each with the data that its case says are held."""
    old, new = pair.old.policy, pair.new.policy
    _same_payer_and_drug(old, new)
    libraries = [_library_deciding_by(version, pair) for version in (pair.old, pair.new)]
    orders: list[ReplayedOrder] = []
    for letter, version in zip("AB", (pair.old, pair.new), strict=True):
        cases, words = boundary_cases(version.library, version.policy)
        for case in cases:
            at = CaseContext(case.case.as_of, words)
            name = f"{letter} {case.name} ({case.criterion}: {case.why})"
            sent = Sent(
                name,
                parse_hook_request(given.request(case.case.given, at), libraries[0].hooks),
                given.client(case.case.given, at),
                AsOf("day", case.case.as_of),
            )
            orders += _replayed_orders(libraries, (old.id, new.id), sent)
    return orders


def _same_payer_and_drug(old: Policy, new: Policy) -> None:
    if (old.payer, old.drug) != (new.payer, new.drug):
        raise UnknownPolicyError(
            "requests can be judged under two versions for one payer and drug only"
        )


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
    judging = replace(policy, effective=first, until=None, state=ReviewState.ACTIVE)
    return replace(version.library, policies=(*others, judging))


def _replayed_orders(
    libraries: Sequence[Library], ids: tuple[str, str], sent: Sent
) -> Iterator[ReplayedOrder]:
    before, after = (
        advise(library, sent.request, sent.client, sent.as_of).orders for library in libraries
    )
    for old, new in zip(before, after, strict=True):
        was, now = old.judgement.assessment, new.judgement.assessment
        name = sent.name if len(before) == 1 else f"{sent.name} {old.judgement.about.order}"
        judged = _is_judged(was, ids[0]), _is_judged(now, ids[1])
        criteria = tuple(_criteria(old.twin, new.twin))
        yield ReplayedOrder(name, str(was.outcome), str(now.outcome), criteria, judged)


def _is_judged(assessment: Assessment, id_: str) -> bool:
    """Whether the criteria of this policy were judged."""
    policy = assessment.policy
    return assessment.root is not None and policy is not None and policy.id == id_


def _of_file(file: Path, library: Library, as_of: AsOf) -> Sent:
    """A recorded request; UnknownPolicyError names a file that cannot be read."""
    try:
        request = parse_hook_request(parse_body(file.read_bytes()), library.hooks)
    except RequestError as error:
        raise UnknownPolicyError(f"{file}: {error}") from None
    return Sent(file.name, request, library.client(LOCAL), as_of)


def _criteria(old: Twin, new: Twin) -> Iterator[str]:
    """Criteria whose truth changes; a changed reason alone is not listed."""
    before, after = _by_id(old), _by_id(new)
    for id_ in {**before, **after}:
        was, now = before.get(id_), after.get(id_)
        if _truth(was) != _truth(now):
            yield f"{id_}: {_state(was)} → {_state(now)}"


def _by_id(twin: Twin) -> dict[str, Twin]:
    return {criterion["id"]: criterion for criterion in walk_twin(twin["criteria"])}


def _truth(criterion: Twin | None) -> str:
    return ABSENT if criterion is None else str(criterion["truth"])


def _state(criterion: Twin | None) -> str:
    why = criterion and ", ".join(
        str(criterion[name]) for name in ("reason", "miss") if criterion.get(name)
    )
    return f"{_truth(criterion)} ({why})" if why else _truth(criterion)
