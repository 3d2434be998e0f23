"""What a picture shows of a class of drugs: fills, list entries and samples, each from day to day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from service.facts.case import PatientCase, display, when
from service.facts.fills.fill import FoundFill
from service.facts.fills.fills_of_class import find_fills
from service.facts.fills.samples import is_sample
from service.fhir.hit import Hit
from service.fhir.values.days import ANY_DAY, DayRange, parse_day
from service.policy.finding import Remark

SAMPLE = "sample"
HANDED_OVER = ("claim", "dispense", "outside_pharmacy")


@dataclass(frozen=True, slots=True)
class ShownFill:
    """One fill, list entry or sample; `kind` is the kind of evidence, or `sample`.

    `last` is the last day that it covers, or on which a list has it; None where that is not known.
    `days` are the days' supply as sent, `doubt` says why it may be no hand-over.
    """

    name: str
    kind: str
    reference: str | None
    first: date
    last: date | None
    days: int | None = None
    doubt: Remark | None = None


def shown_fills(case: PatientCase, value_sets: Sequence[str]) -> list[ShownFill]:
    """All that the record has of these classes up to the day asked about, the oldest first."""
    hits = case.hits(case.knowledge.of_kind("supply").sources, value_sets)
    shown = [*_fills(case, hits, value_sets), *_samples(case, hits, value_sets)]
    return sorted(shown, key=lambda fill: (fill.first, fill.name))


def _fills(
    case: PatientCase, hits: Sequence[Hit], value_sets: Sequence[str]
) -> Iterator[ShownFill]:
    for handover in find_fills(case, hits, value_sets):
        start = handover.fill.start
        if start == ANY_DAY or start.first > case.today:
            continue
        first = date.fromordinal(start.first)
        yield ShownFill(
            handover.display,
            handover.kind,
            handover.hit.reference,
            first,
            _last_day(case, handover, start),
            handover.fill.days,
            handover.doubt,
        )


def _last_day(case: PatientCase, handover: FoundFill, start: DayRange) -> date | None:
    """For a hand-over by its days' supply; for a list entry the end of its period, or today."""
    if handover.kind in HANDED_OVER:
        days = handover.fill.days
        return None if days is None else date.fromordinal(start.first + days - 1)
    period = handover.hit.resource.get("effectivePeriod")
    if not isinstance(period, dict):
        return None
    end = parse_day(period.get("end"), case.record.calendar.zone)
    return date.fromordinal(min(end.last, case.today)) if end else case.day


def _samples(
    case: PatientCase, hits: Sequence[Hit], value_sets: Sequence[str]
) -> Iterator[ShownFill]:
    for hit in hits:
        if not is_sample(case, hit):
            continue
        day = when(hit) or ANY_DAY
        if day == ANY_DAY or day.first > case.today:
            continue
        name, first = display(hit, value_sets), date.fromordinal(day.first)
        yield ShownFill(name, SAMPLE, hit.reference, first, None)
