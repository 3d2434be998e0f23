"""The index of a record: which resources, or parts of them, stand in which value sets."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from service.fhir.elements import Json, objects
from service.fhir.hit import Hit
from service.fhir.paths import read
from service.fhir.source import Source
from service.fhir.terminology import Aliases, Entries, Terminology

Resolve = Callable[[object, Json | None], Json | None]
# The value sets that a code stands in, and whether the element says what it is at all.
Looked = tuple[Entries, bool]


class Later(NamedTuple):
    """An element that its own plain code does not settle: looked at when all keys are read."""

    source: Source
    resource: Json
    element: Json


@dataclass(slots=True)
class Index:
    """Hits by value set; a plain code is looked up once per request."""

    terminology: Terminology
    aliases: Aliases
    hits: dict[str, list[Hit]] = field(default_factory=dict)
    _plain: dict[tuple[object, ...], Looked | None] = field(default_factory=dict)
    _wordings: dict[str, Entries] = field(default_factory=dict)

    def add(self, source: Source, resources: Iterable[Json]) -> list[Later]:
        """Indexes what plain codes tell; the rest is for `follow`."""
        if source.plain_concept is not None:
            return self._add_plain(source, source.plain_concept, resources)
        each = [(one, source.elements(one)) for one in resources]
        if not (source.concepts or source.references):
            return []
        return [Later(source, one, element) for one, elements in each for element in elements]

    def _add_plain(self, source: Source, name: str, resources: Iterable[Json]) -> list[Later]:
        """The common case: one code in one field of each resource or each part of it."""
        plain, drugs, later = self._plain, source.drugs, []
        for resource, element in _parts(source, resources):
            key: tuple[object, ...] = ()
            try:
                concept = element[name]
                (coding,) = concept["coding"]
                key = coding["system"], coding["code"]
                if drugs:
                    key = *key, coding.get("display"), concept.get("text")
                looked = plain[key]
            except (KeyError, TypeError, ValueError, AttributeError):
                looked = self._first_look(source, element.get(name), key)
            if looked is None or (drugs and not looked[0] and _refers(source, resource)):
                later.append(Later(source, resource, element))
            elif looked[0]:
                self._hit(source, resource, element, looked[0])
            elif not looked[1]:
                later.append(Later(source, resource, element))
        return later

    def _first_look(
        self, source: Source, concept: object, key: tuple[object, ...]
    ) -> Looked | None:
        """A code not seen before; None where more than the concept's plain codes must be looked at."""
        entries = self.terminology.quick(concept)
        if entries is None or (self.aliases and not entries):
            return None
        looked = entries, True
        if source.drugs and not entries:
            looked = self.terminology.spelled(concept, self._wordings)
        try:
            if key:
                self._plain[key] = looked
        except TypeError:
            # a display or a text of an odd shape cannot be kept
            return looked
        return looked

    def follow(self, one: Later, resolve: Resolve) -> bool:
        """Indexes what words and references tell; False for a fill of which nobody can tell the drug."""
        source, resource, element = one
        entries, told = self._look_up(source, resource, element, resolve)
        if entries:
            self._hit(source, resource, element, entries)
        if entries or told or not source.silent_only_if_read:
            return True
        return source.standing(resource, element) == "never" or not source.hands_over(resource)

    def _hit(self, source: Source, resource: Json, element: Json, entries: Entries) -> None:
        hit = Hit(source, resource, element, entries)
        for name in {entry.value_set for entry in entries}:
            self.hits.setdefault(name, []).append(hit)

    def _look_up(self, source: Source, resource: Json, element: Json, resolve: Resolve) -> Looked:
        entries = self.entries_of(source, resource, element, resolve)
        if entries or not source.drugs:
            return entries, True
        return self._by_words(source, resource, element, resolve)

    def entries_of(
        self, source: Source, resource: Json, element: Json, resolve: Resolve
    ) -> Entries:
        """The value sets that hold the element's concept or the thing it refers to."""
        found: list[Any] = []
        for steps in source.concepts:
            for concept in read(steps, element):
                found.extend(self.terminology.of_concept(concept, self.aliases))
        if not found:
            for concept in _referred(source, resource, resolve):
                found.extend(self.terminology.of_concept(concept, self.aliases))
        return tuple(found)

    def entries_or_words(self, source: Source, resource: Json, resolve: Resolve) -> Entries:
        """The same, or what the words of a drug may mean."""
        return self._look_up(source, resource, resource, resolve)[0]

    def _by_words(self, source: Source, resource: Json, element: Json, resolve: Resolve) -> Looked:
        """A drug that no code of ours names: its name in words, else perhaps not readable at all."""
        found: list[Any] = []
        told = False
        concepts = [one for steps in source.concepts for one in read(steps, element)]
        for concept in [*concepts, *_referred(source, resource, resolve)]:
            entries, says_something = self.terminology.spelled(concept, self._wordings)
            found.extend(entries)
            told = told or says_something
        return tuple(found), told


def _parts(source: Source, resources: Iterable[Json]) -> Iterable[tuple[Json, Json]]:
    """Each resource with each part of it that carries a code; by itself where none does."""
    if source.each is None:
        return ((one, one) for one in resources)
    name = source.each[0]
    return ((one, part) for one in resources for part in objects(one.get(name)) or (one,))


def _refers(source: Source, resource: Json) -> bool:
    return any(name in resource for name in source.reference_fields)


def _referred(source: Source, resource: Json, resolve: Resolve) -> Iterator[object]:
    """The codes of what a resource refers to: a Medication, an order, a claim's items."""
    for steps in source.references:
        if steps[0] in resource:
            for reference in read(steps, resource):
                target = resolve(reference, resource)
                if target is not None:
                    yield from _concepts_of(target, resolve)


def _concepts_of(target: Json, resolve: Resolve) -> Iterator[object]:
    inner = resolve(target.get("medicationReference"), target)
    found = [
        target.get("code"),
        target.get("medicationCodeableConcept"),
        *read(("item", "productOrService"), target),
        inner.get("code") if inner is not None else None,
    ]
    yield from (one for one in found if one is not None)
