"""Turns judged criteria into the lines of a card."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from service.cards.summary import shorts
from service.cards.wording import Wording, own_words
from service.memo import per_document
from service.policy.assess import Assessment, Outcome
from service.policy.finding import STATED, Evidence, Finding, remark
from service.policy.judged import Judged
from service.policy.model import WHOLES, Criterion, Op
from service.policy.open_questions import is_asked
from service.policy.operators import Trend
from service.policy.truth import Reason, Truth, Way

MOST_WAYS = 4
SHOWN_VALUES = 2
MOST_PARTS = 3
A_DAY = len("2026-11-20")
# Reasons that are not shown because the question, or the miss, already says so.
ANSWERED_BY_ASKING = {Reason.NOT_FOUND, Reason.NOT_HELD, Reason.ATTESTATION}
SAID_BY_MISS = {Reason.NOT_FOUND, Reason.IMPRECISE}
# Reasons that are about missing data, not about the values shown beside them.
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
    """Lines for what is met, each once, without those that are `elsewhere` on the card as missing."""
    lines = [line(wording, node) for node in _met(root, routed=False)]
    shown_elsewhere = {missing_line.says for missing_line in elsewhere if not missing_line.asks}
    rest = (met_line for met_line in lines if met_line.says not in shown_elsewhere)
    return list({(met_line.says, met_line.value): met_line for met_line in rest}.values())


def on_taken_branches(root: Judged, ids: Sequence[str]) -> list[str]:
    """The ids outside branches that a known test excludes; all of them if there are no others."""
    if not ids:
        return []
    taken = frozenset(_taken_ids(root))
    return [id_ for id_ in ids if id_ in taken] or list(ids)


def _taken_ids(judged: Judged) -> Iterator[str]:
    yield judged.criterion.id
    for part in _taken_parts(judged):
        yield from _taken_ids(part)


def _met(judged: Judged, *, routed: bool) -> list[Judged]:
    """The met criteria to show; a whole with its parts is one line.

    Of several routes only the ones that carry the outcome; of a route still open (`routed`) only what the
    record shows, for a statement about all routes does not mean that each was tried.
    """
    parts, truth = judged.children, judged.finding.truth
    if is_asked(judged) or (truth is Truth.MET and _is_whole(judged)):
        return [judged] if truth is Truth.MET and not (routed and _only_stated(judged)) else []
    choice = judged.criterion.op is Op.ANY and len(parts) > 1
    met_parts: list[Judged] = []
    for part in _taken_parts(judged):
        part_is = part.finding.truth
        if not choice or part_is is truth is not Truth.NOT_MET:
            met_parts += _met(part, routed=routed or (choice and part_is is Truth.UNKNOWN))
    return met_parts


def _taken_parts(judged: Judged) -> tuple[Judged, ...]:
    """The parts of a criterion; for a choice with a known test only the branch that it selects."""
    parts = judged.children
    if judged.criterion.op is not Op.CHOOSE or parts[0].truth is Truth.UNKNOWN:
        return parts
    return (parts[1 if parts[0].truth is Truth.MET else 2],)


def _is_whole(judged: Judged) -> bool:
    return judged.criterion.op in WHOLES and all(is_asked(part) for part in judged.children)


def _only_stated(judged: Judged) -> bool:
    return all(proof.kind == STATED for proof in evidence(judged))


class OtherWay(NamedTuple):
    """Another way to meet the criteria: short names, values in the record, and why they do not suffice."""

    says: str
    shown: str
    why: str


def other_ways(wording: Wording, assessment: Assessment) -> list[OtherWay]:
    """For each other way what it asks beyond the cheapest way, with values in the record."""
    if assessment.root is None or not assessment.open[1:]:
        return []
    ways = _other_ways(assessment.root.criterion, *map(tuple, assessment.open[:MOST_WAYS]))
    by_name: dict[str, OtherWay] = {}
    for names, ids in ways:
        says = wording.text(remark("together", items=names))
        leaning = [part for id_ in ids if _leans_to_met(part := assessment.judged[id_])]
        values = "; ".join(dict.fromkeys(_value(wording, part) for part in leaning))
        why = line(wording, leaning[0]).why if leaning else ""
        if says not in by_name or not by_name[says].shown:
            by_name[says] = OtherWay(says, values, why)
    return list(by_name.values())


def _leans_to_met(judged: Judged) -> bool:
    return judged.finding.leans or (judged.stated and any(map(_leans_to_met, judged.children)))


@per_document
def _other_ways(
    root: Criterion, cheapest: tuple[str, ...], *ways: tuple[str, ...]
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """For each other way the short names of what it asks, and the criteria's ids."""
    short_names, first = shorts(root), set(cheapest)
    more = [tuple(id_ for id_ in ids if id_ not in first) for ids in ways]
    others = [(list(dict.fromkeys(short_names[id_] for id_ in ids)), ids) for ids in more]
    # Ways that ask for many more criteria are not shown; the twin has all of them.
    few = [(names, ids) for names, ids in others if len(names) <= MOST_PARTS]
    # Ways that only combine what earlier ones name are not shown either.
    return [
        (tuple(names), ids)
        for place, (names, ids) in enumerate(few)
        if len(names) == 1 or not _covered_by(few[:place], names)
    ]


def _covered_by(ways: Sequence[tuple[list[str], tuple[str, ...]]], names: Sequence[str]) -> bool:
    covered_names = {name for way_names, _ in ways for name in way_names}
    return covered_names.issuperset(names)


def also_open(assessment: Assessment) -> list[str]:
    """Short names of criteria that are still open although the order is not met."""
    if assessment.root is None:
        return []
    short_names = shorts(assessment.root.criterion)
    return list(
        dict.fromkeys(short_names[node.criterion.id] for node in _unsettled(assessment.root))
    )


def _unsettled(judged: Judged) -> Iterator[Judged]:
    alone = judged.criterion.op in WHOLES or len(judged.children) == 1
    if alone and not is_asked(judged):
        for child in judged.children:
            yield from _unsettled(child)
    elif judged.truth is Truth.UNKNOWN:
        yield judged


def near_misses(wording: Wording, assessment: Assessment) -> list[Line]:
    """Lines for failed criteria while the outcome is open: another route may still be met."""
    if assessment.outcome is not Outcome.UNKNOWN or assessment.root is None:
        return []
    return [line(wording, node) for node in _failing(assessment.root)]


def _failing(judged: Judged) -> list[Judged]:
    finding = judged.finding
    if finding.truth is Truth.MET:
        return []
    if is_asked(judged):
        missed = finding.truth is Truth.NOT_MET and finding.miss and evidence(judged)
        return [judged] if missed else []
    return [failing for part in _taken_parts(judged) for failing in _failing(part)]


def line(wording: Wording, judged: Judged) -> Line:
    """One judged criterion as a line."""
    finding, criterion = judged.finding, judged.criterion
    unknown = finding.truth is Truth.UNKNOWN
    asks = criterion.asks if unknown else None
    reasons_shown = ANSWERED_BY_ASKING if asks else SAID_BY_MISS if finding.miss else ()
    shows_reason = unknown and finding.reason and finding.reason not in reasons_shown
    shows_reason = shows_reason and not _is_of_the_miss(wording, criterion, finding)
    # A criterion that the prescriber's statement answers is not shown as one for the reviewer.
    shows_reason = shows_reason and not (asks and finding[1:3] == (Reason.REVIEW, Way.ATTESTATION))
    rules_out = criterion.op is Op.NOT
    return Line(
        own_words(criterion.says),
        own_words(asks) if asks else None,
        wording.text(finding.miss) or None,
        wording.say("coverage", finding.reason) if shows_reason and finding.reason else "",
        _value(wording, judged),
        rules_out,
        rules_out and any(proof.date and proof.kind != STATED for proof in evidence(judged)),
        found=finding.reason in OF_WHAT_IS_MISSING,
        settled=own_words(criterion.asks) if criterion.asks and _is_settled(judged) else None,
    )


def _is_of_the_miss(wording: Wording, criterion: Criterion, finding: Finding) -> bool:
    """Whether the reason is about what the miss names, not about the exact values shown."""
    if not finding.miss:
        return False
    if finding.reason is Reason.WEAK_EVIDENCE:
        beside = bool(getattr(criterion.operator, "during", ()))
        return beside and all(proof.kind == "record" for proof in finding.evidence)
    exact = all(_is_exact(wording, proof) for proof in finding.evidence)
    return finding.reason is Reason.IMPRECISE and exact


def _is_exact(wording: Wording, proof: Evidence) -> bool:
    return len(proof.date or "") in (0, A_DAY) and wording.text(proof.value)[:1] not in "<>"


def _is_settled(judged: Judged) -> bool:
    """Whether a yes of the prescriber would override a criterion that the record contradicts."""
    refused = judged.truth is Truth.NOT_MET and judged.criterion.statement == "overrides"
    return refused and not any(proof.kind == STATED for proof in evidence(judged))


def _value(wording: Wording, judged: Judged) -> str:
    """The best values found; for trends each value with the earlier one."""
    trends = [child for child in judged.children if isinstance(child.criterion.operator, Trend)]
    each = trends[:SHOWN_VALUES] or [judged]
    values = (dict.fromkeys(_dated(wording, proof) for proof in evidence(node)) for node in each)
    return "; ".join(value for values in values for value in [*values][:SHOWN_VALUES])


def _dated(wording: Wording, item: Evidence) -> str:
    value = wording.text(item.value)
    if not item.date:
        return value
    first, _, last = item.date.partition(" to ")
    date = item.date
    if last == "?":
        date = wording.text(remark("since", day=first))
    elif first == "?":
        date = wording.text(remark("until", day=last))
    return f"{value} ({date})"


def evidence(judged: Judged) -> tuple[Evidence, ...]:
    """The evidence of a criterion; for several parts the best of each part first."""
    own = judged.finding.evidence
    if not judged.children:
        return own
    each = (evidence(child) for child in judged.children)
    return (*own, *(proof for row in zip_longest(*each) for proof in row if proof is not None))


def notes(wording: Wording, assessment: Assessment) -> list[str]:
    """Notes of all criteria, each once; they explain and decide nothing."""
    nodes = assessment.judged.values()
    texts = (
        text for node in nodes for text in (*map(wording.text, node.finding.notes), *node.notices)
    )
    return list(dict.fromkeys(texts))
