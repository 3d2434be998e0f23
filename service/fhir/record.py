"""A patient's record: what was supplied about one patient, found by value set or by reference."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from service.fhir.bundle import WHOLE, State
from service.fhir.deadline import Deadline
from service.fhir.elements import Json, codings, text
from service.fhir.hit import Hit
from service.fhir.index import Index, Later
from service.fhir.paths import read
from service.fhir.referable import Referable
from service.fhir.reference import points_to
from service.fhir.source import Source
from service.fhir.supplied import Supply
from service.fhir.telling import OF_A_LINE, Telling
from service.fhir.terminology import Aliases, Entries, Entry, Terminology
from service.fhir.unread import UNREAD
from service.fhir.unread import told as how_surely

# of every status in FHIR R4: what was recorded should not have been
IN_ERROR = "entered-in-error"


def drafted(value_set: str) -> str:
    """The mark of a value set in which a draft order is coded."""
    return f"drafted {value_set}"


def of_type(name: str) -> str:
    """The mark of a resource type that came."""
    return f"type {name}"


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
        self.deadline = Deadline()
        self.states: dict[str, State] = {}
        self.resources: dict[str, list[Json]] = {}
        self.referable = Referable(server)
        self.proposed: dict[str, list[Hit]] = {}
        self._terminology = terminology
        self._aliases = aliases
        self._setting_aside = setting_aside
        self._index = Index(terminology, aliases)
        self._by_type: dict[str, Source] = {}

    def load(self, prefetch: Mapping[str, object], sources: Sequence[Source]) -> None:
        """Reads every known key, then indexes it; unknown keys are ignored."""
        self._by_type = {source.type: source for source in sources}
        known: dict[str, bool] = {}
        later: list[Later] = []
        for source in sources:
            if source.key not in prefetch:
                self.states[source.key] = State.NOT_SUPPLIED
                continue
            supply = Supply(source, self.is_own, known, self._setting_aside)
            later += self._index.add(source, supply.read(prefetch[source.key]))
            self.referable.add(supply.referable, source.type)
            self.referable.add(supply.supporting)
            self.resources.setdefault(source.type, []).extend(supply.resources)
            self.states[source.key] = supply.state
        # What a reference leads to may have come under a later key.
        for one in later:
            self.deadline.check()
            self._index.follow(one, self.resolve)

    def hits(self, *value_sets: str) -> list[Hit]:
        """Everything coded in these value sets, each once, in the order it came."""
        found = self._index.hits
        if len(value_sets) == 1:
            return found.get(value_sets[0], [])
        # A combination product stands in several sets and was handed over once.
        return list({id(hit): hit for name in value_sets for hit in found.get(name, ())}.values())

    def products(self, value_set: str) -> Iterator[tuple[str, Entry]]:
        """Every code of a value set, with its system, that says what it is."""
        for (system, _), entries in self._terminology.by_code.items():
            for one in entries:
                if one.value_set == value_set and not one.question:
                    yield system, one

    def traces(self) -> Iterator[str]:
        """The value sets in which anything is coded; marked as such those of drafts, and types."""
        yield from self._index.hits
        yield from map(drafted, self.proposed)
        yield from (of_type(name) for name, found in self.resources.items() if found)

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
        if target is None or target.get("status") == IN_ERROR:
            return None
        source = self._by_type.get(text(target.get("resourceType")) or "")
        return target if source is None or self.is_own(source, target) else None

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

    def entries_of_status(self, concept: object) -> Entries:
        """The same for elements with one code list of their own, where systems are often left out."""
        bare = (code for system, code, _ in codings(concept) if system is None and code)
        found = self.entries_of_concept(concept)
        return found or tuple(e for code in bare for e in self._terminology.of_bare(code))

    def is_coded(self, concept: object) -> bool:
        """Whether a code of a system that we know says what it is."""
        return self._terminology.is_coded(concept)

    def is_other_thing(self, concept: object) -> bool:
        """Whether a concept says what it is, and that is surely no drug of ours that is not listed."""
        entries = self.entries_of_concept(concept)
        if any(not one.attributes.get("unspecific") for one in entries):
            return True
        return how_surely(self._terminology, concept) in OF_A_LINE

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

    def propose(self, orders: Sequence[Json], source: Source) -> None:
        """Other draft orders: not yet a therapy, but they speak against ruling one out."""
        for order in orders:
            entries = self._index.entries_of_draft(source, order, self.resolve)
            if entries and self.is_own(source, order):
                hit = Hit(source, order, order, entries, "unusable")
                for name in {entry.value_set for entry in entries}:
                    self.proposed.setdefault(name, []).append(hit)
