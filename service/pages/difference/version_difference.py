"""Compares two versions of a policy: head, indications, criteria, readings, parts not encoded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from service.library.criteria.bounds import no_longer
from service.pages.difference.criteria_difference import Placed, Trees, placed
from service.pages.difference.tighter_or_looser import Change, Kind
from service.pages.glossary import Glossary, approval_words, lines_of
from service.pages.policy_page import PHASES
from service.pages.version_by_name import PolicyVersion
from service.policy.amount import Span
from service.policy.model import Criterion, Indication, Policy

WORDED = {"title": "title", "document": "source", "url": "address", "ids": "lines of the groups"}
# Compared separately below; the days and the name of a version are no difference.
COMPARED_SEPARATELY = {
    "id",
    "effective",
    "until",
    "indications",
    "common_initial",
    "common_renewal",
}
COMPARED_SEPARATELY |= {"readings", "not_encoded"}
LASTING = {
    "approval_months": "an approval lasts (months)",
    "statements_valid": "a statement counts for",
    "window_statements_valid": "a statement about a window or about now counts for",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """The older version and the newer."""

    old: PolicyVersion
    new: PolicyVersion


def differences(pair: Pair) -> list[Change]:
    """Every difference between two versions."""
    changes = [*_heads(pair.old.policy, pair.new.policy), *_indications(pair)]
    glossary = (Glossary(pair.old.library.knowledge), Glossary(pair.new.library.knowledge))
    for phase in PHASES:
        old, new = (
            _criteria(version.policy, phase, _shared(pair)) for version in (pair.old, pair.new)
        )
        changes += Trees(old, new, glossary).compare()
    return [*changes, *_readings(pair), *_not_encoded(pair)]


def _heads(old: Policy, new: Policy) -> Iterator[Change]:
    for name in (
        policy_field.name
        for policy_field in fields(Policy)
        if policy_field.name not in COMPARED_SEPARATELY
    ):
        before, after = getattr(old, name), getattr(new, name)
        if before == after:
            continue
        words = LASTING.get(name) or WORDED.get(name) or name.replace("_", " ")
        kind = Kind.REWORDED if name in WORDED else Kind.CHANGED
        yield (
            _lasting("policy.yaml", words, before, after)
            if name in LASTING
            else Change(
                kind, "policy.yaml", f"{words}: {_value_words(before)} → {_value_words(after)}"
            )
        )


def _lasting(where: str, words: str, before: object, after: object) -> Change:
    """A changed duration: longer is looser."""
    durations = [_duration_words(value) for value in (before, after)]
    if before is None or after is None:
        return Change(Kind.CHANGED, where, f"{words}: {durations[0]} → {durations[1]}")
    pairs = list(zip(_lengths(before), _lengths(after), strict=True))
    kind = Kind.CHANGED
    if all(no_longer(old, new) for old, new in pairs):
        kind = Kind.LOOSER
    elif all(no_longer(new, old) for old, new in pairs):
        kind = Kind.TIGHTER
    return Change(kind, where, f"{words}: {durations[0]} → {durations[1]}")


def _duration_words(value: object) -> str:
    return (
        "not stated"
        if value is None
        else str(value)
        if isinstance(value, Span)
        else approval_words(value)
    )


def _lengths(value: object) -> list[Span]:
    if isinstance(value, Span):
        return [value]
    both = value if isinstance(value, tuple) else (value, value)
    return [Span(months=int(str(number))) for number in both]


def _value_words(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {part}" for name, part in value.items())
    return str(value)


def _indications(pair: Pair) -> Iterator[Change]:
    old, new = pair.old.policy.indications, pair.new.policy.indications
    for id_ in {**old, **new}:
        if id_ not in old:
            yield Change(Kind.NEW, id_, f"the policy names {new[id_].title}")
        elif id_ not in new:
            yield Change(Kind.GONE, id_, f"the policy no longer names {old[id_].title}")
        else:
            yield from _indication(old[id_], new[id_])


def _indication(old: Indication, new: Indication) -> Iterator[Change]:
    if old.title != new.title:
        yield Change(Kind.REWORDED, new.id, f"title: {old.title} → {new.title}")
    if old.conditions != new.conditions:
        before, after = ", ".join(old.conditions), ", ".join(new.conditions)
        yield Change(Kind.CHANGED, new.id, f"conditions: {before} → {after}")
    was, now = (getattr(indication, "approval_months", None) for indication in (old, new))
    if was != now:
        yield _approval_of_indication(new.id, was, now)
    if old.not_encoded != new.not_encoded:
        before, after = old.not_encoded or "encoded", new.not_encoded or "encoded"
        yield Change(Kind.CHANGED, new.id, f"{before} → {after}")


def _approval_of_indication(where: str, was: object, now: object) -> Change:
    """A changed length of approval for one indication."""
    words = LASTING["approval_months"]
    if was and now:
        return _lasting(where, words, was, now)
    durations = [approval_words(value) if value else "as for the others" for value in (was, now)]
    return Change(Kind.CHANGED, where, f"{words}: {durations[0]} → {durations[1]}")


def _shared(pair: Pair) -> list[str]:
    """Indications whose criteria are encoded in both versions; others are compared as a whole."""
    old, new = pair.old.policy.indications, pair.new.policy.indications
    both = [id_ for id_ in old if id_ in new]
    return [id_ for id_ in both if old[id_].not_encoded is new[id_].not_encoded is None]


def _criteria(policy: Policy, phase: str, shared: list[str]) -> Mapping[str, Placed]:
    common = policy.common(phase)
    trees: list[Criterion | None] = [getattr(policy.indications[id_], phase) for id_ in shared]
    return placed((*common, *(tree for tree in trees if tree is not None)))


def _readings(pair: Pair) -> Iterator[Change]:
    old, new = pair.old.head.readings, pair.new.head.readings
    for name in {**old, **new}:
        if name not in old:
            yield Change(Kind.NEW, name, f"reading: {new[name].used}")
        elif name not in new:
            yield Change(Kind.GONE, name, f"reading: {old[name].used}")
        elif old[name] != new[name]:
            before, after = old[name], new[name]
            for part in type(before).model_fields:
                was, now = getattr(before, part), getattr(after, part)
                if was != now:
                    message = f"reading, {part}: {_value_words(was)} → {_value_words(now)}"
                    yield Change(Kind.REWORDED, name, message)


def _not_encoded(pair: Pair) -> Iterator[Change]:
    old, new = pair.old.policy.not_encoded, pair.new.policy.not_encoded
    for kind, own, other in ((Kind.NEW, new, old), (Kind.GONE, old, new)):
        for cite, why in own:
            if (cite, why) not in other:
                yield Change(kind, lines_of(cite), f"not encoded: {why}")
