"""Turns criteria as documents write them into the tree that the policy package judges."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from service.library.criteria.expansion import expand, parse_one_class
from service.library.criteria.heading import (
    GROUPS,
    ROLES,
    USE,
    check_heading,
    operator_key,
    parts_of,
    reading_names,
)
from service.library.criteria.operator_reader import parse_operator
from service.library.criteria.scope import CriterionReader
from service.library.criteria.statement_ids import settles_nothing, with_statement_ids
from service.library.criteria.trial_reader import parse_trial
from service.library.documents.yaml import Address
from service.policy.model import Criterion, Notice, Op, repeated

BRANCHES = ("test", "met", "not_met")


def parse_criterion(
    reader: CriterionReader, raw: object, address: Address, outcome_ids: tuple[str, ...] = ()
) -> Criterion | None:
    """One criterion with everything below it; None if it could not be read (the mistake is noted)."""
    if not isinstance(raw, dict):
        reader.note(address, "a criterion is a list of keys with id, says, cite and one operator")
        return None
    if USE in raw:
        expanded = expand(reader, raw, address)
        return None if expanded is None else parse_criterion(reader, expanded, address, outcome_ids)
    check_heading(reader, raw, address)
    operator = operator_key(reader, raw, address)
    if operator is None:
        return None
    ids = _outcome_ids(raw, outcome_ids)
    built = _build(reader, raw, address, operator, ids)
    if built is None:
        return None
    dressed = _with_heading(reader, built, raw, address)
    if settles_nothing(dressed):
        reader.note((*address, "statement"), "nothing below is settled by a statement")
    return with_statement_ids(dressed)


def _outcome_ids(raw: Mapping[str, Any], above: tuple[str, ...]) -> tuple[str, ...]:
    """Ids under which a statement answers the outcome of trials below."""
    if above or raw.get("statement") == "outcome":
        return (str(raw.get("id")), *above)
    return ()


def _build(
    reader: CriterionReader,
    raw: Mapping[str, Any],
    address: Address,
    key: str,
    ids: tuple[str, ...],
) -> Criterion | None:
    if key == "trial":
        return parse_trial(reader, raw, address, ids)
    if key not in GROUPS:
        operator = parse_operator(reader, raw, address, key)
        return None if operator is None else _criterion(raw, Op.LEAF, (), operator=operator)
    return _GROUP[key](reader, raw, address, ids)


def _criterion(
    raw: Mapping[str, Any], op: Op, children: tuple[Criterion, ...], **more: Any
) -> Criterion:
    return Criterion(
        str(raw.get("id")),
        str(raw.get("says")),
        str(raw.get("cite")),
        op,
        children,
        repeated=repeated(children),
        **more,
    )


def _list_group(op: Op) -> Callable[..., Criterion | None]:
    def build(
        reader: CriterionReader, raw: Mapping[str, Any], address: Address, ids: tuple[str, ...]
    ) -> Criterion | None:
        children = _children(reader, raw[str(op)], (*address, str(op)), ids)
        return None if children is None else _criterion(raw, op, children)

    return build


def _children(
    reader: CriterionReader, raw: object, address: Address, ids: tuple[str, ...]
) -> tuple[Criterion, ...] | None:
    if not isinstance(raw, list) or not raw:
        reader.note(address, "a list of criteria is needed here")
        return None
    criteria = [
        parse_criterion(reader, item, (*address, index), ids) for index, item in enumerate(raw)
    ]
    whole = tuple(criterion for criterion in criteria if criterion is not None)
    return whole if len(whole) == len(criteria) else None


def _not(
    reader: CriterionReader, raw: Mapping[str, Any], address: Address, ids: tuple[str, ...]
) -> Criterion | None:
    child = parse_criterion(reader, raw["not"], (*address, "not"), ids)
    return None if child is None else _criterion(raw, Op.NOT, (child,))


def _at_least(
    reader: CriterionReader, raw: Mapping[str, Any], address: Address, ids: tuple[str, ...]
) -> Criterion | None:
    where = (*address, "at_least_of")
    written = parts_of(reader, raw["at_least_of"], where, ("n", "of"))
    children = _children(reader, written.get("of"), (*where, "of"), ids)
    n = written.get("n")
    if children is None:
        return None
    if type(n) is not int or not 1 <= n <= len(children):
        reader.note(where, "n is a whole number up to the length of the list 'of'")
        return None
    return _criterion(raw, Op.AT_LEAST, children, n=n)


def _choose(
    reader: CriterionReader, raw: Mapping[str, Any], address: Address, ids: tuple[str, ...]
) -> Criterion | None:
    where = (*address, "choose")
    written = parts_of(reader, raw["choose"], where, BRANCHES)
    branches = [
        parse_criterion(reader, written.get(name), (*where, name), ids) for name in BRANCHES
    ]
    whole = tuple(branch for branch in branches if branch is not None)
    return _criterion(raw, Op.CHOOSE, whole) if len(whole) == len(branches) else None


def _one_class(
    reader: CriterionReader, raw: Mapping[str, Any], address: Address, _: tuple[str, ...]
) -> Criterion | None:
    where = (*address, "one_class")
    written = parts_of(reader, raw["one_class"], where, ("of", "all"))
    classes = parse_one_class(reader, raw, written, where, _children)
    return None if classes is None else _criterion(raw, Op.ONE_CLASS, classes)


_GROUP: dict[str, Callable[..., Criterion | None]] = {
    "all": _list_group(Op.ALL),
    "any": _list_group(Op.ANY),
    "not": _not,
    "at_least_of": _at_least,
    "choose": _choose,
    "one_class": _one_class,
}


def _with_heading(
    reader: CriterionReader, built: Criterion, raw: Mapping[str, Any], address: Address
) -> Criterion:
    """The criterion with the keys that say something about it (asks, short, readings, …)."""
    role = raw.get("statement")
    return replace(
        built,
        statement=role if role in ROLES else None,
        asks=raw.get("asks"),
        short=raw.get("short"),
        on_card=raw.get("on_card"),
        usual=raw.get("usual") is True,
        readings=tuple(reading_names(raw)),
        notices=_notices(reader, raw, address),
    )


def _notices(
    reader: CriterionReader, raw: Mapping[str, Any], address: Address
) -> tuple[Notice, ...]:
    written = raw.get("notice", [])
    if not isinstance(written, list):
        reader.note((*address, "notice"), "a notice is a list of 'when' and 'says'")
        return ()
    notices = [_notice(reader, item, (*address, "notice", n)) for n, item in enumerate(written)]
    return tuple(notice for notice in notices if notice is not None)


def _notice(reader: CriterionReader, written: object, address: Address) -> Notice | None:
    given = written if isinstance(written, dict) else {}
    says = given.get("says")
    if given.keys() != {"when", "says"} or not isinstance(says, str) or not says.strip():
        reader.note(address, "a notice has 'when' (a criterion) and 'says' (text)")
        return None
    when = parse_criterion(reader, given["when"], (*address, "when"))
    return None if when is None else Notice(when, says)
