"""The supply operator: one test over covered days; and whether classes are excluded."""

from datetime import date
from functools import partial
from typing import NamedTuple

from service.facts.case import PatientCase, display, evidence
from service.facts.fills.fill import PHARMACY, FoundFill
from service.facts.fills.fills_as_evidence import fills_as_evidence
from service.facts.supply.covered_days import Timeline
from service.facts.supply.covered_days_of_classes import (
    Parts,
    all_handovers,
    dose_table_notes,
    handovers_by_class,
    may_reach,
    parts_where,
    perhaps_covered,
    surely_covered,
)
from service.facts.supply.no_supply_shown import (
    not_shown,
    supports_therapy,
    why_silence_proves_nothing,
)
from service.facts.supply.supply_after_stop import stops_shown, without_stopped
from service.facts.supply.supply_tests import USED_UP, miss_of, other_readings, test_of
from service.fhir.unknown_drugs import UNREAD
from service.fhir.values.days import LAST
from service.memo import per_value
from service.policy.finding import Evidence, Finding, Remark, met, not_met, remark, unknown
from service.policy.operators import AtMostOneOf, Excluded, Supply
from service.policy.truth import REASONS, Reason, Truth, Way

NO_DAYS = Timeline(())


class InUse(NamedTuple):
    """A therapy that pharmacies supplied for today: its fills, what it is, its last covered day."""

    shown: tuple[Evidence, ...]
    ingredient: str
    until: int


def in_use(case: PatientCase, value_set: str) -> InUse | None:
    """The therapy of a class that surely covers today and was not stopped; samples and lists never do."""
    if not case.record.hits(value_set):
        return None
    asked = _now(value_set)
    handed = parts_where(handovers_by_class(case, asked), _is_handed_over)
    counted = without_stopped(case, asked.of, handed)
    covers_today = test_of(case, asked)
    if not covers_today(surely_covered(case, asked, counted, case.today).least(covers_today)):
        return None
    given = [
        handover for handover in all_handovers(counted) if handover.fill.start.first <= case.today
    ]
    given.sort(key=lambda handover: -handover.fill.start.first)
    return InUse(
        fills_as_evidence(case, given), given[0].fill.ingredient, _last_day(case, asked, counted)
    )


@per_value
def _now(value_set: str) -> Supply:
    return Supply(of=(value_set,), now=True)


@per_value
def _excluded_today(value_set: str, accepts: tuple[str, ...]) -> Supply:
    """Whether a class covers today, asked so that missing data or a mere list entry never count as no."""
    return Supply(of=(value_set,), now=True, accepts=accepts, elsewhere="doubt")


def _is_handed_over(handover: FoundFill) -> bool:
    return handover.kind in PHARMACY and not handover.question


def supply(case: PatientCase, asked: Supply) -> Finding:
    """One test over the timeline of the classes asked for, or the reviewer where that is said."""
    finding = _supply(case, asked)
    review = asked.always if finding.truth is Truth.MET else asked.otherwise
    if finding.truth is Truth.UNKNOWN or not review:
        return finding
    miss = finding.miss if finding.truth is Truth.NOT_MET else None
    return unknown(Reason.REVIEW, *finding.evidence, way=Way.REVIEW, miss=miss, notes=finding.notes)


def _supply(case: PatientCase, asked: Supply) -> Finding:
    fact = case.knowledge.of_kind("supply")
    if not case.hits(fact.sources, asked.of):
        return _nothing(case, asked)
    accepted = asked.accepts or PHARMACY

    def decides(handover: FoundFill) -> bool:
        return handover.kind in accepted and not handover.question

    parts = handovers_by_class(case, asked)
    counted = parts_where(parts, decides)
    others = parts_where(
        parts, lambda handover: not decides(handover) and may_reach(case, handover, asked.at_dose)
    )
    rest = parts_where(others, lambda handover: supports_therapy(case, asked, handover))
    finding = _timeline_finding(case, asked, counted)
    if finding.truth is Truth.MET and asked.now and asked.elsewhere != "weak":
        return _unless_stopped(case, asked, finding, counted)
    if finding.truth is not Truth.NOT_MET:
        return finding
    return not_shown(case, asked, finding, counted, rest)


def _unless_stopped(case: PatientCase, asked: Supply, finding: Finding, counted: Parts) -> Finding:
    """Where a drug is to be ruled out: open if it covers today only by what the chart says was stopped."""
    covers_today = test_of(case, asked)
    taken = without_stopped(case, asked.of, counted)
    if covers_today(surely_covered(case, asked, taken, case.today).least(covers_today)):
        return finding
    shown = (*finding.evidence, *stops_shown(case, asked.of, counted))
    miss = remark("but_stopped", miss=finding.miss)
    return unknown(Reason.REVIEW, *shown, way=Way.REVIEW, miss=miss, notes=finding.notes)


def _nothing(case: PatientCase, asked: Supply) -> Finding:
    miss = miss_of(case, asked, NO_DAYS)
    unread = case.record.hits(UNREAD) or UNREAD in case.record.proposed
    if not unread and (silent := why_silence_proves_nothing(case, asked)):
        return unknown(silent, miss=miss)
    return not_shown(case, asked, not_met(miss=miss), [], [])


def _timeline_finding(case: PatientCase, asked: Supply, counted: Parts) -> Finding:
    test, shown = test_of(case, asked), fills_as_evidence(case, _to_show(case, asked, counted))
    least = surely_covered(case, asked, counted, case.today).least(test)
    if test(least):
        notes = (*other_readings(case, asked, least), *dose_table_notes(case, asked))
        return met(*shown, notes=notes, miss=_until(case, asked, counted))
    miss = miss_of(case, asked, least)
    if perhaps_covered(case, asked, counted, test):
        if perhaps_covered(case, asked, counted, test, together=True):
            return unknown(Reason.IMPRECISE, *shown, miss=miss)
        return unknown(Reason.REVIEW, *shown, way=Way.REVIEW, miss=miss, notes=(USED_UP,))
    return not_met(*shown, miss=miss, notes=other_readings(case, asked, least))


def _to_show(case: PatientCase, asked: Supply, counted: Parts) -> list[FoundFill]:
    """The hand-overs to show: for a use today those that may cover today by themselves, if any."""
    given = all_handovers(counted)
    if not asked.now:
        return given
    days = case.knowledge.of_kind("supply").unknown_supply_days
    reach = [
        handover
        for handover in given
        if handover.fill.start.last + handover.fill.at_most(days) > case.today
    ]
    return reach or given


def _until(case: PatientCase, asked: Supply, counted: Parts) -> Remark | None:
    """For a therapy in use today: the last covered day and the first day without it, if not refilled."""
    if not asked.now:
        return None
    end = _last_day(case, asked, counted)
    until, earliest = date.fromordinal(end), date.fromordinal(end + 1)
    return remark("supply_until", until=until, earliest=earliest)


def _last_day(case: PatientCase, asked: Supply, counted: Parts) -> int:
    """The last day (ordinal) of the run that covers today, if it is not refilled."""
    runs = surely_covered(case, asked, counted, LAST)[0].runs
    return next(last for first, last in runs if first <= case.today <= last)


def at_most_one_of(case: PatientCase, asked: AtMostOneOf) -> Finding:
    """Whether no second class is in use today; a class that perhaps is leaves it open."""
    findings = [supply(case, _excluded_today(name, asked.accepts)) for name in asked.of]
    in_use_today = [finding for finding in findings if finding.truth is Truth.MET]
    open_ = [finding for finding in findings if finding.truth is Truth.UNKNOWN]
    shown = [entry for finding in in_use_today for entry in finding.evidence]
    if len(in_use_today) > 1:
        return not_met(*shown, miss=remark("classes_in_use", count=len(in_use_today)))
    if len(in_use_today) + len(open_) <= 1:
        return met(*shown)
    nearest = min(open_, key=lambda finding: REASONS.index(finding.reason or Reason.NOT_FOUND))
    return nearest._replace(evidence=(*shown, *nearest.evidence))


def excluded(case: PatientCase, asked: Excluded) -> Finding:
    """Every class excluded, or one: members with a recorded intolerance are shown, never enough."""
    fact = case.knowledge.of_kind("exclusion")
    classes = asked.every or asked.any_
    if (finding := _finding_in_use(case, asked)) is not None:
        return finding
    shown = [
        evidence(case, hit, remark("intolerance", name=display(hit, classes)))
        for hit in case.hits(fact.sources, classes)
        if hit.standing == "counts"
    ]
    # Without any sign of it in the record the card should not invite a statement: review is asked for.
    way = Way.ATTESTATION if shown else Way.REVIEW
    shown += [proof for name in classes for proof in _stops_shown(case, name)]
    return unknown(Reason.ATTESTATION, *shown[:4], way=way, miss=_members(case, asked))


def _stops_shown(case: PatientCase, value_set: str) -> tuple[Evidence, ...]:
    """What the chart says of the stop of a therapy whose supply would cover today."""
    if not case.record.hits(value_set):
        return ()
    asked = _now(value_set)
    handed = parts_where(handovers_by_class(case, asked), partial(_may_cover, case))
    return stops_shown(case, asked.of, handed)


def _may_cover(case: PatientCase, handover: FoundFill) -> bool:
    """Whether a hand-over may cover today by itself."""
    days = handover.fill.at_most(case.knowledge.of_kind("supply").unknown_supply_days)
    start = handover.fill.start
    return _is_handed_over(handover) and start.first <= case.today < start.last + days


def _finding_in_use(case: PatientCase, asked: Excluded) -> Finding | None:
    """One class in use is enough against `every`; against `any` all of them must be."""
    classes = asked.every or asked.any_
    used = [therapy for name in classes if (therapy := in_use(case, name)) is not None]
    if len(used) < (1 if asked.every else len(classes)):
        return None
    shown = dict.fromkeys(proof for used_therapy in used for proof in used_therapy.shown[:1])
    wordings = dict.fromkeys(map(_says, used))
    return not_met(*shown, miss=remark("several", items=tuple(wordings)))


def _says(used: InUse) -> Remark:
    until = date.fromordinal(used.until)
    return remark("takes_one", drug=used.ingredient, until=until)


def _members(case: PatientCase, asked: Excluded) -> Remark:
    titles = tuple(case.knowledge.titles.get(name, name) for name in asked.every or asked.any_)
    return remark("needed_for_classes", every=bool(asked.every), classes=titles)
