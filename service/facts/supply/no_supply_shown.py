"""Decides between not met and unknown when accepted evidence shows no supply."""

from collections.abc import Sequence

from service.facts.case import PatientCase, display, evidence, when
from service.facts.evidence import why_not_used
from service.facts.fills.fill import PHARMACY, FoundFill, names_drug
from service.facts.fills.fills_as_evidence import SHOWN, fills_as_evidence
from service.facts.fills.samples import is_sample
from service.facts.supply.covered_days_of_classes import (
    ClassSupply,
    Parts,
    all_handovers,
    handovers_by_class,
    parts_of_both,
    parts_where,
    perhaps_covered,
)
from service.facts.supply.supply_tests import YEAR, test_of
from service.facts.supply.unread_entries import (
    is_drug,
    unmapped,
    unmapped_fills,
    unread_drafts,
    unread_fills,
    unread_hits,
)
from service.fhir.elements import read
from service.fhir.hit import Hit
from service.fhir.supplied.bundle import State
from service.fhir.unknown_drugs import UNREAD
from service.fhir.values.days import parse_when
from service.memo import IdentityMap, IdentitySet
from service.policy.finding import Finding, Remark, not_met, remark, unknown
from service.policy.operators import Supply
from service.policy.truth import Reason, Truth, Way


def not_shown(
    case: PatientCase, asked: Supply, finding: Finding, counted: Parts, rest: Parts
) -> Finding:
    """The finding without accepted supply: unknown for questions, other evidence or gaps, else not met."""
    accepted, others = asked.accepts or PHARMACY, all_handovers(rest)
    shown = (*finding.evidence, *fills_as_evidence(case, others))
    questions = parts_where(rest, lambda handover: handover.question and handover.kind in accepted)
    if all_handovers(questions) and perhaps_covered(
        case, asked, parts_of_both(counted, questions), test_of(case, asked)
    ):
        miss = _product_open(all_handovers(questions))
        return unknown(Reason.REVIEW, *shown, way=Way.REVIEW, miss=miss)
    if others and asked.elsewhere == "review":
        return unknown(Reason.REVIEW, *shown, way=Way.REVIEW, miss=finding.miss)
    silent = why_silence_proves_nothing(case, asked)
    if others and (silent or asked.elsewhere == "doubt"):
        return unknown(Reason.WEAK_EVIDENCE, *shown, miss=finding.miss)
    if unread := _not_read(case, asked, finding, counted):
        return unread
    if silent:
        return unknown(silent, *shown, miss=finding.miss)
    return _in_doubt(case, asked) or not_met(*shown, miss=finding.miss, notes=finding.notes)


def _in_doubt(case: PatientCase, asked: Supply) -> Finding | None:
    """Why the answer stays open although complete lists show no supply; None if it does not."""
    accepted = asked.accepts or PHARMACY
    doubt = _doubt(case, asked) if asked.elsewhere != "weak" else None
    doubt = doubt or _given(case, asked)
    doubt = doubt or list_cut_short(case, accepted, every=asked.elsewhere != "weak")
    if doubt is None and asked.elsewhere == "doubt" and not _list_came(case):
        return unknown(Reason.NOT_SUPPLIED)
    return doubt


def _not_read(case: PatientCase, asked: Supply, finding: Finding, counted: Parts) -> Finding | None:
    """Unknown if entries that cannot be read would suffice, or keep a drug from being ruled out."""
    if not case.record.hits(UNREAD) and UNREAD not in case.record.proposed:
        return None
    groups = [(name,) for name in asked.of] if asked.together else [asked.of]
    parts = [ClassSupply(group, unread_fills(case, group)) for group in groups]
    relevant = parts_where(parts, lambda handover: supports_therapy(case, asked, handover))
    handed = parts_where(relevant, lambda handover: handover.kind in (asked.accepts or PHARMACY))
    handovers: list[FoundFill] = []
    if perhaps_covered(case, asked, parts_of_both(counted, handed), test_of(case, asked)):
        handovers = all_handovers(handed)
    if asked.elsewhere == "weak":
        return unmapped_fills(case, handovers, finding) if handovers else None
    already_there = IdentitySet(handover.hit for handover in all_handovers(handed))
    handovers += [
        handover for handover in all_handovers(relevant) if handover.hit not in already_there
    ]
    unsure = _unsure(case, asked)
    return unmapped_fills(case, handovers, finding, unsure) if handovers or unsure else None


def _unsure(case: PatientCase, asked: Supply) -> list[Hit]:
    """Entries that cannot be read and may or may not count, samples and drafts among them."""
    fact = case.knowledge.of_kind("supply")
    weak = (
        hit
        for hit in filter(is_drug, unread_hits(case, fact.sources, asked.of))
        if hit.standing == "unusable" or (hit.standing == "counts" and is_sample(case, hit))
    )
    recent = [hit for hit in weak if _may_go_on(case, hit, fact.unknown_supply_days)]
    return [*recent, *unread_drafts(case, asked.of)]


def why_silence_proves_nothing(case: PatientCase, asked: Supply) -> Reason | None:
    """Why finding no supply proves nothing; None if the sources searched hold every fill."""
    looked = case.knowledge.of_kind("supply").sources
    return case.silence(looked, _reach(case, asked))


def _reach(case: PatientCase, asked: Supply) -> int:
    """The first day that the sources must hold; for a use today only as far back as a supply lasts."""
    if not asked.now:
        return case.back(asked.look_back or YEAR)
    unknown_days = case.knowledge.of_kind("supply").unknown_supply_days
    days = [
        handover.fill.at_most(unknown_days)
        for handover in all_handovers(handovers_by_class(case, asked))
    ]
    return case.today - max([unknown_days, *days]) + 1


def _list_came(case: PatientCase) -> bool:
    """Whether a list of drugs from another source than pharmacies came, or none is configured."""
    keys = [looked.source for looked in case.knowledge.of_kind("supply").sources]
    lists = [key for key in keys if case.knowledge.sources[key].kind not in PHARMACY]
    return not lists or any(case.record.came_whole(key) for key in lists)


def _doubt(case: PatientCase, asked: Supply) -> Finding | None:
    """Samples, unclear entries and proposed orders, any of which keeps a drug from being ruled out."""
    fact = case.knowledge.of_kind("supply")
    weak = [
        hit
        for hit in case.hits(fact.sources, asked.of)
        if hit.standing == "unusable" or (hit.standing == "counts" and is_sample(case, hit))
        if _asked_for(asked, hit)
    ]
    weak = [hit for hit in weak if _may_go_on(case, hit, fact.unknown_supply_days)]
    proposed = (hit for name in asked.of for hit in case.record.proposed.get(name, ()))
    proposed = (hit for hit in proposed if _asked_for(asked, hit))
    shown = [evidence(case, hit, display(hit, asked.of)) for hit in (*weak, *proposed)]
    if shown and asked.elsewhere == "review":
        return unknown(Reason.REVIEW, *shown[:SHOWN], way=Way.REVIEW)
    return unknown(Reason.WEAK_EVIDENCE, *shown[:SHOWN]) if shown else None


def _given(case: PatientCase, asked: Supply) -> Finding | None:
    """Procedures that name the drug or may have given it, and so keep it from being ruled out."""
    fact = case.knowledge.of_kind("supply")
    if asked.elsewhere == "weak" or not fact.given:
        return None
    named = [hit for hit in case.hits(fact.given, asked.of) if _asked_for(asked, hit)]
    named = [hit for hit in named if _may_last(case, hit, asked.of)]
    if named:
        shown = [evidence(case, hit, display(hit, asked.of)) for hit in _once(named)[:SHOWN]]
        if asked.elsewhere == "review":
            return unknown(Reason.REVIEW, *shown, way=Way.REVIEW)
        return unknown(Reason.WEAK_EVIDENCE, *shown)
    unread = unread_hits(case, fact.given, asked.of)
    unread = [hit for hit in unread if _may_last(case, hit, asked.of)]
    return unmapped(case, _once(unread), not_met(), Way.DATA) if unread else None


def _may_last(case: PatientCase, hit: Hit, value_sets: Sequence[str]) -> bool:
    """Whether what was given once may last until today, if it was given at all."""
    if hit.standing == "never":
        return False
    sets = [name for name in value_sets if any(entry.value_set == name for entry in hit.entries)]
    longest = case.record.unlisted.interval(sets or value_sets)
    return _recent(case, hit, max(longest, case.knowledge.of_kind("supply").unknown_supply_days))


def _once(hits: Sequence[Hit]) -> list[Hit]:
    """Each resource once, though it is read in several ways."""
    return IdentityMap((hit.element, hit) for hit in hits).values()


def _asked_for(asked: Supply, hit: Hit) -> bool:
    return names_drug(hit.entries, asked.of, asked.ingredients) is not Truth.NOT_MET


def list_cut_short(case: PatientCase, accepted: Sequence[str], *, every: bool) -> Finding | None:
    """Unknown if a list that may hold the drug did not come whole; None if all of them did.

    `every` looks at all lists, else only those of an accepted kind.
    """
    keys = [looked.source for looked in case.knowledge.of_kind("supply").sources]
    keys = [key for key in keys if every or case.knowledge.sources[key].kind in accepted]
    broken = {State.FAILED, State.INCOMPLETE, State.INVALID, State.FOREIGN}
    states = [case.record.states.get(key, State.NOT_SUPPLIED) for key in keys]
    if State.INCOMPLETE in states:
        return unknown(Reason.INCOMPLETE)
    return unknown(Reason.NOT_SUPPLIED) if broken & {*states} else None


def _may_go_on(case: PatientCase, hit: Hit, days: int) -> bool:
    """Whether the entry is recent, or is on a list whose status does not say that the therapy ended."""
    listed = hit.source.may_be_in_use(hit.resource) and is_listed_now(case, hit)
    return listed or _recent(case, hit, days)


def _recent(case: PatientCase, hit: Hit, days: int) -> bool:
    day = when(hit)
    return day is None or case.today - days <= day.last


def _product_open(questions: Sequence[FoundFill]) -> Remark:
    first = questions[0]
    if first.hit.doubt is not None:
        return remark("named_but", name=first.display, why=why_not_used(first.hit))
    beside = (entry.attributes.get("beside") for entry in first.hit.entries)
    if name := next(filter(None, beside), None):
        return remark("product_beside", name=first.display, beside=str(name))
    return remark("product_not_known", name=first.display)


def supports_therapy(case: PatientCase, asked: Supply, handover: FoundFill) -> bool:
    """Whether evidence that cannot decide still supports the therapy, today if that is asked."""
    if handover.kind not in PHARMACY:
        return not asked.now or is_listed_now(case, handover.hit)
    if asked.ever:
        return True
    # An unclear fill of long ago says nothing of the window that is asked about.
    days = handover.fill.at_most(case.knowledge.of_kind("supply").unknown_supply_days)
    since = case.today if asked.now else case.back(asked.ended_within or asked.look_back or YEAR)
    return handover.fill.start.last + days > since


def is_listed_now(case: PatientCase, hit: Hit) -> bool:
    """Whether a list or an order says that the drug is taken today, or contradicts itself."""
    in_use = hit.source.in_use(hit.resource)
    if hit.source.active and in_use is False:
        return False
    periods = [parse_when(p, hit.calendar.zone) for p in read(("effectivePeriod",), hit.resource)]
    days = [day for day in periods if day is not None]
    if in_use and any(day.last < case.today for day in days):
        return True  # it is active and its period is over: it contradicts itself
    return all(day.first <= case.today <= day.last for day in days)
