"""Visits, stays and procedures for a reason: each hit of a class of encounters is one."""

from service.facts.case import Case, display, evidence
from service.facts.episode import ASK, IMPRECISE, REVIEW, Doubt, Episode
from service.facts.fills import Found, paid
from service.facts.model import Fact, Maker
from service.facts.reasons import Why, why
from service.facts.silent_lines import unplaced_visits
from service.fhir.days import ANY_DAY, DayRange, parse_day
from service.fhir.hit import Hit
from service.fhir.paths import read

WEAK = ("chart", "attestation")


def visits(case: Case, fact: Fact, maker: Maker) -> list[Episode]:
    """The visits of these classes that are for the reason, or may be."""
    hits = [one for one in case.hits(fact.sources, maker.of) if one.standing != "never"]
    found = [_visit(case, one, maker) for one in paid(case, hits, maker.of)]
    known = [one for one in found if one is not None]
    return [*known, *unplaced_visits(case, fact, maker)] if maker.unplaced else known


def _visit(case: Case, found: Found, maker: Maker) -> Episode | None:
    hit = found.hit
    reason = why(case, hit, maker)
    start, last = _extent(hit)
    if reason is Why.OTHER:
        return None
    doubt = _doubt(found, reason)
    said = display(hit, maker.of)
    if reason is not Why.FITS:
        said = (
            f"{said}; the reason is {'not recorded' if reason is Why.NOT_RECORDED else 'unclear'}"
        )
    shown = evidence(case, hit, said, start)
    sure = doubt is None and start != ANY_DAY
    return Episode((start,), last, int(sure), 1, shown, doubt or IMPRECISE, stay=True)


def _doubt(found: Found, reason: Why) -> Doubt | None:
    """Why it may be no such visit."""
    if found.question or found.hit.standing != "counts" or found.kind in WEAK:
        return REVIEW
    return None if reason is Why.FITS else ASK


def _extent(hit: Hit) -> tuple[DayRange, int]:
    """The day a visit began and the last day that it is said to have reached."""
    zone = hit.calendar.zone
    for steps in hit.source.dates:
        for holder in (hit.element, hit.resource):
            for value in read(steps, holder):
                if not isinstance(value, dict):
                    if day := parse_day(value, zone):
                        return day, day.last
                    continue
                start = parse_day(value.get("start"), zone)
                end = parse_day(value.get("end"), zone)
                if start:
                    return start, max(start.last, end.last if end else start.last)
                if end:
                    return DayRange(ANY_DAY.first, end.last), end.last
    return ANY_DAY, ANY_DAY.last
