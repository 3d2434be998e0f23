"""A patient's record: one pass over the prefetch, indexed by value set, subjects checked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.fhir.bundle import WHOLE, State, deliver
from service.fhir.days import DayRange
from service.fhir.elements import Json, codings, objects, text
from service.fhir.paths import read
from service.fhir.referable import Referable
from service.fhir.reference import key, parts, points_to
from service.fhir.source import Source, Standing
from service.fhir.terminology import Aliases, Entries, Terminology

# The types that references of ours lead to; results and claims are only ever searched by code.
POINTED_AT = frozenset(
    {"Condition", "Coverage", "MedicationRequest", "Patient", "Practitioner", "PractitionerRole"}
)


@dataclass(slots=True)
class Hit:
    """A resource, or a part of one, whose code stands in a value set that a fact asks for."""

    source: Source
    resource: Json
    element: Json
    entries: Entries
    _standing: Standing | None = None
    day: tuple[DayRange | None] | None = None

    @property
    def reference(self) -> str | None:
        """`Type/id` of the resource."""
        return key(self.resource)

    @property
    def standing(self) -> Standing:
        """Whether it counts as evidence."""
        if self._standing is None:
            self._standing = self.source.standing(self.resource, self.element)
        return self._standing


class Record:
    """What the client supplied about one patient; other patients' resources are left out."""

    def __init__(
        self,
        patient_id: str,
        server: str | None,
        terminology: Terminology,
        aliases: Aliases,
        setting_aside: frozenset[str] = frozenset(),
    ) -> None:
        self.patient_id = patient_id
        self.server = server
        self.states: dict[str, State] = {}
        self.resources: dict[str, list[Json]] = {}
        self.referable = Referable()
        self._terminology = terminology
        self._aliases = aliases
        self._setting_aside = setting_aside
        self._hits: dict[str, list[Hit]] = {}
        self._own_references: dict[str, bool] = {}
        self._wordings: dict[str, Entries] = {}
        self._by_type: dict[str, Source] = {}
        self.proposed: dict[str, list[Hit]] = {}

    def load(self, prefetch: Mapping[str, object], sources: Sequence[Source]) -> None:
        """Reads every known key, then indexes it; unknown keys are ignored."""
        self._by_type = {source.type: source for source in sources}
        kept = [(source, self._keep(source, prefetch)) for source in sources]
        for source, resources in kept:
            if source.plain_concept is not None:
                self._index_plain(source, source.plain_concept, resources)
            elif source.concepts or source.references:
                for resource in resources:
                    self._index(source, resource)

    def hits(self, *value_sets: str) -> list[Hit]:
        """Everything coded in these value sets, in the order it came."""
        if len(value_sets) == 1:
            return self._hits.get(value_sets[0], [])
        return [hit for name in value_sets for hit in self._hits.get(name, ())]

    def resolve(self, element: object, holder: Json | None = None) -> Json | None:
        """The resource that a Reference points to, if it came along and is not another patient's."""
        target = self.referable.resolve(element, holder)
        if target is None:
            return None
        source = self._by_type.get(text(target.get("resourceType")) or "")
        return target if source is None or self.is_own(source, target) else None

    def entries_of(self, source: Source, resource: Json, element: Json) -> Entries:
        """The value sets that hold the element's concept or the thing it refers to."""
        found: list[Any] = []
        for steps in source.concepts:
            for concept in read(steps, element):
                found.extend(self._terminology.of_concept(concept, self._aliases))
        if found:
            return tuple(found)
        for steps in source.references:
            for reference in read(steps, resource):
                for concept in self._concepts_of_target(reference, resource):
                    found.extend(self._terminology.of_concept(concept, self._aliases))
        return tuple(found)

    def entries_of_concept(self, concept: object) -> Entries:
        """The value sets that hold one concept."""
        return self._terminology.of_concept(concept, self._aliases)

    def entries_of_status(self, concept: object) -> Entries:
        """The same for elements with one code list of their own, where systems are often left out."""
        bare = (code for system, code, _ in codings(concept) if system is None and code)
        found = self.entries_of_concept(concept)
        return found or tuple(e for code in bare for e in self._terminology.of_bare(code))

    def is_coded(self, concept: object) -> bool:
        """Whether a code of a system that we know says what it is."""
        return self._terminology.is_coded(concept)

    def came_whole(self, source_key: str) -> bool:
        """Whether a key was asked and answered completely."""
        return self.states.get(source_key) in WHOLE

    def is_own(self, source: Source, resource: Json) -> bool:
        """Whether a resource is about this patient; one that names nobody came with the search."""
        if source.type == "Patient":
            return resource.get("id") == self.patient_id
        for steps in source.subject:
            subjects = read(steps, resource)
            if subjects:
                return all(self._is_patient(subject) for subject in subjects)
        return True

    def _is_patient(self, subject: object) -> bool:
        return points_to(subject, "Patient", self.patient_id, self.server)

    def _concepts_of_target(self, reference: object, holder: Json) -> Iterator[object]:
        """The code of what a reference points to: a Medication, an order, a claim's items."""
        target = self.resolve(reference, holder)
        if target is None:
            return
        yield target.get("code")
        yield target.get("medicationCodeableConcept")
        yield from read(("item", "productOrService"), target)
        inner = self.resolve(target.get("medicationReference"), target)
        if inner is not None:
            yield inner.get("code")

    def _keep(self, source: Source, prefetch: Mapping[str, object]) -> list[Json]:
        if source.key not in prefetch:
            self.states[source.key] = State.NOT_SUPPLIED
            return []
        delivered = deliver(prefetch[source.key], source.type, search="?" in source.search)
        self.referable.add(delivered.supporting)
        own, foreign = self._own(source, delivered.wanted)
        self.states[source.key] = State.FOREIGN if foreign else delivered.state
        kept = self._each_once(source, own)
        self.resources.setdefault(source.type, []).extend(kept)
        return kept

    def _own(self, source: Source, entries: list[Json]) -> tuple[list[Json], bool]:
        """This patient's resources, and whether any was another's: that one is refused.

        Almost every resource names its patient in the same few spellings: those are looked up.
        """
        known, field, own = self._own_references, source.plain_subject, []
        for entry in entries:
            resource = entry["resource"]
            try:
                is_own = known[resource[field]["reference"]]
            except (KeyError, TypeError):
                is_own = self._is_own_and_known(source, resource)
            if is_own:
                own.append(resource)
                if source.type in POINTED_AT:
                    self.referable.add([(entry.get("fullUrl"), resource)])
        return own, len(own) < len(entries)

    def _is_own_and_known(self, source: Source, resource: Json) -> bool:
        own = self.is_own(source, resource)
        subject = resource.get(source.plain_subject) if source.plain_subject else None
        reference = subject.get("reference") if isinstance(subject, dict) else None
        if isinstance(reference, str) and source.type != "Patient":
            self._own_references[reference] = own
        return own

    def _each_once(self, source: Source, own: list[Json]) -> list[Json]:
        """Each resource once by its id, without the draft orders themselves."""
        aside = (parts(one) for one in self._setting_aside)
        seen: set[object] = {id_ for type_, id_ in aside if type_ == source.type}
        kept = []
        for resource in own:
            id_ = resource.get("id")
            if id_.__class__ is not str:
                id_ = _content(resource)
            if id_ not in seen:
                seen.add(id_)
                kept.append(resource)
        return kept

    def _index_plain(self, source: Source, field: str, resources: list[Json]) -> None:
        """The common case: one CodeableConcept in one field of each resource or each part of it."""
        quick, each = self._terminology.quick, source.each[0] if source.each else None
        for resource in resources:
            for element in objects(resource.get(each)) or (resource,) if each else (resource,):
                entries = quick(element.get(field))
                if entries is None or (self._aliases and not entries):
                    entries = self._terminology.of_concept(element.get(field), self._aliases)
                if not entries and source.drugs:
                    entries = self._drug(source, resource, element, element.get(field))
                if entries:
                    self._add(source, resource, element, entries)

    def _drug(self, source: Source, resource: Json, element: Json, concept: object) -> Entries:
        """A drug that no code of ours names: by reference or in words, else perhaps not readable."""
        if any(name in resource for name in source.reference_fields):
            entries = self.entries_of(source, resource, element)
            return entries or self._by_words(source, resource, element)
        entries, readable = self._terminology.spelled(concept, self._wordings)
        if not readable and not entries and source.silent_only_if_read:
            self._unreadable(source, resource, element)
        return entries

    def _index(self, source: Source, resource: Json) -> None:
        for element in source.elements(resource):
            entries = self.entries_of(source, resource, element)
            if not entries and source.drugs:
                entries = self._by_words(source, resource, element)
            if entries:
                self._add(source, resource, element, entries)

    def _by_words(self, source: Source, resource: Json, element: Json) -> Entries:
        """A drug that no code of ours names: its name in words, else perhaps not readable at all."""
        found: list[Any] = []
        readable = False
        for concept in self._concepts(source, resource, element):
            entries, says_something = self._terminology.spelled(concept, self._wordings)
            found.extend(entries)
            readable = readable or says_something
        if source.silent_only_if_read and not found and not readable:
            self._unreadable(source, resource, element)
        return tuple(found)

    def _concepts(self, source: Source, resource: Json, element: Json) -> Iterator[object]:
        for steps in source.concepts:
            yield from read(steps, element)
        for steps in source.references:
            if steps[0] in resource:
                for reference in read(steps, resource):
                    found = self._concepts_of_target(reference, resource)
                    yield from (one for one in found if one is not None)

    def _unreadable(self, source: Source, resource: Json, element: Json) -> None:
        """A fill of a drug that nobody can tell: the key did not come whole (section 9)."""
        if source.standing(resource, element) != "never" and source.hands_over(resource):
            self.states[source.key] = State.INCOMPLETE

    def propose(self, orders: Sequence[Json], source: Source) -> None:
        """Other draft orders: not yet a therapy, but they speak against ruling one out."""
        for order in orders:
            entries = self.entries_of(source, order, order) or self._by_words(source, order, order)
            if entries and self.is_own(source, order):
                hit = Hit(source, order, order, entries, "unusable")
                for name in {entry.value_set for entry in entries}:
                    self.proposed.setdefault(name, []).append(hit)

    def _add(self, source: Source, resource: Json, element: Json, entries: Entries) -> None:
        hit = Hit(source, resource, element, entries)
        for name in {entry.value_set for entry in entries}:
            self._hits.setdefault(name, []).append(hit)


def _content(resource: Json) -> str:
    """A resource without an id is the same one again only if all of it is the same."""
    return "content:" + repr(sorted(resource.items(), key=lambda one: one[0]))
