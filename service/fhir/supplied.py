"""What a prefetch key brought: this patient's resources, each once."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from service.fhir.bundle import Delivered, State
from service.fhir.elements import Json
from service.fhir.reference import parts
from service.fhir.source import Source

# The types that references of ours lead to; results and claims are only ever searched by code.
POINTED_AT = frozenset(
    {
        "Condition",
        "Coverage",
        "Encounter",
        "MedicationRequest",
        "Patient",
        "Practitioner",
        "PractitionerRole",
    }
)
IsOwn = Callable[[Source, Json], bool]


@dataclass(slots=True)
class Supply:
    """What came under one key, read in one pass: a resource is fetched from memory once."""

    source: Source
    is_own: IsOwn
    known: dict[str, bool]
    setting_aside: Iterable[str]
    state: State = State.NOT_SUPPLIED
    resources: list[Json] = field(default_factory=list)
    referable: list[tuple[str | None, Json]] = field(default_factory=list)
    supporting: list[tuple[str | None, Json]] = field(default_factory=list)

    def read(self, value: object) -> Iterator[Json]:
        """This patient's resources, each once; another patient's among them make the key foreign.

        Almost every resource names its patient in the same few spellings: `known` keeps those.
        """
        source, known, kept = self.source, self.known, self.resources
        delivered = Delivered(value, source.type, search="?" in source.search)
        seen = {id_ for type_, id_ in map(parts, self.setting_aside) if type_ == source.type}
        name, foreign = source.plain_subject, False
        # what refers to others is kept too: where it came from tells whose id it writes
        pointed_at = source.type in POINTED_AT or bool(source.references)
        type_, count = source.type, 0
        for entry in delivered.entries:
            try:
                resource = entry["resource"]
                wanted = resource["resourceType"] == type_
            except (KeyError, TypeError):  # any shape may come
                wanted = False
            if not wanted:
                delivered.pass_over(entry)
                continue
            count += 1
            try:
                own = known[resource[name]["reference"]]
            except (KeyError, TypeError):
                own = self._is_own(resource)
            if not own:
                foreign = True
                continue
            if pointed_at:
                self.referable.append((entry.get("fullUrl"), resource))
            id_ = resource.get("id")
            if id_.__class__ is not str:
                id_ = _content(resource)
            if id_ not in seen:
                seen.add(id_)
                kept.append(resource)
                yield resource
        delivered.close(count)
        self.supporting = delivered.supporting
        self.state = State.FOREIGN if foreign else delivered.state

    def _is_own(self, resource: Json) -> bool:
        own, name = self.is_own(self.source, resource), self.source.plain_subject
        subject = resource.get(name) if name else None
        reference = subject.get("reference") if isinstance(subject, dict) else None
        if isinstance(reference, str) and self.source.type != "Patient":
            self.known[reference] = own
        return own


def _content(resource: Json) -> str:
    """A resource without an id is the same one again only if all of it is the same."""
    return "content:" + repr(sorted(resource.items(), key=lambda one: one[0]))
