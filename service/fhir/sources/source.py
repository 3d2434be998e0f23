"""How one prefetch key is read: its type, the paths of code, subject and dates, and what counts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from service.fhir.elements import (
    Steps,
    codes,
    literal_reference,
    names,
    objects,
    read,
    reference_parts,
)
from service.fhir.sources.another_test_or_disease import DiseaseNames, TestNames
from service.fhir.sources.coded_entries import CodedEntries
from service.fhir.sources.entries_not_understood import ENDED, Doubts
from service.fhir.sources.entries_that_count import Rule, Standing, status_codes
from service.fhir.sources.retractions import OwnName, Retractions, own_name
from service.fhir.sources.reversal_marks import MarkingWords, RelatedClaims, ReversalCodes
from service.fhir.terminology.drugs import Entries
from service.fhir.terminology.unlisted_codes import (
    OF_A_DRUG,
    OF_A_LINE,
    OF_A_SERVICE,
    OF_A_SUBSTANCE,
    Certainty,
)
from service.fhir.values.days import NO_CALENDAR, Calendar
from service.json_object import Json
from service.memo import cached_property


@dataclass(frozen=True, slots=True)
class Money:
    """Amounts of money: what was charged, and what was paid on it."""

    charged: tuple[CodedEntries, ...]
    paid: tuple[CodedEntries, ...]
    plain: tuple[Steps, ...]


@dataclass(frozen=True, slots=True)
class ReasonRole:
    """Where an entry of a list of reasons says whether it is the main one, or one beside it."""

    path: Steps
    main: frozenset[str]
    beside: frozenset[str]

    def is_main(self, entry: Json) -> bool | None:
        """Whether the entry says that it is the main one; None if it does not say."""
        said = {code for value in read(self.path, entry) for code in codes(value)}
        if said & self.main:
            return True
        return False if said & self.beside else None


@dataclass(frozen=True, slots=True)
class ReasonsAt:
    """The paths of a resource's reasons: in `each` entry of a list, sorted by `order`, `named_by` a part."""

    at: tuple[Steps, ...]
    each: Steps | None
    order: Steps | None
    named_by: Steps | None
    role: ReasonRole | None = None


@dataclass(frozen=True, slots=True)
class ReasonOf:
    """Where a resource names what it is the reason of; only resources of certain categories do."""

    path: Steps
    category: Steps
    only: frozenset[str]

    def read(self, resource: Json) -> list[object]:
        """The references to what the resource is the reason of."""
        found_codes = {code for concept in read(self.category, resource) for code in codes(concept)}
        return read(self.path, resource) if found_codes & self.only else []


@dataclass(frozen=True, slots=True)
class Plan:
    """The paths of a coverage's kind of plan, and the value sets of plans that pay for no drug.

    With another status than those of `active` and `over`, or none, it is unknown whether it pays.
    """

    type: tuple[Steps, ...] = ()
    named: CodedEntries | None = None
    no_drugs: frozenset[str] = frozenset()
    self_pay: frozenset[str] = frozenset()
    active: frozenset[str] = frozenset()
    over: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Source:
    """One prefetch key: what it holds and how to read it.

    `asked` reads other parts of its resources, in which each drug is a question; `lines` is then the source
    of the lines beside them. With `services` only what names or gives a drug is looked at. `drafts` reads
    draft orders of other types.
    """

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
    days_listed: CodedEntries | None
    amounts: tuple[Steps, ...]
    active: frozenset[str]
    drugs: bool
    pharmacy: Rule | None
    places: tuple[Steps, ...] = ()
    departments: tuple[Steps, ...] = ()
    medical: Rule | None = None
    quantity: tuple[Steps, ...] = ()
    dosage: tuple[Steps, ...] = ()
    method: tuple[Steps, ...] = ()
    against: tuple[Steps, ...] = ()
    forbids: Steps | None = None
    notes: tuple[Steps, ...] = ()
    reasons: tuple[ReasonsAt, ...] = ()
    reason_of: ReasonOf | None = None
    bare_codes_of: str | None = None
    money: Money | None = None
    voids: tuple[ReversalCodes, ...] = ()
    back_words: MarkingWords | None = None
    unsure_words: MarkingWords | None = None
    related: RelatedClaims | None = None
    partly: Rule | None = None
    visits: bool = False
    parts: Steps | None = None
    search_otherwise: str | None = None
    decision: Rule | None = None
    reviews: tuple[CodedEntries, ...] = ()
    review_numbers: tuple[CodedEntries, ...] = ()
    authorization_numbers: tuple[CodedEntries, ...] = ()
    line_dates: tuple[CodedEntries, ...] = ()
    plan: Plan = Plan()
    inside: tuple[Steps, ...] = ()
    names_tell: bool = False
    outcome: tuple[Steps, ...] = ()
    retractions: Retractions | None = None
    implies_disease: bool = False
    over: frozenset[str] = frozenset()
    asked: tuple["Source", ...] = ()
    drafts: tuple["Source", ...] = ()
    lines: "Source | None" = None
    services: bool = False
    doubts: Doubts = field(default_factory=Doubts)
    naming: TestNames | DiseaseNames | None = None

    @cached_property
    def plain_rule(self) -> tuple[str, frozenset[str], frozenset[str]] | None:
        """The status field and its counting values, if one status decides, which is the usual case.

        The third value are the fields of the other rules, which must be absent.
        """
        if not self.rules or len(self.rules[0].path) != 1:
            return None
        first, *others = self.rules
        if not all(rule.missing_counts for rule in others):
            return None
        return first.path[0], first.only - first.never, frozenset(rule.head for rule in others)

    @property
    def is_coded(self) -> bool:
        """Whether its resources are found by their codes."""
        return bool(self.concepts or self.references)

    @property
    def silent_only_if_read(self) -> bool:
        """Whether "nothing found" is certain only if every fill could be read."""
        return self.kind in ("claim", "dispense")

    def hands_over(self, resource: Json) -> bool:
        """Whether the resource is for a drug, as a pharmacy's claim is."""
        return self.pharmacy is None or self.pharmacy.standing(resource, resource) == "counts"

    def certainty_needed(self, resource: Json) -> frozenset[Certainty]:
        """The certainties with which a code or name says that an entry is another thing."""
        if self.services:
            return OF_A_SERVICE
        if self.names_tell:
            return OF_A_SUBSTANCE
        return OF_A_LINE if self.medical and self.is_medical(resource) else OF_A_DRUG

    def is_medical(self, resource: Json) -> bool | None:
        """Whether it is a claim of a doctor or a hospital; None if it does not say."""
        standing = self.medical.standing(resource, resource) if self.medical else "never"
        return {"counts": True, "unusable": None, "never": False}[standing]

    @cached_property
    def plain_concept(self) -> str | None:
        """The field of the code, if it is one field of the resource or part (the usual case); else None."""
        is_plain = len(self.concepts) == 1 and len(self.concepts[0]) == 1
        is_plain = is_plain and (self.each is None or len(self.each) == 1)
        return self.concepts[0][0] if is_plain else None

    @cached_property
    def reference_fields(self) -> tuple[str, ...]:
        """The fields in which a reference to the coded thing may be."""
        return tuple(dict.fromkeys(steps[0] for steps in self.references))

    @cached_property
    def plain_subject(self) -> str | None:
        """The field of the subject, if it is one field of the resource; else None."""
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
            and plain[2].isdisjoint(resource)
            and (element is resource or plain[2].isdisjoint(element))
        ):
            return "counts"
        standings = {rule.standing(resource, element) for rule in self.rules}
        if "never" in standings:
            return "never"
        return "unusable" if doubt or "unusable" in standings else "counts"

    def in_use(self, resource: Json) -> bool | None:
        """Whether a medication list says that a drug is in use; None if its status does not say."""
        statuses = status_codes(resource.get("status"))
        if statuses & self.active:
            return True
        return False if statuses & self.over else None

    def may_be_in_use(self, resource: Json) -> bool:
        """Whether it is on a medication list and its status does not say that it is past."""
        return bool(self.active) and self.in_use(resource) is not False

    def is_forbidden(self, resource: Json) -> bool:
        """Whether the resource says that the drug must not be given."""
        return self.forbids is not None and True in read(self.forbids, resource)

    def said_against(self, resource: Json) -> list[object]:
        """Why a drug is not given, or what harm it did; of one that is forbidden its reasons say why."""
        said = [value for steps in self.against for value in read(steps, resource)]
        if self.is_forbidden(resource):
            paths = (path for place in self.reasons if not place.each for path in place.at)
            said += [value for path in paths for value in read(path, resource)]
        return said

    def notes_of(self, resource: Json) -> list[str]:
        """The free texts of a resource."""
        written = (value for steps in self.notes for value in read(steps, resource))
        return [value for value in written if isinstance(value, str)]

    def has_unread_status(self, resource: Json, element: Json) -> bool:
        """Whether its status is missing or unknown, so that it may count or not."""
        return any(rule.is_unread(resource, element) for rule in self.rules)

    def names_another(self, resource: Json, element: Json, entries: Entries) -> bool:
        """Whether names, codes or specimens beside the code say that it is another test or disease."""
        if self.naming is None:
            return False
        concepts = [concept for steps in self.concepts for concept in read(steps, element)]
        return self.naming.names_another(entries, concepts, resource)

    def is_taken_back(self, resource: Json, element: Json, entries: Entries) -> bool:
        """Whether a note of the resource says that it is not so."""
        retractions = self.retractions
        if retractions is None or retractions.heads.isdisjoint(resource):
            return False
        return retractions.take_back(resource, self.own_name(element, entries))

    def own_name(self, element: Json, entries: Entries) -> OwnName:
        """How notes may call an entry."""
        concepts = (concept for steps in self.concepts for concept in read(steps, element))
        names_ = (name for concept in concepts for name in names(concept))
        diseases = self.naming if isinstance(self.naming, DiseaseNames) else None
        return own_name(
            diseases.pointing_at(entries) if diseases else (),
            [*names_, *(entry.display for entry in entries)],
        )

    def is_decision(self, resource: Json) -> bool:
        """Whether a resource is a payer's decision on a request, and counts as one."""
        decision = self.decision
        if decision is None or decision.standing(resource, resource) != "counts":
            return False
        rules = (rule for rule in self.rules if rule.path != decision.path)
        return all(rule.standing(resource, resource) == "counts" for rule in rules)

    def standing_in_history(
        self, resource: Json, element: Json, calendar: Calendar = NO_CALENDAR
    ) -> Standing:
        """Whether it counts as evidence if past entries count too."""
        return self._standing_without(Rule.is_past, resource, element, calendar)

    def standing_if_unsure(
        self, resource: Json, element: Json, calendar: Calendar = NO_CALENDAR
    ) -> Standing:
        """Whether it counts as evidence if unconfirmed entries count too."""
        doubt = self.doubts.of(resource, element, calendar)
        standing = self._standing_without(Rule.is_unsure, resource, element, calendar)
        return "unusable" if standing == "counts" and doubt == ENDED else standing

    def _standing_without(
        self,
        passed_over: Callable[[Rule, Json, Json], bool],
        resource: Json,
        element: Json,
        calendar: Calendar,
    ) -> Standing:
        """Whether it counts by the rules that are not skipped; having ended does not matter."""
        rules = [rule for rule in self.rules if not passed_over(rule, resource, element)]
        standings = {rule.standing(resource, element) for rule in rules}
        if "never" in standings:
            return "never"
        doubt = self.doubts.of(resource, element, calendar)
        in_doubt = doubt is not None and doubt != ENDED
        return "unusable" if in_doubt or "unusable" in standings else "counts"

    def contained(self, resource: Json) -> list[Json]:
        """Contained resources of this type, with id, subject and day of the container.

        Empty if the container never counts.
        """
        inside = [
            contained
            for contained in objects(resource.get("contained"))
            if contained.get("resourceType") == self.type and self._is_of_same(contained, resource)
        ]
        if not inside or self.standing(resource, resource) == "never":
            return []
        days = {steps[0] for steps in self.dates}
        lent = {name: sent for name, sent in resource.items() if name in days}
        return [
            {**({} if days & contained.keys() else lent), **contained, "id": resource.get("id")}
            for contained in inside
        ]

    def _is_of_same(self, inner: Json, outer: Json) -> bool:
        """Whether a contained resource has its container's subject, or none."""
        for steps in self.subject:
            named = {
                reference_parts(written)
                for reference in read(steps, inner)
                if (written := literal_reference(reference))
            }
            if named - {
                reference_parts(written)
                for reference in read(steps, outer)
                if (written := literal_reference(reference))
            }:
                return False
        return True

    def elements(self, resource: Json) -> list[Json]:
        """The parts of a resource that carry a code each; the resource itself by default."""
        if self.each is None:
            return [resource]
        return objects(read(self.each, resource)) or [resource]


Sources = Mapping[str, Source]
