"""A place in the record whose code is in a value set."""

from dataclasses import dataclass

from service.fhir.elements import (
    cited,
    type_and_id,
)
from service.fhir.sources.entries_not_understood import ENDED, NAMED, NOTE, STATUS
from service.fhir.sources.entries_that_count import Standing
from service.fhir.sources.source import Source
from service.fhir.terminology.terminology import Entries
from service.fhir.values.days import NO_CALENDAR, Calendar, DayRange
from service.json_object import Json


@dataclass(slots=True)
class Hit:
    """A resource or a part of one (`element`), with the value set entries of its code."""

    source: Source
    resource: Json
    element: Json
    entries: Entries
    known_standing: Standing | None = None
    day: tuple[DayRange | None] | None = None
    calendar: Calendar = NO_CALENDAR

    @property
    def reference(self) -> str | None:
        """`Type/id` of the resource; None if its id is too long to be one."""
        return cited(type_and_id(self.resource))

    @property
    def standing(self) -> Standing:
        """Whether it counts as evidence."""
        if self.known_standing is None:
            standing = self.source.standing(self.resource, self.element, self.calendar)
            denied = standing == "counts" and (self._names_another or self._is_taken_back)
            self.known_standing = "unusable" if denied else standing
        return self.known_standing

    @property
    def doubt(self) -> str | None:
        """Why it could not be understood, if it does not count for that reason; else None."""
        if self.standing != "unusable":
            return None
        doubt = self.source.doubts.of(self.resource, self.element, self.calendar)
        if doubt is None and self.source.has_unread_status(self.resource, self.element):
            return STATUS
        if doubt is None and self._names_another:
            return NAMED
        if doubt is None and self._is_taken_back:
            return NOTE
        return doubt if doubt != ENDED else None

    @property
    def _names_another(self) -> bool:
        return self.source.names_another(self.resource, self.element, self.entries)

    @property
    def _is_taken_back(self) -> bool:
        return self.source.is_taken_back(self.resource, self.element, self.entries)

    @property
    def standing_in_history(self) -> Standing:
        """Whether it counts if past entries count too (facts with `history`)."""
        if self._names_another or self._is_taken_back:
            return "unusable"
        return self.source.standing_in_history(self.resource, self.element, self.calendar)

    @property
    def standing_if_unsure(self) -> Standing:
        """Whether it counts if unconfirmed entries count too (facts with `unsure`)."""
        if self._names_another or self._is_taken_back:
            return "unusable"
        return self.source.standing_if_unsure(self.resource, self.element, self.calendar)
