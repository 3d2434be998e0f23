"""Compares two trees of criteria: tighter, looser, new, gone, changed, reworded."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.pages.difference.operator_difference import compare
from service.pages.difference.tighter_or_looser import OPPOSITE, Change, Kind, direction_for_whole
from service.pages.glossary import Glossary, lines_of
from service.pages.words.field_words import nesting
from service.policy.model import Criterion, Op

TEST = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """A criterion in its tree; `above` is 1, -1 below a NOT, 0 below a test."""

    criterion: Criterion
    parent: str
    op: Op
    place: int
    above: int


def placed(criteria: tuple[Criterion, ...]) -> dict[str, Placed]:
    """A list of criteria and everything below them, by id.

    Below `one_class` the same ids occur once for each class, so the key begins with the class.
    """
    by_id: dict[str, Placed] = {}
    for place, criterion in enumerate(criteria):
        _place(by_id, Placed(criterion, "", Op.ALL, place, 1), "")
    return by_id


def _place(by_id: dict[str, Placed], node: Placed, of_class: str) -> None:
    criterion = node.criterion
    key = of_class + criterion.id
    by_id[key] = node
    inside = f"{key} " if node.op is Op.ONE_CLASS else of_class
    for place, child in enumerate(criterion.children):
        above = node.above * _direction_below(criterion.op, place)
        _place(by_id, Placed(child, key, criterion.op, place, above), inside)


def _direction_below(op: Op, place: int) -> int:
    if op is Op.NOT:
        return -1
    return 0 if op is Op.CHOOSE and place == TEST else 1


WORDED = {
    "says": "wording",
    "short": "short name",
    "on_card": "short question",
    "asks": "question to the prescriber",
    "cite": "lines of the source",
}
STATED = (None, "decides", "decides_before", "overrides")


@dataclass
class Trees:
    """The criteria of two versions by id, and the changes between them."""

    old: Mapping[str, Placed]
    new: Mapping[str, Placed]
    glossary: tuple[Glossary, Glossary]
    changes: list[Change] = field(default_factory=list)

    def compare(self) -> list[Change]:
        """Every difference: first criteria in both or new, in reading order, then those that are gone."""
        for id_, new in self.new.items():
            if id_ in self.old:
                self._compare_both(self.old[id_], new)
            else:
                self._in_one_version(new, self.old, Kind.NEW)
        for id_, old in self.old.items():
            if id_ not in self.new:
                self._in_one_version(old, self.new, Kind.GONE)
        return list(dict.fromkeys(self.changes))

    def _note(self, placed: Placed, kind: Kind, message: str) -> None:
        criterion = placed.criterion
        self.changes.append(
            Change(
                direction_for_whole(kind, placed.above), criterion.id, message, _words_of(criterion)
            )
        )

    def _compare_both(self, old: Placed, new: Placed) -> None:
        was, now = old.criterion, new.criterion
        if (old.parent, old.above) != (new.parent, new.above) or _branch(old) != _branch(new):
            message = (
                f"moved: stood in {old.parent or 'the list'}, stands in {new.parent or 'the list'}"
            )
            self._note(new, Kind.CHANGED, message)
        if (was.op, was.n) != (now.op, now.n):
            self._note(new, *_regrouped(was, now))
        if was.operator is not None and now.operator is not None:
            for kind, message in compare(was.operator, now.operator, self.glossary):
                self._note(new, kind, message)
        self._compare_words(new, was, now)

    def _compare_words(self, new: Placed, was: Criterion, now: Criterion) -> None:
        if was.statement != now.statement:
            self._note(
                new, _statement_direction(was, now), f"statement: {was.statement} → {now.statement}"
            )
        for name, word in WORDED.items():
            before, after = getattr(was, name), getattr(now, name)
            if before != after:
                self._note(new, Kind.REWORDED, f"{word}: {before or 'none'} → {after or 'none'}")
        if {*was.readings} != {*now.readings}:
            message = f"readings: {_list(was.readings)} → {_list(now.readings)}"
            self._note(new, Kind.CHANGED, message)
        if _notice_texts(was) != _notice_texts(now):
            message = f"notices: {_list(_notice_texts(was))} → {_list(_notice_texts(now))}"
            self._note(new, Kind.REWORDED, message)
        else:
            self._compare_notice_tests(new, was, now)
        if was.usual is not now.usual:
            self._note(new, Kind.REWORDED, "proposed first" if now.usual else "not proposed first")

    def _compare_notice_tests(self, new: Placed, was: Criterion, now: Criterion) -> None:
        """Notices whose condition changed; notices decide nothing, so this is only reworded."""
        old_trees, new_trees = (
            placed(tuple(notice.when for notice in criterion.notices)) for criterion in (was, now)
        )
        for change in Trees(old_trees, new_trees, self.glossary).compare():
            self._note(new, Kind.REWORDED, f"notice, when it is shown: {change.what}")

    def _in_one_version(self, placed: Placed, other: Mapping[str, Placed], kind: Kind) -> None:
        """A criterion that one version lacks; criteria below it are not listed again."""
        if placed.parent and placed.parent not in other:
            return
        parent = other.get(placed.parent)
        own = self.new if kind is Kind.NEW else self.old
        regrouped = (
            parent is not None and parent.criterion.op is not own[placed.parent].criterion.op
        )
        word = f"{kind}: {_among(placed.op, placed.above)}"
        self._note(placed, kind if regrouped else _direction(placed.op, kind), word)


def _branch(placed: Placed) -> int:
    """The branch of a choice; 0 elsewhere, where the order in a group has no meaning."""
    return placed.place if placed.op is Op.CHOOSE else 0


def _regrouped(was: Criterion, now: Criterion) -> tuple[Kind, str]:
    if Op.LEAF in (was.op, now.op):
        words = [
            nesting(group.op, group.n) if group.children else "one question" for group in (was, now)
        ]
    else:
        words = [nesting(group.op, group.n) for group in (was, now)]
    kind = Kind.CHANGED
    shares = _share(was), _share(now)
    if None not in shares:
        least, most = shares
        kind = _compared(was, now, least, most)
    return kind, f"{words[0]} → {words[1]}"


def _share(criterion: Criterion) -> int | None:
    """How many of the children must be met; None for other kinds of groups."""
    return {Op.ALL: len(criterion.children), Op.ANY: 1, Op.AT_LEAST: criterion.n}.get(criterion.op)


def _compared(was: Criterion, now: Criterion, before: int | None, after: int | None) -> Kind:
    """The direction of a changed group; needs two shared criteria, since ALL and ANY of one are the same."""
    shared = {child.id for child in was.children} & {child.id for child in now.children}
    if before is None or after is None or len(shared) < 2:  # noqa: PLR2004 - a group is two
        return Kind.CHANGED
    rank = {Op.ANY: 0, Op.AT_LEAST: 1, Op.ALL: 2}
    same = {child.id for child in was.children} == {child.id for child in now.children}
    if Op.AT_LEAST in (was.op, now.op) and not same:
        return Kind.CHANGED
    if was.op is now.op:
        return Kind.TIGHTER if after > before else Kind.LOOSER
    return Kind.TIGHTER if rank[now.op] > rank[was.op] else Kind.LOOSER


def _direction(op: Op, kind: Kind) -> Kind:
    """The direction of an added criterion: tighter in ALL, looser in ANY; reversed if it is gone."""
    more = Kind.TIGHTER if op is Op.ALL else Kind.LOOSER
    if op not in (Op.ALL, Op.ANY, Op.AT_LEAST, Op.ONE_CLASS):
        return Kind.CHANGED
    return more if kind is Kind.NEW else OPPOSITE[more]


def _among(op: Op, above: int) -> str:
    words: dict[str, str] = {
        Op.ALL: "one of ALL",
        Op.ANY: "an alternative of ANY",
        Op.AT_LEAST: "one of those counted",
        Op.ONE_CLASS: "one of the classes",
    }
    words_of_place = words.get(op, "a part of the criterion above")
    return f"{words_of_place}, below a NOT" if above < 0 else words_of_place


def _statement_direction(was: Criterion, now: Criterion) -> Kind:
    if was.statement not in STATED or now.statement not in STATED:
        return Kind.CHANGED
    more = STATED.index(now.statement) > STATED.index(was.statement)
    return Kind.LOOSER if more else Kind.TIGHTER


def _notice_texts(criterion: Criterion) -> tuple[str, ...]:
    return tuple(notice.says for notice in criterion.notices)


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "none"


def _words_of(criterion: Criterion) -> str:
    return f"{criterion.says} ({lines_of(criterion.cite)})" if criterion.cite else criterion.says
