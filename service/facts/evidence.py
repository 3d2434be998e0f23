"""Evidence by its kind: what a criterion accepts decides; the rest, or what is not understood, is open."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from service.facts.case import Case, PatientCase, when
from service.facts.fact import Fact
from service.fhir.elements import read
from service.fhir.hit import Hit
from service.fhir.sources.entries_not_understood import (
    ABOUT,
    ABSENT,
    DATES,
    LATER,
    LONG_ID,
    MEANINGLESS,
    MODIFIER,
    NAMED,
    NOTE,
    RULES,
    STATUS,
)
from service.fhir.values.days import ANY_DAY, DayRange, latest
from service.policy.finding import Evidence, Finding, Remark, remark, unknown
from service.policy.operators import Compare, Recorded
from service.policy.truth import Reason, Truth

# A dispense that another system reports came with the source of dispenses.
REPORTED_WITH = {"outside_pharmacy": "dispense"}


def by_accepted(case: Case, asked: Compare | Recorded) -> Finding:
    """The finding from the accepted kinds; `weak_evidence` where only others show it."""
    facts = list(_facts(case, asked))
    finding = _narrowed(case, asked, facts, accepted=True)
    counts = [proof for proof in finding.evidence if proof.kind in asked.accepts]
    if finding.truth is Truth.MET and counts:
        return finding
    rest = _narrowed(case, asked, facts, accepted=False)
    others = [*_others(asked, finding), *_others(asked, rest)]
    if others and (rest.truth is Truth.MET or not counts):
        shown = dict.fromkeys([*counts, *others])
        return unknown(Reason.WEAK_EVIDENCE, *shown, way=facts[0].way, miss=finding.miss)
    return finding


def _others(asked: Compare | Recorded, finding: Finding) -> list[Evidence]:
    """What is shown by evidence that does not decide here; a note that nothing was found is none."""
    return [
        proof for proof in finding.evidence if proof.reference and proof.kind not in asked.accepts
    ]


def _narrowed(
    case: Case, asked: Compare | Recorded, facts: list[Fact], *, accepted: bool
) -> Finding:
    """The same question to a case whose facts look in the sources of these kinds alone."""
    wanted = {REPORTED_WITH.get(kind, kind) for kind in asked.accepts}
    narrow = case.with_sources(facts, lambda source: (source.kind in wanted) is accepted)
    return case.answer(narrow, replace(asked, accepts=()))


def _facts(case: PatientCase, asked: Compare | Recorded) -> Iterator[Fact]:
    """The facts that are asked for, and the scores that a grade is read from."""
    names = (asked.fact,) if isinstance(asked, Compare) else asked.fact
    for name in names:
        fact = case.knowledge.facts[name]
        yield fact
        yield from (case.knowledge.facts[scored] for scored in fact.scales if fact.kind == "grade")


WORDS = {
    MODIFIER: remark("not_used_extension"),
    RULES: remark("not_used_rules"),
    ABOUT: remark("not_used_about_other"),
    LATER: remark("not_used_later"),
    ABSENT: remark("not_used_absent"),
    DATES: remark("not_used_dates"),
    NAMED: remark("not_used_named"),
    NOTE: remark("not_used_note"),
    STATUS: remark("not_used_status"),
    LONG_ID: remark("not_used_id"),
}
NOT_USED = remark("not_used")
# Doubts with which an entry may still be such a result, and the newest one.
OPEN = MEANINGLESS | {STATUS, DATES, NAMED, NOTE, LONG_ID}


def not_understood(hits: Iterable[Hit]) -> list[Hit]:
    """The entries that do not count because their meaning is not understood."""
    return [hit for hit in hits if hit.doubt is not None]


def why_not_used(hit: Hit) -> Remark:
    """Why an entry does not count."""
    return WORDS.get(hit.doubt or "", NOT_USED)


def may_be_newer(hits: Iterable[Hit], days: Iterable[DayRange | None]) -> bool:
    """Whether such an entry may be newer than all that is understood."""
    open_hits = [hit for hit in hits if hit.doubt in OPEN]
    if not open_hits:
        return False
    since = max((day.first for day in days if day), default=ANY_DAY.first)
    return any(_last_day(hit) >= since for hit in open_hits)


def _last_day(hit: Hit) -> int:
    """The last day that it may be of; where its dates contradict each other, the last of them."""
    if hit.doubt != DATES:
        return (when(hit) or ANY_DAY).last
    written = (value for steps in hit.source.dates for value in read(steps, hit.resource))
    days = (latest(value, hit.calendar.zone) for value in written)
    return max((day for day in days if day is not None), default=ANY_DAY.last)
