"""Criteria as the documents write them, turned into the tree that the policy package judges."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from service.errors import Mistake
from service.library.operations import Names, parse_operator
from service.library.reader import Address, Document
from service.library.shapes import PolicyShape
from service.library.trials import parse_trial
from service.library.validate import did_you_mean
from service.policy.criterion import Criterion, Notice, Op, repeated
from service.policy.operators import COMPARE_KEYS, FLAGS, NESTED, one_of

GROUPS = ("all", "any", "not", "at_least_of", "choose")
LEAVES = ("fact", "recorded", "statement", "trial", *NESTED, *FLAGS)
ABOUT = ("id", "says", "cite", "reading", "statement", "asks", "short", "usual", "notice")
TEXTS = ("id", "says", "cite", "asks", "short")
ROLES = ("decides", "overrides", "outcome")


@dataclass
class Reader:
    """What is needed to read the criteria of one document of a policy."""

    document: Document
    policy: PolicyShape
    names: Names
    mistakes: list[Mistake]
    ids: dict[str, str] = field(default_factory=dict)

    def note(self, address: Address, what: str) -> None:
        """Notes a mistake at an address."""
        self.mistakes.append(self.document.mistake(address, what))


def parse_criterion(
    reader: Reader, raw: object, at: Address, outcome_ids: tuple[str, ...] = ()
) -> Criterion | None:
    """One criterion with everything below it; None when it could not be read."""
    if not isinstance(raw, dict):
        reader.note(at, "a criterion is a list of keys with id, says, cite and one operator")
        return None
    _check_about(reader, raw, at)
    operator = _operator_key(reader, raw, at)
    if operator is None:
        return None
    ids = _outcome_ids(raw, outcome_ids)
    built = _build(reader, raw, at, operator, ids)
    if built is None:
        return None
    dressed = _dress(reader, built, raw, at)
    return _parts_answerable(dressed) if dressed.statement == "decides" else dressed


def _parts_answerable(whole: Criterion) -> Criterion:
    """A statement may answer a part of a criterion by the part's own id (DESIGN.md section 9)."""
    if whole.op not in (Op.ALL, Op.ANY):
        return whole
    parts = tuple(
        replace(part, statement="decides")
        if part.op is Op.LEAF and part.statement is None
        else part
        for part in whole.children
    )
    return replace(whole, children=parts)


def _outcome_ids(raw: Mapping[str, Any], above: tuple[str, ...]) -> tuple[str, ...]:
    """Ids under which a statement answers the outcome of a trial below (DESIGN.md section 9)."""
    if above or raw.get("statement") == "outcome":
        return (str(raw.get("id")), *above)
    return ()


def _check_about(reader: Reader, raw: Mapping[str, Any], at: Address) -> None:
    for key in ("id", "says", "cite"):
        if key not in raw:
            reader.note(at, f"'{key}' is missing in this criterion")
    for key in TEXTS:
        if key in raw and not isinstance(raw[key], str):
            reader.note((*at, key), f"{key} is text; put it in quotes")
    role = raw.get("statement")
    if role is not None and role is not True and role not in ROLES:
        reader.note((*at, "statement"), f"statement is true or one of {', '.join(ROLES)}")
    for name in _reading_names(raw):
        if name not in reader.policy.readings:
            what = f"no reading '{name}'{did_you_mean(name, reader.policy.readings)}"
            reader.note((*at, "reading"), what)
    _check_id(reader, raw, at)


def _check_id(reader: Reader, raw: Mapping[str, Any], at: Address) -> None:
    id_ = raw.get("id")
    if isinstance(id_, str):
        if id_ in reader.ids:
            reader.note((*at, "id"), f"the id '{id_}' stands already at {reader.ids[id_]}")
        place = f"{reader.document.file}:{reader.document.line((*at, 'id'))}"
        reader.ids.setdefault(id_, place)


def _reading_names(raw: Mapping[str, Any]) -> list[str]:
    written = raw.get("reading", [])
    return [str(one) for one in (written if isinstance(written, list) else [written])]


def _operator_key(reader: Reader, raw: Mapping[str, Any], at: Address) -> str | None:
    known = {*GROUPS, *LEAVES, *COMPARE_KEYS, *ABOUT}
    for key in raw:
        if key not in known:
            reader.note((*at, key), f"unknown key '{key}'{did_you_mean(key, known)}")
    found = [key for key in (*GROUPS, *LEAVES) if key in raw and key != "statement"]
    if not found and raw.get("statement") is True:
        return "statement"
    if len(found) != 1:
        what = f"one operator is needed, found {', '.join(found) or 'none'}"
        reader.note(at, what)
        return None
    return found[0]


def _build(
    reader: Reader, raw: Mapping[str, Any], at: Address, key: str, ids: tuple[str, ...]
) -> Criterion | None:
    if key == "trial":
        return parse_trial(reader, raw, at, ids)
    if key not in GROUPS:
        operator = parse_operator(reader, raw, at, key)
        return None if operator is None else _bare(raw, Op.LEAF, (), operator=one_of(operator))
    return _GROUP[key](reader, raw, at, ids)


def _bare(
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
        reader: Reader, raw: Mapping[str, Any], at: Address, ids: tuple[str, ...]
    ) -> Criterion | None:
        children = _children(reader, raw[str(op)], (*at, str(op)), ids)
        return None if children is None else _bare(raw, op, children)

    return build


def _children(
    reader: Reader, raw: object, at: Address, ids: tuple[str, ...]
) -> tuple[Criterion, ...] | None:
    if not isinstance(raw, list) or not raw:
        reader.note(at, "a list of criteria is needed here")
        return None
    found = [parse_criterion(reader, one, (*at, index), ids) for index, one in enumerate(raw)]
    whole = tuple(one for one in found if one is not None)
    return whole if len(whole) == len(found) else None


def _not(
    reader: Reader, raw: Mapping[str, Any], at: Address, ids: tuple[str, ...]
) -> Criterion | None:
    child = parse_criterion(reader, raw["not"], (*at, "not"), ids)
    return None if child is None else _bare(raw, Op.NOT, (child,))


def _at_least(
    reader: Reader, raw: Mapping[str, Any], at: Address, ids: tuple[str, ...]
) -> Criterion | None:
    written = raw["at_least_of"]
    n = written.get("n") if isinstance(written, dict) else None
    of = written.get("of") if isinstance(written, dict) else None
    children = _children(reader, of, (*at, "at_least_of"), ids)
    if children is None or not isinstance(n, int) or not 1 <= n <= len(children):
        reader.note((*at, "at_least_of"), "n is a whole number up to the length of the list 'of'")
        return None
    return _bare(raw, Op.AT_LEAST, children, n=n)


def _choose(
    reader: Reader, raw: Mapping[str, Any], at: Address, ids: tuple[str, ...]
) -> Criterion | None:
    written = raw["choose"] if isinstance(raw["choose"], dict) else {}
    branches = [
        parse_criterion(reader, written.get(name), (*at, "choose", name), ids)
        for name in ("test", "met", "not_met")
    ]
    whole = tuple(one for one in branches if one is not None)
    return _bare(raw, Op.CHOOSE, whole) if len(whole) == len(branches) else None


_GROUP: dict[str, Callable[..., Criterion | None]] = {
    "all": _list_group(Op.ALL),
    "any": _list_group(Op.ANY),
    "not": _not,
    "at_least_of": _at_least,
    "choose": _choose,
}


def _dress(reader: Reader, built: Criterion, raw: Mapping[str, Any], at: Address) -> Criterion:
    """The criterion with all that is said about it."""
    role = raw.get("statement")
    return replace(
        built,
        statement=role if role in ROLES else None,
        asks=raw.get("asks"),
        short=raw.get("short"),
        usual=raw.get("usual") is True,
        readings=tuple(_reading_names(raw)),
        notices=_notices(reader, raw, at),
    )


def _notices(reader: Reader, raw: Mapping[str, Any], at: Address) -> tuple[Notice, ...]:
    found = []
    for index, one in enumerate(raw.get("notice", [])):
        where = (*at, "notice", index)
        when = parse_criterion(reader, one.get("when"), (*where, "when"))
        if when is not None and isinstance(one.get("says"), str):
            found.append(Notice(when, one["says"]))
        else:
            reader.note(where, "a notice has 'when' (a criterion) and 'says' (text)")
    return tuple(found)
