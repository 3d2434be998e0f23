"""The index of a record: which resources, or parts of them, stand in which value sets."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, compress
from operator import countOf, is_not, itemgetter
from typing import Any, NamedTuple

from service.fhir.days import NO_CALENDAR, Calendar
from service.fhir.elements import Json, is_absent
from service.fhir.hit import Hit
from service.fhir.paths import Steps, read
from service.fhir.referred import ReferredTo, Resolve
from service.fhir.source import Source
from service.fhir.terminology import Aliases, Entries, Entry, Terminology

MOST_LOOKED_UP = 20_000
LONGEST_KEPT = 200

# The value sets that a code stands in, and whether the element says what it is at all.
Looked = tuple[Entries, bool]
# The same for a plain code, whether no code of it says which drug it is, and the names of the sets.
Plain = tuple[Entries, bool, bool, tuple[str, ...]]
NOTHING: Plain = ((), True, False, ())
CODING, SYSTEM_AND_CODE = itemgetter("coding"), itemgetter("system", "code")
# How a concept fails to be one code with its system: any shape may come.
UNUSUAL = (KeyError, TypeError, ValueError, AttributeError)


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
    calendar: Calendar = NO_CALENDAR
    hits: dict[str, list[Hit]] = field(default_factory=dict)
    untold: list[Hit] = field(default_factory=list)
    _plain: dict[tuple[object, ...], Plain] = field(init=False)
    _wordings: dict[str, Entries] = field(default_factory=dict)
    _referred: ReferredTo = field(init=False)

    def __post_init__(self) -> None:
        """Codes looked up before stay known, unless a client has codes of its own."""
        known = self.terminology.looked_up
        if len(known) > MOST_LOOKED_UP:
            known.clear()
        self._plain = {} if self.aliases else known
        self._referred = ReferredTo(self.terminology, self.aliases, self._wordings)

    def add(self, source: Source, blocks: Iterable[Sequence[Json]]) -> list[Later]:
        """Indexes what plain codes tell; the rest is for `follow`."""
        later: list[Later] = []
        coded = bool(source.concepts or source.references)
        for block in blocks:
            holders, parts = _parts(source, block)
            if source.places or source.departments:
                self._locate(source, holders, parts)
            if source.plain_concept is not None:
                later += self._add_plain(source, source.plain_concept, holders, parts)
            elif coded:
                pairs = zip(holders, parts, strict=True)
                later += (Later(source, one, element) for one, element in pairs)
        return later

    def forget(self, gone: frozenset[int]) -> None:
        """Takes out the resources that newer versions of them have replaced."""
        for name in list(self.hits):
            left = (one for one in self.hits[name] if id(one.resource) not in gone)
            # what came again as the very same thing is one
            if kept := {(id(one.element), one.entries): one for one in left}:
                self.hits[name] = [*kept.values()]
            else:
                del self.hits[name]

    def found_unusable(self) -> list[Hit]:
        """Those that were asked about and do not count."""
        return [
            hit for hits in self.hits.values() for hit in hits if hit.known_standing == "unusable"
        ]

    def _locate(self, source: Source, holders: Sequence[Json], parts: Sequence[Json]) -> None:
        """Of each part the place and the department are indexed."""
        steps = (*source.places, *source.departments)
        heads = frozenset(one[0] for one in steps)
        for resource, element in zip(holders, parts, strict=True):
            if heads.isdisjoint(element) and heads.isdisjoint(resource):
                continue
            entries = tuple(
                entry
                for value in _first_of(steps, element, resource)
                for entry in self.terminology.of_codes(value, self.aliases)
            )
            if entries:
                self._hit(source, resource, element, entries)

    def _add_plain(
        self, source: Source, name: str, holders: Sequence[Json], parts: Sequence[Json]
    ) -> list[Later]:
        """The common case: one code in one field of each resource or each part of it."""
        later, hits, calendar = [], self.hits, self.calendar
        looked = self._look_all(source, name, parts)
        telling = map(partial(is_not, NOTHING), looked)
        for resource, element, plain in compress(zip(holders, parts, looked, strict=True), telling):
            entries, told, unnamed, sets = plain
            if not told or (unnamed and _refers(source, resource)):
                later.append(Later(source, resource, element))
            elif entries:
                hit = Hit(source, resource, element, entries, calendar=calendar)
                for one in sets:
                    hits.setdefault(one, []).append(hit)
        return later

    def _look_all(self, source: Source, name: str, parts: Sequence[Json]) -> list[Plain]:
        """What is known of the code of each part; at once, where each has one code seen before."""
        plain = self._plain
        try:
            concepts = [*map(itemgetter(name), parts)]
            codings = [*map(CODING, concepts)]
            if countOf(map(len, codings), 1) == len(codings):
                each = chain.from_iterable(codings)
                if not source.drugs:
                    return [*map(plain.__getitem__, map(SYSTEM_AND_CODE, each))]
                both = zip(each, concepts, strict=True)
                return [
                    plain[c["system"], c["code"], c.get("display"), one.get("text")]
                    for c, one in both
                ]
        except UNUSUAL:
            pass
        return [self._look(source, one.get(name)) for one in parts]

    def _look(self, source: Source, concept: Any) -> Plain:
        key: tuple[object, ...] = ()
        try:
            (coding,) = concept["coding"]
            key = coding["system"], coding["code"]
            if source.drugs:
                key = *key, coding.get("display"), concept.get("text")
            return self._plain[key]
        except UNUSUAL:
            return self._first_look(source, concept, key)

    def _first_look(self, source: Source, concept: object, key: tuple[object, ...]) -> Plain:
        """A code not seen before; untold where more than the concept's plain codes must be looked at."""
        entries = self.terminology.quick(concept)
        if entries is None or (self.aliases and not entries):
            return (), False, True, ()
        looked = (entries, True, False, _names(entries)) if entries else NOTHING
        if source.drugs and _unnamed(entries):
            words, told = self.terminology.spelled(concept, self._wordings)
            entries = (*entries, *words)
            looked = entries, told or bool(entries), True, _names(entries)
        if key and all(one is None or _is_short(one) for one in key):
            self._plain[key] = looked
        return looked

    def follow(self, one: Later, resolve: Resolve) -> bool:
        """Indexes what words and references tell; False for a fill of which nobody can tell the drug.

        A line of another claim that names nothing makes nothing incomplete: it is kept as untold.
        """
        source, resource, element = one
        entries, told = self._look_up(source, resource, element, resolve)
        if entries:
            self._hit(source, resource, element, entries)
        if entries or told or not source.silent_only_if_read:
            return True
        if source.standing(resource, element) == "never":
            return True
        if source.hands_over(resource):
            return False
        if source.is_medical(resource) is not False:
            self.untold.append(Hit(source, resource, element, (), calendar=self.calendar))
        return True

    def _hit(self, source: Source, resource: Json, element: Json, entries: Entries) -> None:
        hit = Hit(source, resource, element, entries, calendar=self.calendar)
        for name in _names(entries):
            self.hits.setdefault(name, []).append(hit)

    def _look_up(self, source: Source, resource: Json, element: Json, resolve: Resolve) -> Looked:
        entries = self.entries_of(source, resource, element, resolve)
        if not source.drugs or not _unnamed(entries):
            return entries, True
        words, told = self._by_words(source, resource, element, resolve)
        return (*entries, *words), told

    def entries_of(
        self, source: Source, resource: Json, element: Json, resolve: Resolve
    ) -> Entries:
        """The value sets that hold the element's concept or the thing it refers to."""
        found: list[Any] = []
        for steps in source.concepts:
            for concept in read(steps, element):
                whole = _with_system(concept, source.bare_codes_of)
                found.extend(self.terminology.of_concept(whole, self.aliases))
        if _unnamed(found):
            found.extend(self._referred.by(source, resource, resolve).entries)
        return tuple(found)

    def entries_or_words(self, source: Source, resource: Json, resolve: Resolve) -> Entries:
        """The same, or what the words of a drug may mean."""
        return self._look_up(source, resource, resource, resolve)[0]

    def _by_words(self, source: Source, resource: Json, element: Json, resolve: Resolve) -> Looked:
        """A drug that no code of ours names: its name in words, else perhaps not readable at all."""
        found: list[Any] = []
        told = False
        for concept in (one for steps in source.concepts for one in read(steps, element)):
            entries, says_something = self.terminology.spelled(concept, self._wordings)
            found.extend(entries)
            told = told or (says_something and not is_absent(concept))
        others = self._referred.by(source, resource, resolve)
        return (*found, *others.words), told or others.told


def _unnamed(entries: Iterable[Entry]) -> bool:
    """Whether no code says which drug it is: none that we know, or one for any drug."""
    return all(one.attributes.get("unspecific") for one in entries)


def _names(entries: Entries) -> tuple[str, ...]:
    """The value sets of some entries, each once."""
    return tuple({entry.value_set: None for entry in entries})


def _is_short(value: object) -> bool:
    """Worth keeping: a text of the usual length."""
    return isinstance(value, str) and len(value) <= LONGEST_KEPT


def _with_system(concept: object, system: str | None) -> object:
    """A lone Coding without a system read as a code of the system that its element is bound to."""
    if system and isinstance(concept, dict) and concept.keys() & {"code", "system"} == {"code"}:
        return {**concept, "system": system}
    return concept


def _first_of(paths: Iterable[Steps], element: Json, resource: Json) -> Iterator[object]:
    """What stands at each path, in the part or else in the whole resource."""
    for steps in paths:
        holder = element if steps[0] in element else resource
        if steps[0] in holder:
            yield from read(steps, holder)


def _parts(source: Source, block: Sequence[Json]) -> tuple[Sequence[Json], Sequence[Json]]:
    """Resources and, beside each, the part of it that carries a code; itself where none does."""
    if source.each is None:
        return block, block
    pairs = [(one, part) for one in block for part in source.elements(one)]
    return [one for one, _ in pairs], [part for _, part in pairs]


def _refers(source: Source, resource: Json) -> bool:
    for name in source.reference_fields:  # noqa: SIM110 - twice as quick as any(), for each drug
        if name in resource:
            return True
    return False
