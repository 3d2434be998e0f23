"""A patient's record: all supplied resources of one patient, found by value set or by reference."""

from collections import Counter
from collections.abc import Iterator, KeysView, Mapping, Sequence
from itertools import chain
from typing import Any

from service.cpu_limit import CpuShare
from service.fhir.draft_orders import is_withdrawn
from service.fhir.elements import (
    codings,
    literal_reference,
    points_to,
    read,
    same_name,
    server_of,
    text,
)
from service.fhir.hit import Hit
from service.fhir.index import Index, PendingElement
from service.fhir.resource_types import ENTERED_IN_ERROR
from service.fhir.sources.entries_not_understood import MEANINGLESS, OF_OTHERS
from service.fhir.sources.source import Source
from service.fhir.supplied.bundle import WHOLE, State, own_server
from service.fhir.supplied.prefetch import PrefetchedKey
from service.fhir.supplied.reference_targets import ReferenceTargets
from service.fhir.supplied.superseded_versions import superseded
from service.fhir.terminology.code_systems import entries_of_unknown_system
from service.fhir.terminology.terminology import Aliases, Entries, Entry, Terminology
from service.fhir.terminology.unlisted_codes import OF_A_LINE, UnlistedCodes
from service.fhir.unknown_drugs import UNREAD, certainty_of
from service.fhir.values.days import NO_CALENDAR, Calendar
from service.json_object import Json
from service.memo import IdentityMap, IdentitySet, identity

# status of FHIR R4 resources that were recorded by mistake


def _is_error(resource: Json) -> bool:
    return (text(resource.get("status")) or "").lower() == ENTERED_IN_ERROR


class Record:
    """The resources that a client supplied about one patient; those of other patients are left out."""

    def __init__(
        self,
        patient_id: str,
        server: str | None,
        terminology: Terminology,
        aliases: Aliases,
        setting_aside: frozenset[str] = frozenset(),
        calendar: Calendar = NO_CALENDAR,
    ) -> None:
        self.patient_id = patient_id
        self.server = server
        self.calendar = calendar
        self.share = CpuShare()  # without limit, unless it is read for a request
        self.remembered: dict[object, Any] = {}
        self.home = server.rstrip("/") if server else None
        self.states: dict[str, State] = {}
        self.not_understood: dict[str, list[Json]] = {}
        self.aside: dict[str, dict[str, int]] = {}
        self.resources: dict[str, list[Json]] = {}
        self.referable = ReferenceTargets(server)
        self.proposed: dict[str, list[Hit]] = {}
        self._terminology = terminology
        self._aliases = aliases
        self._setting_aside = setting_aside
        self._index = Index(terminology, aliases, calendar)
        self._by_type: dict[str, Source] = {}

    def load(self, prefetch: Mapping[str, object], sources: Sequence[Source]) -> None:
        """Reads and indexes every known prefetch key; unknown keys are ignored."""
        self._by_type = {source.type: source for source in sources}
        known: dict[str, bool] = {}
        later: list[PendingElement] = []
        supplies: list[PrefetchedKey] = []
        self.home = own_server(self.server, prefetch.values())
        self.referable.at(self.home)
        for source in sources:
            if source.key not in prefetch:
                self.states[source.key] = State.NOT_SUPPLIED
                continue
            supply = PrefetchedKey(source, self.is_own, known, self._setting_aside, self.home)
            supplies.append(supply)
            later += self._index.add(source, self._each(supply.read(prefetch[source.key])))
            self.referable.add(supply.referable, source.type)
            self.referable.add(supply.supporting)
            self.resources.setdefault(source.type, []).extend(supply.resources)
            self.states[source.key] = supply.state
            self.aside[source.key] = supply.aside
        later = self._without_superseded(supplies, later)
        for source in sources:
            if not source.is_coded:
                self._keep_what_is_understood(source)
        # References may point to resources of a key that is read later.
        for element_to_follow in later:
            self.share.check()
            self._index.follow(element_to_follow, self.resolve)

    def _each(self, blocks: Iterator[list[Json]]) -> Iterator[list[Json]]:
        """The blocks of a key, while the request may go on."""
        for block in blocks:
            self.share.check()
            yield block

    def _without_superseded(
        self, supplies: Sequence[PrefetchedKey], later: list[PendingElement]
    ) -> list[PendingElement]:
        """Keeps only the newest of several versions of one resource."""
        replaced = superseded(supplies, self.home)
        if replaced is None:
            return later
        gone, newer = replaced
        self._index.forget(gone)
        self.referable.forget(gone)
        for type_, all_ in self.resources.items():
            left = IdentitySet(resource for resource in all_ if resource not in gone)
            self.resources[type_] = [*left]
        # the same object supplied twice is looked at once, by each source that reads it
        waiting = {
            (identity(pending.source), identity(pending.element)): pending
            for pending in later
            if pending.resource not in gone
        }
        later = [*waiting.values()]
        for resource in newer:
            source = self._by_type.get(text(resource.get("resourceType")) or "")
            if source is not None and self.is_own(source, resource):
                self.resources.setdefault(source.type, []).append(resource)
                later += self._index.add(source, [[resource]])
        return later

    def _keep_what_is_understood(self, source: Source) -> None:
        """Removes resources without codes, such as coverages, that cannot be understood."""
        kept = []
        for resource in self.resources.get(source.type, ()):
            if (doubt := source.doubts.of(resource, resource, self.calendar)) is None:
                kept.append(resource)
                continue
            self.not_understood.setdefault(source.type, []).append(resource)
            self.aside[source.key][doubt] = self.aside[source.key].get(doubt, 0) + 1
            self.states[source.key] = State.INCOMPLETE
        if len(kept) < len(self.resources.get(source.type, ())):
            self.resources[source.type] = kept

    def set_aside(self) -> Mapping[str, Mapping[str, int]]:
        """By key and reason, how many entries were not used; coded ones only if they were asked about."""
        counts_by_key = {key: dict(counts) for key, counts in self.aside.items()}
        unusable = ((hit.resource, hit) for hit in self._index.found_unusable())
        for hit in IdentityMap(unusable).values():
            if (doubt := hit.doubt) is not None:
                counts = counts_by_key.setdefault(hit.source.key, {})
                counts[doubt] = counts.get(doubt, 0) + 1
        return {key: counts for key, counts in counts_by_key.items() if counts}

    @property
    def value_sets(self) -> KeysView[str]:
        """The value sets of which the record has an entry."""
        return self._index.hits.keys()

    def hits(self, *value_sets: str) -> list[Hit]:
        """Every hit in these value sets, each once, in the order of the record."""
        hits_by_set = self._index.hits
        if len(value_sets) == 1:
            return hits_by_set.get(value_sets[0], [])
        # A combination product is in several value sets but was handed over once.
        return list(
            IdentitySet(chain.from_iterable(hits_by_set.get(name, ()) for name in value_sets))
        )

    def products(self, value_set: str) -> Iterator[tuple[str, Entry]]:
        """Every code of a value set, with its system, that is no question."""
        for (system, _), entries in self._terminology.by_code.items():
            for entry in entries:
                if entry.value_set == value_set and not entry.question:
                    yield system, entry

    @property
    def unlisted(self) -> UnlistedCodes:
        """What is known of codes and names that are in no list."""
        return self._terminology.unlisted

    def unread(self) -> dict[str, int]:
        """By key, how many entries do not say which drug they are about."""
        unread_hits = ((hit.source.key, hit.entries) for hit in self.hits(UNREAD))
        return dict(
            Counter(
                key
                for key, entries in unread_hits
                if any(e.attributes.get("is_drug") for e in entries)
            )
        )

    def resolve(self, element: object, holder: Json | None = None) -> Json | None:
        """The resource that a Reference points to; None if not sent, another patient's or in error."""
        self.share.check()
        target = self.referable.resolve(element, holder)
        if target is None or _is_error(target):
            return None
        source = self._by_type.get(text(target.get("resourceType")) or "")
        doubts = OF_OTHERS if source is None else source.doubts
        if doubts.of(target, target, self.calendar) in MEANINGLESS:
            return None
        return target if source is None or self.is_own(source, target) else None

    def leads_to_doubt(self, element: object, holder: Json) -> bool:
        """Whether a Reference points to a resource that was sent but must not be used."""
        came = self.referable.resolve(element, holder) is not None
        return came and self.resolve(element, holder) is None

    def entries_of(self, source: Source, resource: Json, element: Json) -> Entries:
        """The value sets that hold the element's concept or the thing it refers to."""
        return self._index.entries_of(source, resource, element, self.resolve)

    def referred_concepts(self, source: Source, resource: Json) -> tuple[object, ...]:
        """The concepts of the resources that a resource refers to, ingredients included."""
        return self._index.referred_concepts(source, resource, self.resolve)

    def source_of(self, resource: Json) -> Source | None:
        """The source that reads resources of this type; None if there is none."""
        return self._by_type.get(text(resource.get("resourceType")) or "")

    def entries_of_concept(self, concept: object) -> Entries:
        """The value set entries of one concept."""
        self.share.check()
        return self._terminology.of_concept(concept, self._aliases)

    def entries_of_name(self, name: str) -> Entries:
        """The value set entries of which this is exactly the name."""
        return self._terminology.by_name.get(same_name(name), ())

    def names_another_drug(self, words: str, value_set: str) -> bool:
        """Whether a sentence names a drug that is not of a value set."""
        entries, _ = self._terminology.spelled({"text": words}, {})
        if any(entry.value_set != value_set for entry in entries):
            return True
        return not entries and self._terminology.names_other(words)

    def drugs_in_words(self, words: str) -> Entries:
        """The drugs that some words name, each as a question."""
        return self._terminology.spelled({"text": words}, {})[0]

    def stray_entries(self, concept: object) -> Entries:
        """Entries, as questions, for codes whose system is missing or unknown."""
        return entries_of_unknown_system(self._terminology, concept)

    def entries_of_status(self, concept: object) -> Entries:
        """The entries of a status element, whose code system is often left out."""
        bare = (code for system, code, _ in codings(concept) if system is None and code)
        entries = self.entries_of_concept(concept)
        return entries or tuple(e for code in bare for e in self._terminology.of_bare(code))

    def is_coded(self, concept: object) -> bool:
        """Whether a code of a known system says what it is."""
        return self._terminology.is_coded(concept)

    def is_place(self, concept: object) -> bool:
        """Whether a code of a list of places or departments says which one it is."""
        return self._terminology.is_place(concept)

    def is_other_thing(self, concept: object) -> bool:
        """Whether a concept is in a value set, or certainly no drug of the value sets."""
        entries = self.entries_of_concept(concept)
        if any(not entry.attributes.get("unspecific") for entry in entries):
            return True
        return certainty_of(self._terminology, concept) in OF_A_LINE

    def came_whole(self, source_key: str) -> bool:
        """Whether a key was supplied completely."""
        return self.states.get(source_key) in WHOLE

    def is_own(self, source: Source, resource: Json, *, elsewhere: bool = False) -> bool:
        """Whether a resource is about this patient; one without a subject counts, as the search returned it.

        A resource from another server must name the patient on the client's own server.
        """
        if source.type == "Patient":
            return not elsewhere and resource.get("id") == self.patient_id
        for steps in source.subject:
            subjects = read(steps, resource)
            if subjects:
                return all(
                    self._is_patient(subject) and not (elsewhere and self._is_relative(subject))
                    for subject in subjects
                )
        return not elsewhere

    def _is_relative(self, subject: object) -> bool:
        """Whether a reference is relative, or points to another server than the client's own."""
        return server_of(literal_reference(subject) or "") != self.home

    def _is_patient(self, subject: object) -> bool:
        return points_to(subject, "Patient", self.patient_id, self.server, self.home)

    def propose(self, orders: Sequence[Json], source: Source) -> None:
        """Adds other draft orders: they are no therapy yet, but a therapy they order cannot be ruled out.

        `source` reads orders of its type, and its `drafts` those of other types; the rest are passed over.
        """
        readers = {reader.type: reader for reader in (source, *source.drafts)}
        for order in orders:
            reader = readers.get(text(order.get("resourceType")) or "")
            if reader is None or is_withdrawn(order) or not self.is_own(reader, order):
                continue
            if entries := self._index.entries_of_draft(reader, order, self.resolve):
                hit = Hit(reader, order, order, entries, "unusable", calendar=self.calendar)
                for name in {entry.value_set for entry in entries}:
                    self.proposed.setdefault(name, []).append(hit)
