"""Whether an entry is the result that a fact asks for, and its number in the fact's unit."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from service.facts.case import PatientCase, when
from service.facts.fact import Fact, Share
from service.facts.yes_or_no import has_content
from service.fhir.elements import first_object, names, read
from service.fhir.hit import Hit
from service.fhir.values.days import DayRange
from service.fhir.values.quantity import Measure, Unit, measure, measured_range
from service.fhir.values.quantity import number as as_number
from service.json_object import Json
from service.memo import IdentityMap
from service.policy.truth import Truth

_MARKS = re.compile(r"[^0-9a-z]+")


def is_result_of(fact: Fact, hit: Hit) -> Truth:
    """Met or not met where the words say so or otherwise; with neither or both the code decides."""
    return is_result_in(fact, hit, fact.value_sets)


def is_result_in(fact: Fact, hit: Hit, value_sets: Sequence[str]) -> Truth:
    """The same for an entry in other value sets, of which the fact's value is worked out."""
    if fact.says_so or fact.says_otherwise:
        for called in _words(hit):
            so, otherwise = _says(called, fact.says_so), _says(called, fact.says_otherwise)
            if so is not otherwise:
                return Truth.MET if so else Truth.NOT_MET
            if so:
                return Truth.UNKNOWN
    entries = (entry for entry in hit.entries if entry.value_set in value_sets)
    return Truth.MET if any(not entry.question for entry in entries) else Truth.UNKNOWN


def _words(hit: Hit) -> Iterator[list[str]]:
    """The names of the code and of the method; of a component then those of its panel."""
    source = hit.source
    method = [concept for steps in source.method for concept in read(steps, hit.resource)]
    holders = [hit.element] if hit.element is hit.resource else [hit.element, hit.resource]
    for holder in holders:
        concepts = [concept for steps in source.concepts for concept in read(steps, holder)]
        yield [_plain(name) for concept in (*concepts, *method) for name in names(concept)]


def _says(called: list[str], wanted: tuple[str, ...]) -> bool:
    return any(f" {_plain(phrase).strip()} " in name for name in called for phrase in wanted)


def _plain(name: str) -> str:
    return f" {_MARKS.sub(' ', name.lower()).strip()} "


PERCENT = 100
VALUES = ("valueQuantity", "valueInteger", "valueDecimal", "valueRange", "valueString")
WORDS = "valueString"


def measured(
    units: Mapping[str, Unit], unit: str, hit: Hit, top: float | None = None
) -> Measure | None:
    """The value of a result, or of a component of one, in a unit; None when it cannot be trusted.

    R4 allows one value; of several all must say the same, but for words beside a number. '7/10' is 7
    where the scale ends at `top`.
    """
    element = hit.element
    if element is not hit.resource and element.get("dataAbsentReason"):
        return None  # a value, and the reason why there is none
    sent = [name for name in VALUES if element.get(name) is not None]
    by_name = {name: _measured(units, unit, name, _of_scale(element[name], top)) for name in sent}
    distinct = {value for name, value in by_name.items() if value is not None or name != WORDS}
    return distinct.pop() if len(distinct) == 1 else None


def _of_scale(sent: object, top: float | None) -> object:
    """The value without a trailing end of scale, sent as '7/10' in text or as the unit '/10'."""
    if top is None:
        return sent
    if isinstance(sent, str):
        number, line, end = sent.partition("/")
        return number if line and _is(end, top) else sent
    if not isinstance(sent, dict) or "code" in sent or not isinstance(sent.get("unit"), str):
        return sent
    before, line, end = sent["unit"].partition("/")
    ends_there = line and not before.strip() and _is(end, top)
    return {key: value for key, value in sent.items() if key != "unit"} if ends_there else sent


def _is(written: str, top: float) -> bool:
    return as_number(written) == top


def _measured(units: Mapping[str, Unit], unit: str, name: str, sent: object) -> Measure | None:
    if name == "valueRange":
        return measured_range(first_object(sent), units[unit], units)
    return measure(first_object(sent) or sent, units[unit], units)


def shares(case: PatientCase, fact: Fact) -> Iterator[tuple[Share, Hit, list[Hit]]]:
    """Each part with its possible wholes: those of the same panel, else other results of that day."""
    for share in fact.shares:
        wholes = _Wholes(_counting(case, fact, share.by))
        for hit in _counting(case, fact, share.of):
            beside = wholes.beside(hit)
            if beside and is_result_in(fact, hit, share.of) is Truth.MET:
                yield share, hit, beside


def percent(units: Mapping[str, Unit], share: Share, hit: Hit, beside: list[Hit]) -> Measure | None:
    """The part in percent of its whole; None where one cannot be read, or there are two wholes."""
    part = measured(units, share.unit, hit)
    wholes = {measured(units, share.unit, whole_hit) for whole_hit in beside}
    whole = wholes.pop() if len(wholes) == 1 else None
    if part is None or whole is None or not whole.exact or whole.low <= 0:
        return None
    times = PERCENT / whole.low
    return part._replace(low=part.low * times, high=part.high * times)


def _counting(case: PatientCase, fact: Fact, value_sets: Sequence[str]) -> list[Hit]:
    return [
        hit
        for hit in case.hits(fact.sources, value_sets)
        if hit.standing == "counts" and has_content(case, hit.element)
    ]


class _Wholes:
    """Results that may be the whole of a part, by their panel and by their day."""

    def __init__(self, hits: Iterable[Hit]) -> None:
        self._inside: IdentityMap[Json, list[Hit]] = IdentityMap()
        self._of_day: defaultdict[DayRange | None, list[Hit]] = defaultdict(list)
        for hit in hits:
            self._inside.setdefault(hit.resource, []).append(hit)
            self._of_day[when(hit)].append(hit)

    def beside(self, hit: Hit) -> list[Hit]:
        """Those of the same panel; if there are none, those of the same day."""
        inside, day = self._inside.get(hit.resource, []), when(hit)
        if inside or day is None or not day.exact:
            return inside
        return self._of_day.get(day, [])
