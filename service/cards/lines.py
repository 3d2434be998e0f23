"""The criteria of a judged tree as the lines of a card."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from service.cards.summary import shorts
from service.cards.wording import Wording, own_words
from service.memo import per_document
from service.policy.assess import Assessment, Outcome
from service.policy.criterion import ANY, CHOOSE, NOT, WHOLES, Criterion
from service.policy.finding import STATED, Evidence, Finding
from service.policy.judged import Judged
from service.policy.open import is_asked
from service.policy.operators import Trend
from service.policy.remark import remark
from service.policy.truth import MET, NOT_MET, UNKNOWN, Reason, Way

MOST_WAYS = 4
SHOWN_VALUES = 2
MOST_PARTS = 3
A_DAY = len("2026-11-20")
# Reasons that a question, or the words of what is missing, already tell.
ANSWERED_BY_ASKING = {Reason.NOT_FOUND, Reason.NOT_HELD, Reason.ATTESTATION}
SAID_BY_MISS = {Reason.NOT_FOUND, Reason.IMPRECISE}
# Reasons that speak of something else than the values that are shown beside them.
OF_WHAT_IS_MISSING = {Reason.NOT_SUPPLIED, Reason.NOT_HELD, Reason.INCOMPLETE}


class Line(NamedTuple):
    """One criterion as the card shows it."""

    says: str
    asks: str | None
    miss: str | None
    why: str
    value: str
    names_drug: bool
    earlier: bool
    found: bool = False
    settled: str | None = None


def met_lines(wording: Wording, root: Judged, elsewhere: Sequence[Line] = ()) -> list[Line]:
    """What is met, each thing once, and nothing that stands `elsewhere` on the card as missing."""
    lines = [line(wording, node) for node in _met(root, routed=False)]
    told = {one.says for one in elsewhere if not one.asks}
    return list({(one.says, one.value): one for one in lines if one.says not in told}.values())


def picked(root: Judged, ids: Sequence[str]) -> list[str]:
    """Those that are not in a branch alone which a known test does not pick."""
    taken = frozenset(_taken_ids(root))
    return [one for one in ids if one in taken] or list(ids)


def _taken_ids(judged: Judged) -> Iterator[str]:
    yield judged.criterion.id
    for part in _taken(judged):
        yield from _taken_ids(part)


def _met(judged: Judged, *, routed: bool) -> list[Judged]:
    """What is met, a whole of parts in one line.

    Of several routes only the ones that carry the outcome; of a route still open (`routed`) only what the
    record shows, for a statement about all routes does not mean that each was tried.
    """
    parts, truth = judged.children, judged.finding.truth
    if is_asked(judged) or (truth is MET and _is_whole(judged)):
        return [judged] if truth is MET and not (routed and _only_stated(judged)) else []
    choice = judged.criterion.op is ANY and len(parts) > 1
    found: list[Judged] = []
    for part in _taken(judged):
        part_is = part.finding.truth
        if not choice or part_is is truth is not NOT_MET:
            found += _met(part, routed=routed or (choice and part_is is UNKNOWN))
    return found


def _taken(judged: Judged) -> tuple[Judged, ...]:
    """Its parts; of branches that a known test picks from only the one that it picks."""
    parts = judged.children
    if judged.criterion.op is not CHOOSE or parts[0].truth is UNKNOWN:
        return parts
    return (parts[1 if parts[0].truth is MET else 2],)


def _is_whole(judged: Judged) -> bool:
    return judged.criterion.op in WHOLES and all(is_asked(part) for part in judged.children)


def _only_stated(judged: Judged) -> bool:
    return all(one.kind == STATED for one in evidence(judged))


class OtherWay(NamedTuple):
    """What else would do, in short names; what the record shows of it already, and who is to confirm it."""

    says: str
    shown: str
    why: str


def other_ways(wording: Wording, assessment: Assessment) -> list[OtherWay]:
    """Per way what it asks beyond the cheapest, with what the record shows of it."""
    if assessment.root is None or not assessment.open[1:]:
        return []
    ways = _other_ways(assessment.root.criterion, *map(tuple, assessment.open[:MOST_WAYS]))
    found: dict[str, OtherWay] = {}
    for names, ids in ways:
        says = wording.text(remark("together", items=names))
        leaning = [one for id_ in ids if _leans(one := assessment.judged[id_])]
        shown = "; ".join(dict.fromkeys(_value(wording, one) for one in leaning))
        why = line(wording, leaning[0]).why if leaning else ""
        if says not in found or not found[says].shown:
            found[says] = OtherWay(says, shown, why)
    return list(found.values())


def _leans(judged: Judged) -> bool:
    return judged.finding.leans or (judged.stated and any(map(_leans, judged.children)))


@per_document
def _other_ways(
    root: Criterion, cheapest: tuple[str, ...], *ways: tuple[str, ...]
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Of each other way the short names of what it asks, and its questions."""
    known, first = shorts(root), set(cheapest)
    more = [tuple(id_ for id_ in ids if id_ not in first) for ids in ways]
    others = [(list(dict.fromkeys(known[id_] for id_ in ids)), ids) for ids in more]
    # A way that asks for much more is no alternative at a glance; the twin holds them all.
    few = [(names, ids) for names, ids in others if len(names) <= MOST_PARTS]
    # Nor is one that only puts together what others say already.
    return [
        (tuple(names), ids)
        for place, (names, ids) in enumerate(few)
        if len(names) == 1 or not _said_by(few[:place], names)
    ]


def _said_by(ways: Sequence[tuple[list[str], tuple[str, ...]]], names: Sequence[str]) -> bool:
    said = {name for one, _ in ways for name in one}
    return said.issuperset(names)


def also_open(assessment: Assessment) -> list[str]:
    """With the outcome settled against the order: what else would still be asked, in short names."""
    if assessment.root is None:
        return []
    known = shorts(assessment.root.criterion)
    return list(dict.fromkeys(known[one.criterion.id] for one in _unsettled(assessment.root)))


def _unsettled(judged: Judged) -> Iterator[Judged]:
    alone = judged.criterion.op in WHOLES or len(judged.children) == 1
    if alone and not is_asked(judged):
        for child in judged.children:
            yield from _unsettled(child)
    elif judged.truth is UNKNOWN:
        yield judged


def near_misses(wording: Wording, assessment: Assessment) -> list[Line]:
    """With the outcome open: routes that fail but another may still carry the criterion."""
    if assessment.outcome is not Outcome.UNKNOWN or assessment.root is None:
        return []
    return [line(wording, node) for node in _failing(assessment.root)]


def _failing(judged: Judged) -> list[Judged]:
    finding = judged.finding
    if finding.truth is MET:
        return []
    if is_asked(judged):
        missed = finding.truth is NOT_MET and finding.miss and evidence(judged)
        return [judged] if missed else []
    return [one for part in _taken(judged) for one in _failing(part)]


def line(wording: Wording, judged: Judged) -> Line:
    """One judged criterion as a line."""
    finding, criterion = judged.finding, judged.criterion
    unknown = finding.truth is UNKNOWN
    asks = criterion.asks if unknown else None
    said = ANSWERED_BY_ASKING if asks else SAID_BY_MISS if finding.miss else ()
    told = unknown and finding.reason and finding.reason not in said
    told = told and not _is_of_the_miss(wording, criterion, finding)
    # What the prescriber's word settles is not left to the reviewer.
    told = told and not (asks and finding[1:3] == (Reason.REVIEW, Way.ATTESTATION))
    rules_out = criterion.op is NOT
    return Line(
        own_words(criterion.says),
        own_words(asks) if asks else None,
        wording.text(finding.miss) or None,
        wording.say("coverage", finding.reason) if told and finding.reason else "",
        _value(wording, judged),
        rules_out,
        rules_out and any(one.date and one.kind != STATED for one in evidence(judged)),
        found=finding.reason in OF_WHAT_IS_MISSING,
        settled=own_words(criterion.asks) if criterion.asks and _is_settled(judged) else None,
    )


def _is_of_the_miss(wording: Wording, criterion: Criterion, finding: Finding) -> bool:
    """Whether the reason is of what the miss tells, a therapy or a disease: the values shown are exact."""
    if not finding.miss:
        return False
    if finding.reason is Reason.WEAK_EVIDENCE:
        beside = bool(getattr(criterion.operator, "during", ()))
        return beside and all(one.kind == "record" for one in finding.evidence)
    exact = all(_is_exact(wording, one) for one in finding.evidence)
    return finding.reason is Reason.IMPRECISE and exact


def _is_exact(wording: Wording, one: Evidence) -> bool:
    return len(one.date or "") in (0, A_DAY) and wording.text(one.value)[:1] not in "<>"


def _is_settled(judged: Judged) -> bool:
    """Whether a yes of the prescriber would make met what the record alone speaks against."""
    refused = judged.truth is NOT_MET and judged.criterion.statement == "overrides"
    return refused and not any(one.kind == STATED for one in evidence(judged))


def _value(wording: Wording, judged: Judged) -> str:
    """What was found, the best of it; of trends each value with the one before it."""
    trends = [one for one in judged.children if isinstance(one.criterion.operator, Trend)]
    each = trends[:SHOWN_VALUES] or [judged]
    shown = (dict.fromkeys(_dated(wording, proof) for proof in evidence(one)) for one in each)
    return "; ".join(value for values in shown for value in [*values][:SHOWN_VALUES])


def _dated(wording: Wording, one: Evidence) -> str:
    value = wording.text(one.value)
    if not one.date:
        return value
    first, _, last = one.date.partition(" to ")
    date = one.date
    if last == "?":
        date = wording.text(remark("since", day=first))
    elif first == "?":
        date = wording.text(remark("until", day=last))
    return f"{value} ({date})"


def evidence(judged: Judged) -> tuple[Evidence, ...]:
    """What was found; of several parts the best of each before the second best of any."""
    own = judged.finding.evidence
    if not judged.children:
        return own
    each = (evidence(child) for child in judged.children)
    return (*own, *(one for row in zip_longest(*each) for one in row if one is not None))


def notes(wording: Wording, assessment: Assessment) -> list[str]:
    """Sentences that explain without counting, each once."""
    nodes = assessment.judged.values()
    said = (
        one for node in nodes for one in (*map(wording.text, node.finding.notes), *node.notices)
    )
    return list(dict.fromkeys(said))
