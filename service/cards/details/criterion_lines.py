"""Which judged criteria a card shows, and each of them in one line."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from service.cards.details.fitted_to_length import within
from service.cards.plain_names import InShort
from service.cards.summary import shorts
from service.cards.wording import Wording, escape, own_words
from service.memo import per_document
from service.policy.assessment import Assessment, Outcome
from service.policy.contradicted_statement import CONTRADICTING
from service.policy.finding import STATED, Evidence, Finding, remark
from service.policy.judged_criterion import Judged
from service.policy.model import WHOLES, Criterion, Op
from service.policy.open_questions import is_asked
from service.policy.operators import Trend
from service.policy.truth import Reason, Truth, Way

MOST_WAYS = 4
SHOWN_VALUES = 2
MOST_PARTS = 3
LONGEST_LINE = 180
LONGEST_PART = 110  # of what the record shows; longer texts of a chart are in the twin only
# Notes on what a rule rests on: the last to be shown.
OF_DOCUMENTS = {"as_documented"}
# Notes that repeat evidence, and those that name contrary evidence.
TWIN_ONLY = {"shown_for", "fewer_since"}
# Notes that have lines of their own on the card.
ELSEWHERE = {CONTRADICTING}
CONTRARY = {"later_value", "not_compared"}
A_DAY = len("2026-11-20")
# Reasons that are not shown because the question, or the miss, already says so.
ANSWERED_BY_ASKING = {Reason.NOT_FOUND, Reason.NOT_HELD, Reason.ATTESTATION}
SAID_BY_MISS = {Reason.NOT_FOUND, Reason.IMPRECISE}


class Line(NamedTuple):
    """One criterion as the card shows it; all texts are escaped.

    `asks` is None unless it is open and answered by a statement; `settled` is the question whose yes would
    override what the record shows.
    """

    title: str
    asks: str | None
    miss: str
    why: str
    values: tuple[str, ...]
    settled: str | None = None

    rules_out: bool = False
    for_reviewer: bool = False

    @property
    def text(self) -> str:
        """The line, with as much of what is known as fits."""
        return within(
            self.asks or self.title, [*self._known, *self.values], LONGEST_LINE, _in_brackets
        )

    @property
    def short(self) -> str:
        """The question, with what speaks against an exclusion; of what asks nothing how near it comes."""
        if self.asks is None:
            evidence = self.values if self.for_reviewer else ()
            return within(self.title, [*self._known, *evidence], LONGEST_LINE, _in_brackets)
        return within(self.asks, self.values if self.rules_out else (), LONGEST_LINE, _in_brackets)

    @property
    def _known(self) -> list[str]:
        return [self.miss, self.why]

    @property
    def fact(self) -> str:
        """The line of a criterion that is not met: what it asks, and how near the record comes."""
        # of an exclusion the drug is shown too
        values = self.values if self.rules_out or not self.miss else ()
        return within(self.title, [self.miss, *values], LONGEST_LINE, _behind_colon)


def _in_brackets(parts: Sequence[str]) -> str:
    first, *rest = parts
    return f"{first} ({'; '.join(rest)})" if rest else first


def _behind_colon(parts: Sequence[str]) -> str:
    first, *rest = parts
    return f"{first}: {'; '.join(rest)}" if rest else first


def met_criteria(root: Judged) -> list[Judged]:
    """What is met, each text once; a whole with its parts is one of them."""
    return list({node.criterion.says: node for node in _met(root, routed=False)}.values())


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


def other_ways(brief: InShort, assessment: Assessment) -> list[OtherWay]:
    """For each other way what it asks beyond the cheapest way, with values in the record."""
    if assessment.root is None or not assessment.open[1:]:
        return []
    ways = _other_ways(assessment.root.criterion, *map(tuple, assessment.open[:MOST_WAYS]))
    by_name: dict[str, OtherWay] = {}
    for names, ids in ways:
        says = brief.text(remark("together", items=names))
        leaning = [part for id_ in ids if _leans_to_met(part := assessment.judged[id_])]
        values = "; ".join(
            dict.fromkeys(value for part in leaning for value in _values(brief, part))
        )
        why = line(brief, leaning[0]).why if leaning else ""
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


def near_misses(assessment: Assessment) -> list[Judged]:
    """Failed criteria while the outcome is open: another route may still be met."""
    if assessment.outcome is not Outcome.UNKNOWN or assessment.root is None:
        return []
    return _failing(assessment.root)


def _failing(judged: Judged) -> list[Judged]:
    finding = judged.finding
    if finding.truth is Truth.MET:
        return []
    if is_asked(judged):
        missed = finding.truth is Truth.NOT_MET and finding.miss and evidence(judged)
        return [judged] if missed else []
    return [failing for part in _taken_parts(judged) for failing in _failing(part)]


def line(brief: InShort, judged: Judged, about: Judged | None = None) -> Line:
    """One judged criterion as a line; `about` is the whole whose question is asked instead of its own."""
    finding, criterion = judged.finding, (about or judged).criterion
    unknown = finding.truth is Truth.UNKNOWN
    asks = (criterion.on_card or criterion.asks) if unknown and criterion.asks else None
    # The outcome of a trial is called what the trial is called.
    called = about.criterion if about else criterion
    named = called.says if called.asks else called.on_card or called.says
    return Line(
        own_words(named),
        own_words(asks) if asks else None,
        _bounded(brief.text(finding.miss)),
        _why(brief.wording, criterion, finding, asked=bool(asks)),
        _values(brief, judged),
        settled=own_words(criterion.on_card or criterion.asks)
        if criterion.asks and _is_settled(judged)
        else None,
        rules_out=judged.criterion.op is Op.NOT,
        for_reviewer=finding.way is Way.REVIEW,
    )


def _why(wording: Wording, criterion: Criterion, finding: Finding, *, asked: bool) -> str:
    """Why a criterion is unknown; empty if the question, the miss or the value says so already."""
    reason = finding.reason
    if finding.truth is not Truth.UNKNOWN or reason is None:
        return ""
    said = ANSWERED_BY_ASKING if asked else SAID_BY_MISS if finding.miss else ()
    # A criterion that the prescriber's statement answers is not shown as one for the reviewer.
    if not asked and finding.way is Way.REVIEW and reason is Reason.REVIEW:
        return ""  # the heading says it
    by_statement = asked and finding[1:3] == (Reason.REVIEW, Way.ATTESTATION)
    if reason in said or by_statement or _is_of_the_miss(wording, criterion, finding):
        return ""
    return wording.say("coverage", reason)


def _bounded(text: str) -> str:
    """A text of the chart escaped; empty if it is longer than a line has room for."""
    return str(escape(text)) if len(text) <= LONGEST_PART else ""


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


def _values(brief: InShort, judged: Judged) -> tuple[str, ...]:
    """The best values found that are short enough; for trends each value with the earlier one."""
    trends = [child for child in judged.children if isinstance(child.criterion.operator, Trend)]
    each = trends[:SHOWN_VALUES] or [judged]
    shown = (dict.fromkeys(brief.evidence(proof) for proof in evidence(node)) for node in each)
    values = (value for values in shown for value in [*values][:SHOWN_VALUES])
    return tuple(filter(None, map(_bounded, values)))


def evidence(judged: Judged) -> tuple[Evidence, ...]:
    """The evidence of a criterion; for several parts the best of each part first."""
    own = judged.finding.evidence
    if not judged.children:
        return own
    each = (evidence(child) for child in judged.children)
    return (*own, *(proof for row in zip_longest(*each) for proof in row if proof is not None))


def notes(brief: InShort, assessment: Assessment) -> list[str]:
    """Notes of all criteria, each once; they explain and decide nothing. Contrary values come first."""
    nodes = assessment.judged.values()
    found = [
        note
        for node in nodes
        for note in node.finding.notes
        if note.kind not in TWIN_ONLY | ELSEWHERE
    ]
    found.sort(key=lambda note: (note.kind not in CONTRARY, note.kind in OF_DOCUMENTS))
    notices = (notice for node in nodes for notice in node.notices)
    return list(dict.fromkeys([*map(brief.text, found), *notices]))
