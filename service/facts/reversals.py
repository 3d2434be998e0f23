"""Reversals: which hand-over a claim that takes money or drug back takes back."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from math import inf
from typing import NamedTuple

from service.fhir.elements import first_object, objects, text
from service.fhir.hit import Hit
from service.fhir.paths import read
from service.fhir.quantity import number
from service.fhir.reference import literal, parts


class Claimed(NamedTuple):
    """What tells one hand-over from another: kind and drug, its first and last day, its names."""

    line: tuple[str, str]
    first: int
    last: int
    names: tuple[str, ...]


class Standing:
    """The hand-overs that nothing has taken back yet, found by name and by day."""

    def __init__(self, claimed: Mapping[int, Claimed]) -> None:
        self._standing = set(claimed)
        self._named: defaultdict[str, list[int]] = defaultdict(list)
        self._lines: defaultdict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
        for place, one in claimed.items():
            self._lines[one.line].append((one.first, place))
            for name in one.names:
                self._named[name].append(place)
        for line in self._lines.values():
            line.sort()

    def taken_back(self, reversal: Claimed, related: tuple[str, ...]) -> int | None:
        """The place of what the reversal names, else of the nearest of its line before it."""
        named = (place for name in related for place in self._named.get(name, ()))
        place = max((one for one in named if one in self._standing), default=None)
        if place is None:
            place = self._nearest(reversal)
        self._standing.discard(-1 if place is None else place)
        return place

    def _nearest(self, reversal: Claimed) -> int | None:
        line = self._lines.get(reversal.line, [])
        for at in range(bisect_right(line, (reversal.last, inf)) - 1, -1, -1):
            place = int(line.pop(at)[1])
            if place in self._standing:
                return place
        return None


def is_reversal(hit: Hit) -> bool:
    """Whether an amount of it is below zero."""
    amounts = (
        number(value)
        for steps in hit.source.amounts
        for holder in (hit.element, hit.resource)
        for value in read(steps, holder)
    )
    return any(amount is not None and amount < 0 for amount in amounts)


def names_of(hit: Hit) -> tuple[str, ...]:
    """The reference of its resource and the values of its identifiers."""
    values = (text(one.get("value")) for one in objects(hit.resource.get("identifier")))
    found = (hit.reference, *(f"#{value}" for value in values if value))
    return tuple(name for name in found if name)


def names_of_related(hit: Hit) -> tuple[str, ...]:
    """The names of the claims that it says it is related to."""
    claims = (one.get("claim") for one in objects(hit.resource.get("related")))
    return tuple(name for claim in claims for name in _names(first_object(claim)))


def _names(claim: dict[str, object]) -> Iterator[str]:
    if reference := literal(claim):
        type_, id_ = parts(reference)
        yield f"{type_}/{id_}"
    for one in objects(claim.get("identifier")):
        if value := text(one.get("value")):
            yield f"#{value}"
