"""A patient's record: what was supplied about one patient, found by value set or by reference."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from service.fhir.deadline import Deadline
from service.fhir.elements import codings, text
from service.fhir.hit import Hit
from service.fhir.index import Index, Later
from service.fhir.paths import read
from service.fhir.reference import base, literal, points_to
from service.fhir.sources.doubts import MEANINGLESS, OF_OTHERS
from service.fhir.sources.source import Source
from service.fhir.supplied.bundle import WHOLE, State
from service.fhir.supplied.bundle_entries import home_of
from service.fhir.supplied.prefetch import Supply
from service.fhir.supplied.superseded import superseded
from service.fhir.supplied.targets import Referable
from service.fhir.terminology.stray import of_stray
from service.fhir.terminology.telling import OF_A_LINE, Telling
from service.fhir.terminology.terminology import Aliases, Entries, Entry, Terminology
from service.fhir.unread import UNREAD
from service.fhir.unread import told as how_surely
from service.fhir.values.days import NO_CALENDAR, Calendar
from service.json_object import Json
from service.memo import IdentityMap, IdentitySet

# of every status in FHIR R4: what was recorded should not have been
IN_ERROR = "entered-in-error"


def _is_error(resource: Json) -> bool:
    return (text(resource.get("status")) or "").lower() == IN_ERROR


class Record:
    """What the client supplied about one patient; other patients' resources are left out."""

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
        self.deadline = Deadline()
        self.home = server.rstrip("/") if server else None
        self.states: dict[str, State] = {}
        self.not_understood: dict[str, list[Json]] = {}
        self.aside: dict[str, dict[str, int]] = {}
        self.resources: dict[str, list[Json]] = {}
        self.referable = Referable(server)
        self.proposed: dict[str, list[Hit]] = {}
        self._terminology = terminology
        self._aliases = aliases
        self._setting_aside = setting_aside
        self._index = Index(terminology, aliases, calendar)
        self._by_type: dict[str, Source] = {}

    def load(self, prefetch: Mapping[str, object], sources: Sequence[Source]) -> None:
        """Reads every known key, then indexes it; unknown keys are ignored."""
        self._by_type = {source.type: source for source in sources}
        known: dict[str, bool] = {}
        later: list[Later] = []
        supplies: list[Supply] = []
        self.home = home_of(self.server, prefetch.values())
        self.referable.at(self.home)
        for source in sources:
            if source.key not in prefetch:
                self.states[source.key] = State.NOT_SUPPLIED
                continue
            supply = Supply(source, self.is_own, known, self._setting_aside, self.home)
            supplies.append(supply)
            later += self._index.add(source, supply.read(prefetch[source.key]))
            self.referable.add(supply.referable, source.type)
            self.referable.add(supply.supporting)
            self.resources.setdefault(source.type, []).extend(supply.resources)
            self.states[source.key] = supply.state
            self.aside[source.key] = supply.aside
        later = self._without_superseded(supplies, later)
        for source in sources:
            if not source.is_coded:
                self._keep_what_is_understood(source)
        # What a reference leads to may have come under a later key.
        for one in later:
            self.deadline.check()
            self._index.follow(one, self.resolve)

    def _without_superseded(self, supplies: Sequence[Supply], later: list[Later]) -> list[Later]:
        """Of several versions of one resource only the newest stays."""
        found = superseded(supplies, self.home)
        if found is None:
            return later
        gone, newer = found
        self._index.forget(gone)
        self.referable.forget(gone)
        for type_, all_ in self.resources.items():
            self.resources[type_] = [*IdentitySet(one for one in all_ if one not in gone)]
        left = IdentityMap((one.element, one) for one in later if one.resource not in gone)
        later = left.values()
        for one in newer:
            source = self._by_type.get(text(one.get("resourceType")) or "")
            if source is not None and self.is_own(source, one):
                self.resources.setdefault(source.type, []).append(one)
                later += self._index.add(source, [[one]])
        return later

    def _keep_what_is_understood(self, source: Source) -> None:
        """Of what is read as a whole, like a coverage; what is found by its code tells for itself."""
        kept = []
        for one in self.resources.get(source.type, ()):
            if (doubt := source.doubts.of(one, one, self.calendar)) is None:
                kept.append(one)
                continue
            self.not_understood.setdefault(source.type, []).append(one)
            self.aside[source.key][doubt] = self.aside[source.key].get(doubt, 0) + 1
            self.states[source.key] = State.INCOMPLETE
        if len(kept) < len(self.resources.get(source.type, ())):
            self.resources[source.type] = kept

    def set_aside(self) -> Mapping[str, Mapping[str, int]]:
        """By key, how many entries were not used for each reason: of coded ones those asked about."""
        found = {key: dict(counts) for key, counts in self.aside.items()}
        for hit in IdentityMap(
            (one.resource, one) for one in self._index.found_unusable()
        ).values():
            if (doubt := hit.doubt) is not None:
                counts = found.setdefault(hit.source.key, {})
                counts[doubt] = counts.get(doubt, 0) + 1
        return {key: counts for key, counts in found.items() if counts}

    def hits(self, *value_sets: str) -> list[Hit]:
        """Everything coded in these value sets, each once, in the order it came."""
        found = self._index.hits
        if len(value_sets) == 1:
            return found.get(value_sets[0], [])
        # A combination product stands in several sets and was handed over once.
        return list(IdentitySet(hit for name in value_sets for hit in found.get(name, ())))

    def products(self, value_set: str) -> Iterator[tuple[str, Entry]]:
        """Every code of a value set, with its system, that says what it is."""
        for (system, _), entries in self._terminology.by_code.items():
            for one in entries:
                if one.value_set == value_set and not one.question:
                    yield system, one

    @property
    def telling(self) -> Telling:
        """What is known of codes and names that no list holds."""
        return self._terminology.telling

    def unread(self) -> dict[str, int]:
        """How many places under each key do not say which drug or substance they are about."""
        found = ((one.source.key, one.entries) for one in self.hits(UNREAD))
        return dict(
            Counter(
                key for key, entries in found if any(e.attributes.get("is_drug") for e in entries)
            )
        )

    def resolve(self, element: object, holder: Json | None = None) -> Json | None:
        """What a Reference points to, if it came along, is no other patient's and no error."""
        self.deadline.check()
        target = self.referable.resolve(element, holder)
        if target is None or _is_error(target):
            return None
        source = self._by_type.get(text(target.get("resourceType")) or "")
        doubts = OF_OTHERS if source is None else source.doubts
        if doubts.of(target, target, self.calendar) in MEANINGLESS:
            return None
        return target if source is None or self.is_own(source, target) else None

    def leads_to_doubt(self, element: object, holder: Json) -> bool:
        """Whether a Reference leads to something that came along and is not to be used."""
        came = self.referable.resolve(element, holder) is not None
        return came and self.resolve(element, holder) is None

    def entries_of(self, source: Source, resource: Json, element: Json) -> Entries:
        """The value sets that hold the element's concept or the thing it refers to."""
        return self._index.entries_of(source, resource, element, self.resolve)

    def referred_concepts(self, source: Source, resource: Json) -> tuple[object, ...]:
        """The concepts of what a resource refers to, its ingredients among them."""
        return self._index.referred_concepts(source, resource, self.resolve)

    def source_of(self, resource: Json) -> Source | None:
        """How resources of that type are read."""
        return self._by_type.get(text(resource.get("resourceType")) or "")

    def entries_of_concept(self, concept: object) -> Entries:
        """The value sets that hold one concept."""
        self.deadline.check()
        return self._terminology.of_concept(concept, self._aliases)

    def names_another_drug(self, words: str, value_set: str) -> bool:
        """Whether a sentence names a drug that is not of a value set."""
        found, _ = self._terminology.spelled({"text": words}, {})
        if any(one.value_set != value_set for one in found):
            return True
        return not found and self._terminology.names_other(words)

    def stray_entries(self, concept: object) -> Entries:
        """What its codes may mean whose system is not said, or not known, as questions."""
        return of_stray(self._terminology, concept)

    def entries_of_status(self, concept: object) -> Entries:
        """The same for elements with one code list of their own, where systems are often left out."""
        bare = (code for system, code, _ in codings(concept) if system is None and code)
        found = self.entries_of_concept(concept)
        return found or tuple(e for code in bare for e in self._terminology.of_bare(code))

    def is_coded(self, concept: object) -> bool:
        """Whether a code of a system that we know says what it is."""
        return self._terminology.is_coded(concept)

    def is_place(self, concept: object) -> bool:
        """Whether a code of a list of places or departments tells which one it is."""
        return self._terminology.is_place(concept)

    def is_other_thing(self, concept: object) -> bool:
        """Whether a concept says what it is, and that is surely no drug of ours that is not listed."""
        entries = self.entries_of_concept(concept)
        if any(not one.attributes.get("unspecific") for one in entries):
            return True
        return how_surely(self._terminology, concept) in OF_A_LINE

    def came_whole(self, source_key: str) -> bool:
        """Whether a key was asked and answered completely."""
        return self.states.get(source_key) in WHOLE

    def is_own(self, source: Source, resource: Json, *, elsewhere: bool = False) -> bool:
        """Whether a resource is about this patient; one that names nobody came with the search.

        One from another server must name the patient of the client's own server.
        """
        if source.type == "Patient":
            return not elsewhere and resource.get("id") == self.patient_id
        for steps in source.subject:
            subjects = read(steps, resource)
            if subjects:
                return all(
                    self._is_patient(one) and not (elsewhere and self._is_relative(one))
                    for one in subjects
                )
        return not elsewhere

    def _is_relative(self, subject: object) -> bool:
        """Whether a reference means something of the server that it came from."""
        return base(literal(subject) or "") != self.home

    def _is_patient(self, subject: object) -> bool:
        return points_to(subject, "Patient", self.patient_id, self.server, self.home)

    def propose(self, orders: Sequence[Json], source: Source) -> None:
        """Other draft orders: not yet a therapy, but they speak against ruling one out."""
        for order in orders:
            entries = self._index.entries_of_draft(source, order, self.resolve)
            if entries and self.is_own(source, order):
                hit = Hit(source, order, order, entries, "unusable", calendar=self.calendar)
                for name in {entry.value_set for entry in entries}:
                    self.proposed.setdefault(name, []).append(hit)
