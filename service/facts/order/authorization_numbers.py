"""The numbers and periods that a payer's decision gives an authorization."""

from collections.abc import Iterable, Iterator

from service.facts.order.decision_lines import values_in
from service.fhir.elements import items, read
from service.fhir.hit import Hit
from service.fhir.sources.source import Source
from service.json_object import Json


def numbers_in(source: Source, holder: Json) -> set[str]:
    """All numbers of authorizations that a line, or the whole, names."""
    listed = (*source.review_numbers, *source.authorization_numbers)
    return {number for number in values_in(listed, holder) if isinstance(number, str)}


def references_of(resource: Json) -> Iterator[str]:
    """What a decision states as its authorization reference, in R4's own element."""
    return (number for number in items(resource.get("preAuthRef")) if isinstance(number, str))


def numbers_of(resource: Json, source: Source, lines: Iterable[Json]) -> set[str]:
    """The numbers that a decision gives some of its lines; not those of earlier authorizations."""
    given = (
        number
        for line in lines
        for number in values_in(source.review_numbers, line)
        if isinstance(number, str)
    )
    return {*references_of(resource), *numbers_in(source, resource), *given}


def number_of_line(resource: Json, source: Source, line: Json) -> str | None:
    """The number of the authorization of a line: its own, else that of the whole; None if several.

    Da Vinci PAS: the review action gives the number; `preAuthRef` and the authorization number are of
    the whole. A line that has no other number has that of the earlier authorization that it names.
    """
    for numbers in (
        {*values_in(source.review_numbers, line)},
        {*values_in(source.review_numbers, resource)},
        {*references_of(resource)},
        {*values_in(source.authorization_numbers, resource)},
        {*values_in(source.authorization_numbers, line)},
    ):
        texts = {number for number in numbers if isinstance(number, str) and number.strip()}
        if texts:
            return texts.pop() if len(texts) == 1 else None
    return None


def periods_of_line(hit: Hit, line: Json) -> list[Json]:
    """The periods in which the authorization of a line is valid: its own, else those of the whole."""
    own = [period for period in values_in(hit.source.line_dates, line) if isinstance(period, dict)]
    whole = (period for steps in hit.source.dates for period in read(steps, hit.resource))
    return own or [period for period in whole if isinstance(period, dict)]
