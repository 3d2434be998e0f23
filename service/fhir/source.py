"""How one prefetch key is read: its type, where code, subject and dates stand, what counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from service.fhir.days import NO_CALENDAR, Calendar
from service.fhir.doubts import ENDED, Doubts
from service.fhir.elements import Json, codes, objects
from service.fhir.paths import Steps, read

Standing = Literal["counts", "never", "unusable"]


@dataclass(frozen=True, slots=True)
class Rule:
    """Which values of a coded element never count, which alone do, which say that it is over."""

    path: Steps
    never: frozenset[str]
    only: frozenset[str]
    missing_counts: bool
    past: frozenset[str] = frozenset()

    def is_past(self, resource: Json, element: Json) -> bool:
        """Whether the value says that it was so once."""
        return bool(self._found(resource, element) & self.past)

    def _found(self, resource: Json, element: Json) -> set[str]:
        holders = (resource,) if element is resource else (element, resource)
        values = (value for holder in holders for value in read(self.path, holder))
        return {code for value in values for code in _codes(value)}

    def standing(self, resource: Json, element: Json) -> Standing:
        """Whether this rule lets the resource, or the part of it, count as evidence."""
        found = self._found(resource, element)
        if found & self.never:
            return "never"
        if not found:
            return "counts" if self.missing_counts else "unusable"
        return "counts" if not self.only or found & self.only else "unusable"


def _codes(value: object) -> set[str]:
    return {str(value).lower()} if isinstance(value, bool) else codes(value)


@dataclass(frozen=True, slots=True)
class Listed:
    """A value inside a list of coded entries, like `supportingInfo` of a claim."""

    entries: Steps
    category: Steps
    code: str
    value: Steps

    def read(self, resource: Json) -> list[object]:
        """The values of the entries of that category."""
        return [
            value
            for entry in read(self.entries, resource)
            if self.code in {c for one in read(self.category, entry) for c in codes(one)}
            for value in read(self.value, entry)
        ]


@dataclass(frozen=True, slots=True)
class ReasonsAt:
    """Where a resource says why: in `each` entry of a list, by `order`, perhaps `named_by` a part."""

    at: tuple[Steps, ...]
    each: Steps | None
    order: Steps | None
    named_by: Steps | None


@dataclass(frozen=True, slots=True)
class ReasonOf:
    """Where a resource names what it is the reason of; only one of a certain category is one."""

    path: Steps
    category: Steps
    only: frozenset[str]

    def read(self, resource: Json) -> list[object]:
        """The references to what the resource is the reason of."""
        found = {code for one in read(self.category, resource) for code in codes(one)}
        return read(self.path, resource) if found & self.only else []


@dataclass(frozen=True)
class Source:
    """One prefetch key: what it holds and how to read it."""

    key: str
    type: str
    kind: str
    says: str
    holds_name: str
    search: str
    subject: tuple[Steps, ...]
    concepts: tuple[Steps, ...]
    references: tuple[Steps, ...]
    each: Steps | None
    dates: tuple[Steps, ...]
    rules: tuple[Rule, ...]
    sample: Steps | None
    days: tuple[Steps, ...]
    days_listed: Listed | None
    amounts: tuple[Steps, ...]
    active: frozenset[str]
    drugs: bool
    pharmacy: tuple[Steps, ...]
    places: tuple[Steps, ...] = ()
    departments: tuple[Steps, ...] = ()
    medical: Rule | None = None
    quantity: tuple[Steps, ...] = ()
    dosage: tuple[Steps, ...] = ()
    method: tuple[Steps, ...] = ()
    reasons: tuple[ReasonsAt, ...] = ()
    reason_of: ReasonOf | None = None
    bare_codes_of: str | None = None
    doubts: Doubts = field(default_factory=Doubts)

    @cached_property
    def plain_rule(self) -> tuple[str, frozenset[str]] | None:
        """Field and good values where one status decides, which is the usual case."""
        if len(self.rules) != 1 or len(self.rules[0].path) != 1:
            return None
        return self.rules[0].path[0], self.rules[0].only - self.rules[0].never

    @property
    def is_coded(self) -> bool:
        """Whether its resources are found by what their codes say."""
        return bool(self.concepts or self.references)

    @property
    def silent_only_if_read(self) -> bool:
        """Whether finding nothing rests on every fill having been read."""
        return self.kind in ("claim", "dispense")

    def hands_over(self, resource: Json) -> bool:
        """Whether the resource is about a drug at all, as a pharmacy's claim is."""
        if not self.pharmacy:
            return True
        return any(
            code == "pharmacy"
            for steps in self.pharmacy
            for value in read(steps, resource)
            for code in codes(value)
        )

    def is_medical(self, resource: Json) -> bool | None:
        """Whether it is a claim of a doctor or a hospital; None where it does not say."""
        standing = self.medical.standing(resource, resource) if self.medical else "never"
        return {"counts": True, "unusable": None, "never": False}[standing]

    @cached_property
    def plain_concept(self) -> str | None:
        """The field of the code where it is one field of the resource, which is the usual case."""
        one = len(self.concepts) == 1 and len(self.concepts[0]) == 1
        one = one and (self.each is None or len(self.each) == 1)
        return self.concepts[0][0] if one else None

    @cached_property
    def reference_fields(self) -> tuple[str, ...]:
        """The fields of the resource in which a reference to the coded thing may stand."""
        return tuple(dict.fromkeys(steps[0] for steps in self.references))

    @cached_property
    def plain_subject(self) -> str | None:
        """The field of the subject where it is one field of the resource."""
        return self.subject[0][0] if self.subject and len(self.subject[0]) == 1 else None

    def standing(self, resource: Json, element: Json, calendar: Calendar = NO_CALENDAR) -> Standing:
        """Whether a resource of this source, or a part of it, counts as evidence."""
        doubt = self.doubts.of(resource, element, calendar)
        plain = self.plain_rule
        if (
            doubt is None
            and plain is not None
            and (value := resource.get(plain[0])).__class__ is str
            and value in plain[1]
        ):
            return "counts"
        standings = {rule.standing(resource, element) for rule in self.rules}
        if "never" in standings:
            return "never"
        return "unusable" if doubt or "unusable" in standings else "counts"

    def standing_in_history(
        self, resource: Json, element: Json, calendar: Calendar = NO_CALENDAR
    ) -> Standing:
        """The same where what is over counts too."""
        rules = [one for one in self.rules if not one.is_past(resource, element)]
        standings = {one.standing(resource, element) for one in rules}
        if "never" in standings:
            return "never"
        doubt = self.doubts.of(resource, element, calendar)
        in_doubt = doubt is not None and doubt != ENDED
        return "unusable" if in_doubt or "unusable" in standings else "counts"

    def elements(self, resource: Json) -> list[Json]:
        """The parts of a resource that carry a code each; the resource itself by default."""
        if self.each is None:
            return [resource]
        return objects(read(self.each, resource)) or [resource]


Sources = Mapping[str, Source]
