"""A patient's record: one pass over the prefetch, indexed by value set, subjects checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.fhir.bundle import WHOLE, State, deliver
from service.fhir.elements import Json, objects, text
from service.fhir.paths import read
from service.fhir.reference import key, literal, parts, points_to
from service.fhir.source import Source, Standing
from service.fhir.terminology import Aliases, Entries, Terminology


@dataclass(frozen=True, slots=True)
class Hit:
    """A resource, or a part of one, whose code stands in a value set that a fact asks for."""

    source: Source
    resource: Json
    element: Json
    entries: Entries
    reference: str | None

    @property
    def standing(self) -> Standing:
        """Whether it counts as evidence."""
        return self.source.standing(self.resource)


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
        self.by_reference: dict[str, Json] = {}
        self.resources: dict[str, list[Json]] = {}
        self._terminology = terminology
        self._aliases = aliases
        self._setting_aside = setting_aside
        self._hits: dict[str, list[Hit]] = {}

    def load(self, prefetch: Mapping[str, object], sources: Sequence[Source]) -> None:
        """Reads every known key, then indexes it; unknown keys are ignored."""
        kept = [(source, self._keep(source, prefetch)) for source in sources]
        for source, resources in kept:
            for resource in resources:
                self._index(source, resource)

    def add_referable(self, entries: Sequence[tuple[str | None, Json]]) -> None:
        """Resources that references may point to, from the draft orders' bundle for one."""
        for url, resource in entries:
            self._remember(url, resource)

    def hits(self, *value_sets: str) -> list[Hit]:
        """Everything coded in these value sets, in the order it came."""
        if len(value_sets) == 1:
            return self._hits.get(value_sets[0], [])
        return [hit for name in value_sets for hit in self._hits.get(name, ())]

    def resolve(self, element: object, holder: Json | None = None) -> Json | None:
        """The resource that a Reference points to, if it came along."""
        reference = literal(element)
        if reference is None:
            return None
        if reference.startswith("#"):
            contained = objects(holder.get("contained")) if holder else []
            return next((one for one in contained if _is(one, reference[1:])), None)
        found = self.by_reference.get(reference)
        if found is None:
            type_, id_ = parts(reference)
            found = self.by_reference.get(f"{type_}/{id_}" if type_ else id_)
        return found

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
                found.extend(self._of_target(reference, resource))
        return tuple(found)

    def entries_of_concept(self, concept: object) -> Entries:
        """The value sets that hold one concept."""
        return self._terminology.of_concept(concept, self._aliases)

    def _of_target(self, reference: object, holder: Json) -> Entries:
        target = self.resolve(reference, holder)
        if target is None:
            return ()
        concept = target.get("code") or target.get("medicationCodeableConcept")
        if concept is None and target.get("medicationReference") is not None:
            inner = self.resolve(target["medicationReference"], target)
            concept = inner.get("code") if inner else None
        return self._terminology.of_concept(concept, self._aliases) if concept else ()

    def _keep(self, source: Source, prefetch: Mapping[str, object]) -> list[Json]:
        if source.key not in prefetch:
            self.states[source.key] = State.NOT_SUPPLIED
            return []
        delivered = deliver(prefetch[source.key], source.type)
        for url, resource in delivered.supporting:
            self._remember(url, resource)
        own, state = self._own(source, delivered.wanted, delivered.state)
        self.states[source.key] = state
        self.resources.setdefault(source.type, []).extend(own)
        return own

    def _own(
        self, source: Source, wanted: list[tuple[str | None, Json]], state: State
    ) -> tuple[list[Json], State]:
        """This patient's resources, each once; a foreign one is refused and reported."""
        own: list[Json] = []
        for url, resource in wanted:
            if not self.is_own(source, resource):
                state = State.FOREIGN
            elif self._remember(url, resource):
                own.append(resource)
        return own, state

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

    def _remember(self, url: object, resource: Json) -> bool:
        """Keeps a resource for references; False when it came already or is set aside."""
        reference = key(resource)
        if reference in self._setting_aside:
            return False
        known = reference is not None and self.by_reference.get(reference)
        if known:
            return False
        if reference is not None:
            self.by_reference[reference] = resource
            self.by_reference.setdefault(parts(reference)[1], resource)
        if name := text(url):
            self.by_reference.setdefault(name, resource)
        return True

    def _index(self, source: Source, resource: Json) -> None:
        for element in source.elements(resource):
            entries = self.entries_of(source, resource, element)
            if not entries:
                continue
            hit = Hit(source, resource, element, entries, key(resource))
            for name in {entry.value_set for entry in entries}:
                self._hits.setdefault(name, []).append(hit)

    def came_whole(self, source_key: str) -> bool:
        """Whether a key was asked and answered completely."""
        return self.states.get(source_key) in WHOLE


def _is(resource: Json, id_: str) -> bool:
    return resource.get("id") in (id_, f"#{id_}")
