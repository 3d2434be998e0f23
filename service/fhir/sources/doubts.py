"""What keeps an entry from being understood: FHIR lets some elements change what the others say."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from service.fhir.elements import is_said_absent, is_unsaid, text
from service.fhir.paths import Steps, read
from service.fhir.reference import literal, parts
from service.fhir.values.days import NO_CALENDAR, Calendar, contradict, parse_when
from service.json_object import Json

MODIFIER, RULES, ABOUT, ABSENT, ENDED, LATER, DATES = (
    "modifierExtension",
    "implicitRules",
    "about",
    "absent",
    "ended",
    "later",
    "dates",
)

# Of words, a code or a specimen beside a code that name another test; the naming of a source tells it.
NAMED = "named"

# Of a status that is missing or none of its list; the rules of a source tell it.
STATUS = "status"

# The names of the types behind an element of several, as in effectiveDateTime; and of periods alone.
_TYPE = re.compile(r"(DateTime|Date|Instant|Period|Age|Range|String|Boolean)$")
_PERIOD = re.compile(r"[pP]eriod$")

# The types of Observation.value[x] of which an extension may stand beside the value.
PRIMITIVES = ("valueInteger", "valueString", "valueBoolean", "valueDateTime", "valueTime")

# What may be anything, whatever its code says.
MEANINGLESS = frozenset({MODIFIER, RULES})


@dataclass(frozen=True)
class Doubts:
    """Where a source's resources may say so: beside the whole, beside a part, beside a value.

    `modified` are paths of modifier extensions in the resource, `modified_part` those in a part of
    it that carries a code; `known` are the extensions that change nothing here.
    """

    modified: tuple[Steps, ...] = ((MODIFIER,),)
    modified_part: tuple[Steps, ...] = ()
    known: frozenset[str] = frozenset()
    subject: tuple[Steps, ...] = ()
    about: tuple[Steps, ...] = ()
    absent: tuple[Steps, ...] = ()
    ended: tuple[Steps, ...] = ()
    begun: tuple[Steps, ...] = ()
    dates: tuple[Steps, ...] = ()

    @cached_property
    def _heads(self) -> frozenset[str]:
        paths = (*self.modified, *self.about, *self.absent, *self.ended, *self.begun)
        unsaid = (f"_{path[0]}" for path in self.ended)
        values = (f"_{value}" for value in PRIMITIVES if self.absent)
        return frozenset((RULES, *(path[0] for path in paths), *unsaid, *values, *self._timed))

    @cached_property
    def _times(self) -> tuple[tuple[Steps, ...], ...]:
        """The paths of dates, those together that R4 lets stand for one time."""
        by_time: defaultdict[Steps, list[Steps]] = defaultdict(list)
        for steps in dict.fromkeys((*self.dates, *self.ended)):
            by_time[*steps[:-1], _TYPE.sub("", steps[-1])].append(steps)
        return tuple(map(tuple, by_time.values()))

    @cached_property
    def _timed(self) -> frozenset[str]:
        """The fields without which no time can be contradicted: a period, or a second way to tell it."""
        periods = (path[0] for path in self.dates if _PERIOD.search(path[-1]))
        return frozenset((*periods, *(path[0] for each in self._times for path in each[1:])))

    def of(self, resource: Json, element: Json, calendar: Calendar = NO_CALENDAR) -> str | None:
        """Why the resource, or the part of it, does not count as what it seems; None if it does."""
        if element is not resource and self.are_odd(self.modified_part, element):
            return MODIFIER
        if self._heads.isdisjoint(resource.keys()):
            timed = element is not resource and self._contradicts_itself((element,), calendar)
            return DATES if timed else None
        if self.are_odd(self.modified, resource):
            return MODIFIER
        return RULES if resource.get(RULES) else self._of_what_is_read(resource, element, calendar)

    def _of_what_is_read(self, resource: Json, element: Json, calendar: Calendar) -> str | None:
        """What elements say that are understood."""
        if any(self._is_about_another(resource, steps) for steps in self.about):
            return ABOUT
        if any(_stands_beside_a_value(resource, steps) for steps in self.absent):
            return ABSENT
        holders = (resource,) if element is resource else (element, resource)
        if self._contradicts_itself(holders, calendar) or self._ends_first(resource, calendar):
            return DATES
        if any(
            _lies_ahead(value, calendar) for steps in self.begun for value in read(steps, resource)
        ):
            return LATER
        ended = any(
            is_unsaid(resource, steps[0])
            or any(_has_ended(value, calendar) for value in read(steps, resource))
            for steps in self.ended
        )
        return ENDED if ended else None

    def _contradicts_itself(self, holders: Sequence[Json], calendar: Calendar) -> bool:
        """Whether a period ends before it starts, or one time is told as two."""
        return any(
            contradict(_read(paths, holder), calendar.zone)
            for holder in holders
            if not self._timed.isdisjoint(holder)
            for paths in self._times
        )

    def _ends_first(self, resource: Json, calendar: Calendar) -> bool:
        """Whether it was surely over before it began."""
        if not self.ended or not self.begun:
            return False
        begun, ended = (
            [day for value in _read(paths, resource) if (day := parse_when(value, calendar.zone))]
            for paths in (self.begun, self.ended)
        )
        return any(start.first > other.last for start in begun for other in ended)

    def are_odd(self, paths: Iterable[Steps], holder: Json) -> bool:
        """Whether a modifier extension at one of the paths is not known."""
        return any(
            extension
            and not (isinstance(extension, dict) and text(extension.get("url")) in self.known)
            for steps in paths
            if steps[0] in holder
            for extension in read(steps, holder)
        )

    def _is_about_another(self, resource: Json, steps: Steps) -> bool:
        """Whether it is about somebody or something else than its subject."""
        subjects = {
            _named(reference) for steps_ in self.subject for reference in read(steps_, resource)
        }
        return any(_named(reference) not in subjects for reference in read(steps, resource))


# Of a type that no source reads: an organization, or a Medication with its ingredients.
OF_OTHERS = Doubts(modified=((MODIFIER,), ("ingredient", MODIFIER)))


def _read(paths: Iterable[Steps], holder: Json) -> list[object]:
    """What stands at some paths."""
    return [*chain.from_iterable(read(path, holder) for path in paths if path[0] in holder)]


def _named(reference: object) -> tuple[str | None, str] | None:
    written = literal(reference)
    return parts(written) if written else None


def _stands_beside_a_value(resource: Json, steps: Steps) -> bool:
    """Whether something says that there is no value, beside a value or in its own extension."""
    *above, name = steps
    holders = read(tuple(above), resource) if above else [resource]
    return any(
        isinstance(holder, dict)
        and (holder.get(name) or any(is_said_absent(holder, value) for value in PRIMITIVES))
        and any(map(_is_value, holder.items()))
        for holder in holders
    )


def _is_value(member: tuple[str, object]) -> bool:
    name, value = member
    return name.startswith("value") and value is not None


def _lies_ahead(value: object, calendar: Calendar) -> bool:
    """Whether a day, or the first of a period, surely comes only after the day asked about."""
    when = parse_when(value, calendar.zone)
    return when is not None and when.first > calendar.today


def _has_ended(value: object, calendar: Calendar) -> bool:
    """Whether it is over, or may be: not what ends only later, nor what is said not to have ended."""
    if isinstance(value, bool) or (isinstance(value, str) and value.lower() in ("true", "false")):
        return str(value).lower() == "true"
    when = parse_when(value, calendar.zone)
    return bool(value) and (when is None or when.first <= calendar.today)
