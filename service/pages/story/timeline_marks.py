"""What the timeline shows: a lane for each class of drugs or kind of result, with marks and windows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from service.facts.case import Case
from service.facts.supply.timeline_fills import HANDED_OVER, ShownFill, shown_fills
from service.fhir.values.days import DayRange, parse_day
from service.pages.glossary import Glossary
from service.pages.story.story_words import StoryWords
from service.policy.amount import Span
from service.policy.assessment import Assessment
from service.policy.finding import STATED, Evidence, Remark
from service.policy.judged_criterion import Judged, nodes
from service.policy.operators import (
    Compare,
    CoveredDays,
    CurrentFor,
    DoseTrend,
    Episodes,
    Fewer,
    Operator,
    Sessions,
    Supply,
    TherapyClasses,
    Trend,
)

LONGEST = 3 * 365  # days before the day asked about; what is older is counted, not drawn
LEAST = 180  # days that are shown at least
# What these found belongs to the picture however old it is; a diagnosis does not.
STRETCHING = (DoseTrend, Episodes, Fewer, Trend)
# Evidence that is a fill or a list entry: it has a place in the lane of its class.
OF_FILLS = ("handed_over", "listed_at_dose")
# The fields of operators that hold how far back they look, and how long something must last.
LOOKS_BACK = ("within", "ended_within", "look_back", "in_last")
ASKED_FOR = ("days", "longest", "first_to_last", "at_least", "more_than")


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing on the timeline; `label` stands beside it, `says` names it when it is pointed at.

    `last` is None for a mark of a single day. `link` is the id of a criterion that uses it. A mark
    that does not `stretch` the picture, such as a diagnosis, is left out if it is older than all else.
    """

    kind: str
    first: date
    last: date | None
    label: str
    says: str
    link: str
    stretches: bool = True

    @property
    def end(self) -> date:
        """Its last day."""
        return self.last or self.first


@dataclass(slots=True)
class Lane:
    """One line of the timeline; `windows` and `lengths` are days with their words."""

    title: str
    marks: list[Mark] = field(default_factory=list)
    windows: dict[int, str] = field(default_factory=dict)  # by days before the day asked about
    lengths: dict[int, str] = field(default_factory=dict)  # by days asked for
    is_needed: bool = False


@dataclass(frozen=True, slots=True)
class OrderTimeline:
    """The lanes from the first day shown to the day asked about; `left_out` entries are older."""

    lanes: tuple[Lane, ...]
    first: date
    day: date
    left_out: int
    kinds: tuple[str, ...]


def order_timeline(words: StoryWords, case: Case, assessment: Assessment) -> OrderTimeline | None:
    """The timeline of an assessment; None if it judged nothing or nothing has a day."""
    if assessment.root is None:
        return None
    lanes = _Lanes(words, case, Glossary(case.knowledge))
    wanted = frozenset(_wanted(assessment))
    for node in nodes(assessment.root):
        lanes.add(node, is_needed=node.criterion.id in wanted)
    return _cut(lanes)


def _wanted(assessment: Assessment) -> Iterator[str]:
    """The criteria of the first set that would change the answer, with all below them."""
    for id_ in (assessment.open or assessment.changes or [[]])[0]:
        yield from (node.criterion.id for node in nodes(assessment.judged[id_]))


def _cut(lanes: "_Lanes") -> OrderTimeline | None:
    """The lanes with marks or with supply that is still asked for, from the first day of interest."""
    day = lanes.case.day
    shown = [lane for lane in lanes.by_key.values() if lane.marks or lane.is_needed]
    marks = [mark for lane in shown for mark in lane.marks]
    windows = [day - timedelta(days=days) for lane in shown for days in lane.windows]
    points = [mark.first for mark in marks if mark.last is None and mark.stretches]
    earliest = day - timedelta(days=LONGEST)
    first = max(min([*windows, *points, day - timedelta(days=LEAST)]), earliest)
    for lane in shown:
        lane.marks = [*_joined(lanes.words, [mark for mark in lane.marks if mark.end >= first])]
    left = tuple(lane for lane in shown if lane.marks or lane.is_needed)
    old = sum(mark.end < first for mark in marks)
    kinds = dict.fromkeys(mark.kind for lane in left for mark in lane.marks)
    return OrderTimeline(left, first, day, old, tuple(kinds)) if left else None


def _joined(words: StoryWords, marks: Sequence[Mark]) -> Iterator[Mark]:
    """Marks of one kind on the same days as one mark that names them all."""
    by_place: dict[tuple[object, ...], list[Mark]] = {}
    for mark in marks:
        by_place.setdefault((mark.kind, mark.first, mark.last), []).append(mark)
    for same in by_place.values():
        label = words.say("entries", count=str(len(same))) if len(same) > 1 else same[0].label
        says = "\n".join(dict.fromkeys(mark.says for mark in same))
        yield replace(same[0], label=label if same[0].label else "", says=says)


_AFTER_FIRST_WORDS = re.compile(r", | \(")


@dataclass(slots=True)
class _Lanes:
    """Lanes by what they are about, in the order of the tree."""

    words: StoryWords
    case: Case
    glossary: Glossary
    by_key: dict[str, Lane] = field(default_factory=dict)
    drawn: set[tuple[str, object]] = field(default_factory=set)

    def add(self, node: Judged, *, is_needed: bool) -> None:
        """Adds what one criterion uses."""
        operator = node.criterion.operator
        backgrounds: Sequence[TherapyClasses] = getattr(operator, "during", ())
        for therapy in (*_therapies(operator), *backgrounds):
            for name in therapy.of:
                self._add_class(name, node, therapy, is_needed=is_needed)
        if not isinstance(operator, TherapyClasses):
            self._add_evidence(node, operator)

    def _add_class(
        self, name: str, node: Judged, therapy: TherapyClasses, *, is_needed: bool
    ) -> None:
        lane = self._lane(name, self.glossary.short(name))
        self._frame(lane, therapy)
        lane.is_needed = lane.is_needed or (is_needed and bool(lane.lengths))
        for fill in shown_fills(self.case, (name,)):
            if self._is_new(name, (fill.reference, fill.first, fill.name)):
                lane.marks.append(self._fill(fill, node))

    def _add_evidence(self, node: Judged, operator: Operator | None) -> None:
        for proof in node.finding.evidence:
            days = _days(proof.date)
            if days is None or days.first > self.case.today or _is_fill(proof):
                continue
            key, title = self._place(node, proof)
            lane = self._lane(key, title)
            if operator is not None and proof.kind != STATED:
                self._frame(lane, operator)
            if self._is_new(key, (proof.reference, proof.date, proof.value)):
                lane.marks.append(self._proof(node, proof, days))

    def _place(self, node: Judged, proof: Evidence) -> tuple[str, str]:
        """The lane of an entry: statements, the facts that it was found by, else the criterion."""
        operator, short = node.criterion.operator, node.criterion.short
        if proof.kind == STATED:
            return STATED, self.words["statements"]
        fact, of = getattr(operator, "fact", ()), getattr(operator, "of", ())
        names = [
            name
            for name in ((fact,) if isinstance(fact, str) else (*fact, *of))
            if self.glossary.fact(name) is not None
        ]
        if names:
            return "+".join(names), self.glossary.labels(names)
        if isinstance(operator, Sessions) or of:
            return "+".join(of), self.glossary.shorts(of)
        return f"other+{short}", short[:1].upper() + short[1:] if short else self.words[
            "other_records"
        ]

    def _lane(self, key: str, title: str) -> Lane:
        # the first words of a title stand in the picture, the whole one on the policy's page
        return self.by_key.setdefault(key, Lane(_AFTER_FIRST_WORDS.split(title)[0]))

    def _frame(self, lane: Lane, operator: Operator) -> None:
        """The time that an operator looks at, and how long something must last."""
        parts = [
            operator,
            getattr(operator, "covered", None),
            getattr(operator, "current_for", None),
        ]
        for part in parts:
            for name in LOOKS_BACK:
                if isinstance(span := getattr(part, name, None), Span):
                    lane.windows[self._length(span)] = self.words.say("window", span=str(span))
            if isinstance(part, Supply | CoveredDays | CurrentFor | Sessions):
                for name in ASKED_FOR:
                    if isinstance(span := getattr(part, name, None), Span):
                        words = self.words.say("needed_length", span=str(span))
                        lane.lengths[self._length(span)] = words

    def _length(self, span: Span) -> int:
        today = self.case.today
        return today - self.case.back(span)

    def _is_new(self, key: str, what: object) -> bool:
        new = (key, what) not in self.drawn
        self.drawn.add((key, what))
        return new

    def _fill(self, fill: ShownFill, node: Judged) -> Mark:
        kind, days = self.words[f"kind_{fill.kind}"], fill.days
        parts = [fill.name, kind, fill.first.isoformat()]
        if fill.kind in HANDED_OVER:
            parts.append(
                self.words.say("days_shown", days=str(days)) if days else self.words["days_unknown"]
            )
        if fill.kind not in HANDED_OVER and fill.last and fill.last != fill.first:
            parts[-1] = f"{fill.first} to {fill.last}"
        if fill.doubt:
            parts.append(self.words.text(fill.doubt))
        return Mark(
            fill.kind,
            fill.first,
            fill.last,
            "",
            self._used(parts, node),
            node.criterion.id,
            fill.kind in HANDED_OVER,
        )

    def _proof(self, node: Judged, proof: Evidence, days: DayRange) -> Mark:
        value = self.words.text(proof.value)
        kind = self.words[f"kind_{proof.kind}"]
        first = date.fromordinal(max(days.first, 1))
        last = date.fromordinal(min(days.last, self.case.today))
        says = self._used([value, kind, proof.date or ""], node)
        label = node.criterion.short or node.criterion.says if proof.kind == STATED else value
        return Mark(
            proof.kind,
            first,
            last if last > first else None,
            label,
            says,
            node.criterion.id,
            _stretches(node.criterion.operator),
        )

    def _used(self, parts: Sequence[str], node: Judged) -> str:
        return "; ".join([*parts, self.words.say("used_by", criteria=node.criterion.says)])


def _therapies(operator: Operator | None) -> tuple[TherapyClasses, ...]:
    return (operator,) if isinstance(operator, TherapyClasses) else ()


def _stretches(operator: Operator | None) -> bool:
    number = isinstance(operator, Compare) and operator.is_ is None
    return number or isinstance(operator, STRETCHING)


def _is_fill(proof: Evidence) -> bool:
    return isinstance(proof.value, Remark) and proof.value.kind in OF_FILLS


def _days(written: str | None) -> DayRange | None:
    """The days that evidence names; an end that is not known is left out."""
    if not written:
        return None
    first, _, last = written.partition(" to ")
    start, end = parse_day(first), parse_day(last) if last else None
    start, end = start or end, end or start
    return None if start is None or end is None else DayRange(start.first, end.last)
