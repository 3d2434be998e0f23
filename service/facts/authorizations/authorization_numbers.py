"""The numbers and periods that a payer's decision gives an authorization."""

from collections.abc import Iterable, Iterator, Sequence

from service.facts.authorizations.decision_lines import values_in
from service.fhir.elements import items, objects, read
from service.fhir.hit import Hit
from service.fhir.sources.source import Source
from service.fhir.values.days import DayRange, parse_day
from service.json_object import Json


def numbers_in(source: Source, holder: Json) -> set[str]:
    """All numbers of authorizations that a line, or the whole, names."""
    listed = (*source.review_numbers, *source.authorization_numbers)
    return _told(values_in(listed, holder))


def references_of(resource: Json) -> set[str]:
    """What a decision states as its authorization reference, in R4's own element."""
    return _told(items(resource.get("preAuthRef")))


def _told(values: Iterable[object]) -> set[str]:
    """The numbers among some values, without spaces around them; one of spaces alone is none."""
    return {value.strip() for value in values if isinstance(value, str) and value.strip()}


def numbers_of(resource: Json, source: Source, parts: Iterable[Json]) -> set[str]:
    """The numbers that a decision gives some of its parts; not those of earlier authorizations."""
    given = (number for part in parts for number in values_in(source.review_numbers, part))
    return references_of(resource) | numbers_in(source, resource) | _told(given)


def number_of_line(resource: Json, source: Source, parts: Sequence[Json]) -> str | None:
    """The number of the authorization of a line and its details, else that of the whole; None if several.

    Da Vinci PAS: the review action gives the number; `preAuthRef` and the authorization number are of
    the whole. A line that has no other number has that of the earlier authorization that it names.
    """
    for numbers in (
        _told(number for part in parts for number in values_in(source.review_numbers, part)),
        _told(values_in(source.review_numbers, resource)),
        references_of(resource),
        _told(values_in(source.authorization_numbers, resource)),
        _told(number for part in parts for number in values_in(source.authorization_numbers, part)),
    ):
        if numbers:
            return numbers.pop() if len(numbers) == 1 else None
    return None


def periods_of_line(hit: Hit, parts: Sequence[Json]) -> list[Json]:
    """The periods in which the authorization of a line is valid: of its details, its own, or of the whole."""
    details = [value for part in parts[1:] for value in values_in(hit.source.line_dates, part)]
    own = [value for part in parts[:1] for value in values_in(hit.source.line_dates, part)]
    whole = [value for steps in hit.source.dates for value in read(steps, hit.resource)]
    periods = (objects(values) for values in (details, own, whole))
    return next((found for found in periods if found), [])


def authorized_days(hit: Hit, parts: Sequence[Json]) -> Iterator[DayRange]:
    """The first and last days of the authorization of a line, where the end is exact."""
    zone = hit.calendar.zone
    for value in periods_of_line(hit, parts):
        start, end = parse_day(value.get("start"), zone), parse_day(value.get("end"), zone)
        if start is not None and end is not None and end.exact:
            yield DayRange(start.last, end.last)


def first_day(hit: Hit, lines: Iterable[Sequence[Json]]) -> int | None:
    """The day on which the first authorization of some lines begins; None if one has no stated begin."""
    periods = [period for parts in lines for period in periods_of_line(hit, parts)]
    starts = [parse_day(period.get("start"), hit.calendar.zone) for period in periods]
    days = [start.first for start in starts if start is not None]
    return min(days) if days and len(days) == len(starts) else None
