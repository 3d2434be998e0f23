"""Background therapy: whether a day, such as that of a test, lies in covered days of another drug."""

from collections.abc import Sequence

from service.facts.case import Case
from service.facts.supply.covered_days import (
    Part,
    Parts,
    by_table,
    joined,
    may_reach,
    of_all,
    only,
    parts_of,
    perhaps,
    surely,
)
from service.facts.supply.handovers import PHARMACY, shown_of
from service.facts.supply.not_shown import cut_short
from service.facts.supply.required_days import Test
from service.facts.supply.timeline import Timeline
from service.facts.supply.unread import unmapped_fills, unread_fills
from service.fhir.values.days import DayRange
from service.policy.finding import Evidence, Finding, met, not_met, unknown
from service.policy.operators import Background
from service.policy.remark import Remark, remark
from service.policy.truth import REASONS, Reason, Truth, Way


def on_background(case: Case, backgrounds: Sequence[Background], day: DayRange) -> Finding:
    """Whether one of the backgrounds covers a day; a partial day must lie in it whole.

    Not shown is only `not_met` where claims or dispenses are known to be complete for that day.
    """
    findings = [_on(case, background, day) for background in backgrounds]
    for finding in findings:
        if finding.truth is Truth.MET:
            return finding
    open_ = [finding_ for finding_ in findings if finding_.truth is Truth.UNKNOWN]
    nearest = min(
        open_, key=lambda finding_: REASONS.index(finding_.reason or Reason.NOT_FOUND), default=None
    )
    return nearest or findings[0]


def _on(case: Case, asked: Background, day: DayRange) -> Finding:
    accepted = asked.accepts or PHARMACY
    handed = only(parts_of(case, asked), lambda handover: handover.kind in accepted)
    counted = only(handed, lambda handover: not handover.question)
    whole, some = (_holds(asked, day, whole=in_whole) for in_whole in (True, False))
    if all(whole(line) for line in surely(case, asked, counted, case.today)):
        return met(*_near(case, asked, counted, day), notes=by_table(case, asked))
    missing = remark("not_on_background", day=str(day), background=in_words(case, asked))
    if perhaps(case, asked, handed, some):
        shown = _near(case, asked, handed, day)
        return unknown(Reason.IMPRECISE, *shown, way=Way.ATTESTATION, miss=missing)
    unread = [Part(part.value_sets, unread_fills(case, part.value_sets)) for part in handed]
    unread = only(unread, lambda handover: handover.kind in accepted)
    if of_all(unread) and perhaps(case, asked, joined(handed, unread), some):
        near = [handover for handover in of_all(unread) if handover.fill.start.first <= day.last]
        return unmapped_fills(case, near, not_met(miss=missing)).settled_by(Way.ATTESTATION)
    return _not_shown(case, asked, day, missing)


def _not_shown(case: Case, asked: Background, day: DayRange, missing: Remark) -> Finding:
    fact = case.knowledge.of_kind("supply")
    run, after = (span.days if span else 0 for span in (asked.run, asked.after))
    silent = case.silence(fact.sources, day.first - after - max(run, fact.unknown_supply_days))
    if silent is not None:
        listed = _near(case, asked, parts_of(case, asked), day)
        reason = Reason.WEAK_EVIDENCE if listed else silent
        return unknown(reason, *listed, way=Way.ATTESTATION, miss=missing)
    cut = cut_short(case, asked.accepts or PHARMACY, every=False)
    return cut._replace(way=Way.ATTESTATION, miss=missing) if cut else not_met(miss=missing)


def _holds(asked: Background, day: DayRange, *, whole: bool) -> Test:
    """A test of a timeline: the day (`whole`, or any part of it) lies in a long enough covered run."""
    run, gap, after = (span.days if span else 0 for span in (asked.run, asked.gap, asked.after))
    least = day.last - day.first + 1 if whole else 1

    def test(line: Timeline) -> bool:
        daily = Timeline(
            tuple(covered for covered in line.joined(gap) if line.days(*covered) >= run)
        )
        covered_line = line.both(daily).stretched(after) if after else line.both(daily)
        return covered_line.days(day.first, day.last) >= least

    return test


def _near(case: Case, asked: Background, parts: Parts, day: DayRange) -> tuple[Evidence, ...]:
    """The newest two hand-overs up to that day that may reach the dose asked for, as evidence."""
    before = only(parts, lambda handover: handover.fill.start.first <= day.last)
    fit = only(before, lambda handover: may_reach(case, handover, asked.at_dose))
    return shown_of(case, of_all(fit))[:2]


def in_words(case: Case, asked: Background) -> Remark:
    """A background as a clinician says it."""
    return remark(
        "background",
        classes=tuple(case.knowledge.titles.get(name, name).partition(":")[0] for name in asked.of),
        together=asked.together,
        dose=asked.at_dose,
        run=asked.run,
    )
