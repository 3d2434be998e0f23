"""Why an entry cannot be understood: FHIR elements that change the meaning of others."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from service.fhir.elements import (
    Steps,
    has_long_id,
    is_said_absent,
    is_unsaid,
    literal_reference,
    read,
    reference_parts,
    text,
)
from service.fhir.values.days import NO_CALENDAR, Calendar, contradict, parse_when
from service.json_object import Json
from service.memo import cached_property, per_case

MODIFIER, RULES, ABOUT, ABSENT, ENDED, LATER, DATES = (
    "modifierExtension",
    "implicitRules",
    "about",
    "absent",
    "ended",
    "later",
    "dates",
)

# Doubt: names, codes or specimens beside the code say that it is another test (see naming.py).
NAMED = "named"

# Doubt: a note takes the entry back (see retractions.py).
NOTE = "note"

# Doubt: the id is longer than R4 allows, so that no answer could say which entry it rests on.
LONG_ID = "id"

# Doubt: the status is missing or unknown (see rules.py).
STATUS = "status"

# Why an entry is not used. What has ended is used where the past counts.
SET_ASIDE = (MODIFIER, RULES, ABOUT, ABSENT, LATER, DATES, NAMED, NOTE, STATUS, LONG_ID)

# Type suffixes of choice elements such as effectiveDateTime; and those of periods.
_TYPE = re.compile(r"(DateTime|Date|Instant|Period|Age|Range|String|Boolean)$")
_PERIOD = re.compile(r"[pP]eriod$")

# Primitive types of Observation.value[x], which may have extensions.
PRIMITIVES = ("valueInteger", "valueString", "valueBoolean", "valueDateTime", "valueTime")

# Doubts because of which an entry may mean anything, whatever its code says.
MEANINGLESS = frozenset({MODIFIER, RULES})


@dataclass(frozen=True)
class Doubts:
    """The paths at which a source's resources may say something that changes their meaning.

    `modified` are paths of modifier extensions in the resource, `modified_part` those in a part of
    it that carries a code; `known` are extensions that change nothing here.
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
        """The paths of dates, grouped by choice element: variants of one element state one time."""
        by_time: defaultdict[Steps, list[Steps]] = defaultdict(list)
        for steps in dict.fromkeys((*self.dates, *self.ended)):
            by_time[*steps[:-1], _TYPE.sub("", steps[-1])].append(steps)
        return tuple(map(tuple, by_time.values()))

    @cached_property
    def _timed(self) -> frozenset[str]:
        """Fields without which no time can contradict itself: periods and second variants of elements."""
        periods = (path[0] for path in self.dates if _PERIOD.search(path[-1]))
        return frozenset((*periods, *(path[0] for each in self._times for path in each[1:])))

    def of(self, resource: Json, element: Json, calendar: Calendar = NO_CALENDAR) -> str | None:
        """The doubt about a resource or a part of it; None if it can be understood."""
        if element is resource:
            return self._of_whole(resource, calendar)
        if self.are_odd(self.modified_part, element):
            return MODIFIER
        doubt = LONG_ID if has_long_id(resource) else None
        if not self._heads.isdisjoint(resource.keys()):
            # what is computed with a calendar of no request is not remembered
            once = calendar is not NO_CALENDAR
            doubt = _once(calendar, self, resource) if once else self.of(resource, resource)
        if doubt in (None, LATER, ENDED) and self._contradicts_itself(element, calendar):
            return DATES
        return doubt

    def _of_whole(self, resource: Json, calendar: Calendar) -> str | None:
        doubt = LONG_ID if has_long_id(resource) else None
        if self._heads.isdisjoint(resource.keys()):
            return doubt
        if self.are_odd(self.modified, resource):
            return MODIFIER
        return RULES if resource.get(RULES) else doubt or self._of_what_is_read(resource, calendar)

    def _of_what_is_read(self, resource: Json, calendar: Calendar) -> str | None:
        """The doubt that elements with a known meaning raise."""
        if any(self._is_about_another(resource, steps) for steps in self.about):
            return ABOUT
        if any(_contradicts_value(resource, steps) for steps in self.absent):
            return ABSENT
        if self._contradicts_itself(resource, calendar) or self._ends_first(resource, calendar):
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

    def _contradicts_itself(self, holder: Json, calendar: Calendar) -> bool:
        """Whether a period ends before it starts, or one time is stated as two different ones."""
        return not self._timed.isdisjoint(holder) and any(
            contradict(_read(paths, holder), calendar.zone) for paths in self._times
        )

    def _ends_first(self, resource: Json, calendar: Calendar) -> bool:
        """Whether the end is certainly before the beginning."""
        if not self.ended or not self.begun:
            return False
        begun, ended = (
            [day for value in _read(paths, resource) if (day := parse_when(value, calendar.zone))]
            for paths in (self.begun, self.ended)
        )
        return any(start.first > other.last for start in begun for other in ended)

    def are_odd(self, paths: Iterable[Steps], holder: Json) -> bool:
        """Whether there is an unknown modifier extension at one of the paths."""
        return any(
            extension
            and not (isinstance(extension, dict) and text(extension.get("url")) in self.known)
            for steps in paths
            if steps[0] in holder
            for extension in read(steps, holder)
        )

    def _is_about_another(self, resource: Json, steps: Steps) -> bool:
        """Whether the resource is about somebody or something other than its subject."""
        subjects = {
            _named(reference) for steps_ in self.subject for reference in read(steps_, resource)
        }
        return any(_named(reference) not in subjects for reference in read(steps, resource))


@per_case
def _once(calendar: Calendar, doubts: Doubts, resource: Json) -> str | None:
    """The doubt about a resource as a whole, once for all its parts."""
    return doubts.of(resource, resource, calendar)


# For types that no source reads, such as Organization or Medication.
OF_OTHERS = Doubts(modified=((MODIFIER,), ("ingredient", MODIFIER)))


def _read(paths: Iterable[Steps], holder: Json) -> list[object]:
    """All values at some paths."""
    return [*chain.from_iterable(read(path, holder) for path in paths if path[0] in holder)]


def _named(reference: object) -> tuple[str | None, str] | None:
    written = literal_reference(reference)
    return reference_parts(written) if written else None


def _contradicts_value(resource: Json, steps: Steps) -> bool:
    """Whether a value is present together with a statement that there is none."""
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
    """Whether a day, or the start of a period, is certainly after the day asked about."""
    when = parse_when(value, calendar.zone)
    return when is not None and when.first > calendar.today


def _has_ended(value: object, calendar: Calendar) -> bool:
    """Whether an end is reached or may be: a day that is not certainly later, or true."""
    if isinstance(value, bool) or (isinstance(value, str) and value.lower() in ("true", "false")):
        return str(value).lower() == "true"
    when = parse_when(value, calendar.zone)
    return bool(value) and (when is None or when.first <= calendar.today)
