"""The index of a record: which resources, or parts of them, stand in which value sets."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, compress, repeat
from operator import contains, countOf, is_not, itemgetter
from typing import Any, NamedTuple

from service.fhir.bound import bound
from service.fhir.elements import codings, objects
from service.fhir.hit import Hit
from service.fhir.paths import Steps, read
from service.fhir.referenced import Referred, ReferredTo, Resolve
from service.fhir.sources.source import Source
from service.fhir.terminology.telling import Certainty
from service.fhir.terminology.terminology import Aliases, Entries, Entry, Terminology
from service.fhir.unread import says_anything, unread, words_join_more
from service.fhir.unread import told as how_surely
from service.fhir.values.days import NO_CALENDAR, Calendar
from service.json_object import Json
from service.memo import BoundedDict, IdentitySet, identity

LONGEST_KEPT = 200

# The value sets that a code stands in, and how surely it is another thing where it is in none.
Looked = tuple[Entries, Certainty]
# The same for a plain code, whether no code of it says which drug it is, and the names of the sets.
Plain = tuple[Entries, Certainty, bool, tuple[str, ...]]
SURELY = Certainty.SURELY
NOTHING: Plain = ((), SURELY, False, ())
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
    _plain: BoundedDict[tuple[object, ...], Plain] = field(init=False)
    _wordings: dict[str, Entries] = field(default_factory=dict)
    _referred: ReferredTo = field(init=False)

    def __post_init__(self) -> None:
        """Codes looked up before stay known, unless a client has codes of its own."""
        self._plain = BoundedDict() if self.aliases else self.terminology.looked_up
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
                if source.parts:
                    later += self._add_inside(source, source.plain_concept, source.parts, block)
            elif coded:
                pairs = zip(holders, parts, strict=True)
                later += (Later(source, one, element) for one, element in pairs)
            for other in source.asked:
                later += self._add_asked(other, block)
        return later

    def forget(self, gone: IdentitySet[Json]) -> None:
        """Takes out the resources that newer versions of them have replaced."""
        for name in list(self.hits):
            left = (one for one in self.hits[name] if one.resource not in gone)
            # what came again as the very same thing is one
            if kept := {(identity(one.element), one.entries): one for one in left}:
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
        # speed: loops inside C here and in `_look_all` index 2,000 claim lines in 6.3 ms, plain ones in 8.0
        looked = self._look_all(source, name, parts)
        telling = [*map(partial(is_not, NOTHING), looked)]
        heads = {steps[0] for steps in source.inside}
        # what a line is made of may be a drug, though its own code is none
        made = {n for head in heads for n, has in enumerate(_having(head, parts)) if has}
        for n in made:
            telling[n] = False
            later.append(Later(source, holders[n], parts[n]))
        for resource, element, plain in compress(zip(holders, parts, looked, strict=True), telling):
            entries, told, unnamed, sets = plain
            if (told is not SURELY and told not in source.believed(resource)) or (
                unnamed and _refers(source, resource)
            ):
                later.append(Later(source, resource, element))
            elif entries:
                hit = Hit(source, resource, element, entries, calendar=calendar)
                for one in sets:
                    hits.setdefault(one, []).append(hit)
        return later

    def _add_inside(
        self, source: Source, name: str, at: Steps, block: Sequence[Json]
    ) -> list[Later]:
        """What stands inside: parts with a code of their own, and resources that one contains."""
        panels = [*compress(block, map(contains, block, repeat(at[0])))]
        members = [
            one
            for whole in compress(block, map(contains, block, repeat("contained")))
            for one in source.contained(whole)
        ]
        pairs = [(one, part) for one in (*panels, *members) for part in objects(read(at, one))]
        holders, parts = [one for one, _ in pairs], [part for _, part in pairs]
        return [
            *(self._add_plain(source, name, members, members) if members else ()),
            *(self._add_plain(source, name, holders, parts) if pairs else ()),
        ]

    def _add_asked(self, source: Source, block: Sequence[Json]) -> list[Later]:
        """Other parts of the resources, or these as drugs that were given, of which each is a question."""
        if source.each is None:
            name = source.plain_concept
            return self._add_plain(source, name, block, block) if name else []
        having = compress(block, map(contains, block, repeat(source.each[0])))
        return [
            Later(source, one, part) for one in having for part in objects(read(source.each, one))
        ]

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
        """A code not seen before; not told where more than the concept's plain codes must be looked at."""
        entries = self.terminology.quick(concept)
        if entries is None or (self.aliases and not entries):
            return (), Certainty.UNSEEN, True, ()
        if source.drugs:
            entries = tuple(one for one in entries if not self._is_of_a_chapter(one))
            entries = self.terminology.uncontradicted(concept, entries)
            entries = (*entries, *self._named_beside(concept, entries))
        looked = (entries, SURELY, False, _names(entries)) if entries else NOTHING
        if source.drugs and _unnamed(entries):
            words, _ = self.terminology.spelled(concept, self._wordings)
            more = words_join_more(self.terminology, concept)
            told = SURELY if words and not more else how_surely(self.terminology, concept)
            entries = (*entries, *words)
            looked = entries, told, True, _names(entries)
        if key and all(one is None or _is_short(one) for one in key):
            self._plain.keep(key, looked)
        return looked

    def _named_beside(self, concept: object, entries: Entries) -> Entries:
        """What the words name beside a code that says that there is none, as no known allergy."""
        if not entries or any(map(_is_unspecific, entries)):
            return ()
        if any(one.value_set in self.terminology.telling.drug_sets for one in entries):
            return ()
        return self.terminology.spelled(concept, self._wordings)[0]

    def follow(self, one: Later, resolve: Resolve) -> None:
        """Indexes what words and references tell; as not readable where nothing tells what it is."""
        source, resource, element = one
        entries, told = self._look_up(source, resource, element, resolve)
        if self._is_unread(one, entries, told):
            is_drug = source.hands_over(resource) or self._is_of_drugs(source, element)
            entries = (*entries, self._mark(one, resolve, is_drug=bool(is_drug)))
        if source.lines is not None:
            entries = tuple(one.asked() for one in entries)
        if entries:
            self._hit(source, resource, element, entries)

    def _mark(self, one: Later, resolve: Resolve, *, is_drug: bool = True) -> Entry:
        """The mark of a place that cannot be read."""
        source, resource, element = one
        concepts = [c for steps in _coded(source) for c in read(steps, element)]
        concepts += self._referred.by(source, resource, resolve).seen
        return unread(self.terminology, concepts, element, is_drug=is_drug)

    def _is_unread(self, one: Later, entries: Entries, told: Certainty) -> bool:
        """Whether it may be a drug, or an allergy to one, and nobody can tell which."""
        source, resource, element = one
        if not source.drugs or told in source.believed(resource):
            return False
        if told is Certainty.GIVES and self._names_what_is_given(source, resource, element):
            return False
        if not (self._leaves_open(source, element, entries) or self._joins_more(one, entries)):
            return False
        if source.standing(resource, element) == "never":
            return False
        if source.hands_over(resource):
            return True
        medical = source.is_medical(resource) is not False
        return medical and self._is_of_drugs(source, element) is not False

    def _names_what_is_given(self, source: Source, resource: Json, element: Json) -> bool:
        """Whether a line beside a service names the drug that it gives."""
        lines = source.lines or source
        return any(
            self.terminology.telling.is_product(system, code)
            for part in (lines.elements(resource) if lines.each else ())
            if part is not element
            for steps in lines.concepts
            for concept in read(steps, part)
            for system, code, _ in codings(concept)
            if code
        )

    def _joins_more(self, one: Later, entries: Entries) -> bool:
        """Whether words alone tell which drug it is, and join to it what nobody knows."""
        if not all(entry.question for entry in entries):
            return False
        concepts = [c for steps in one.source.concepts for c in read(steps, one.element)]
        known = self._referred.known(one.source, one.resource)
        return any(words_join_more(self.terminology, c) for c in (*concepts, *known.seen))

    def _is_of_drugs(self, source: Source, element: Json) -> bool | None:
        """Whether a line is about a product, or of a department that hands over drugs; None if it may be."""
        if any(says_anything(one) for steps in _coded(source) for one in read(steps, element)):
            return True
        values = [value for steps in source.departments for value in read(steps, element)]
        found = [e for value in values for e in self.terminology.of_codes(value, self.aliases)]
        if any(one.value_set in self.terminology.telling.drug_sets for one in found):
            return True
        return False if any(map(self.terminology.is_coded, values)) else None

    def _hit(self, source: Source, resource: Json, element: Json, entries: Entries) -> None:
        hit = Hit(source, resource, element, entries, calendar=self.calendar)
        for name in _names(entries):
            self.hits.setdefault(name, []).append(hit)

    def _look_up(self, source: Source, resource: Json, element: Json, resolve: Resolve) -> Looked:
        entries = self.entries_of(source, resource, element, resolve)
        if not source.drugs:
            return entries, SURELY
        if not self._leaves_open(source, element, entries):
            concepts = [one for steps in source.concepts for one in read(steps, element)]
            beside = (word for one in concepts for word in self._named_beside(one, entries))
            return (*entries, *beside), SURELY
        words, told = self._by_words(source, resource, element, resolve)
        return (*entries, *words), told

    def _leaves_open(self, source: Source, element: Json, entries: Entries) -> bool:
        """Whether no code says which drug it is; a service that is known does not, beside a product."""
        if _unnamed(entries):
            return True
        if not any(says_anything(one) for steps in source.inside for one in read(steps, element)):
            return False
        drugs = self.terminology.telling.drug_sets
        return _unnamed(one for one in entries if one.value_set in drugs)

    def entries_of(
        self, source: Source, resource: Json, element: Json, resolve: Resolve
    ) -> Entries:
        """The value sets that hold the element's concept or the thing it refers to."""
        found: list[Any] = []
        for steps in source.concepts:
            if steps[0] not in element:
                continue
            for concept in read(steps, element):
                whole = bound(concept, source.bare_codes_of, self.terminology)
                entries = self.terminology.of_concept(whole, self.aliases)
                if source.drugs:
                    entries = self.terminology.uncontradicted(whole, entries)
                found.extend(entries)
        if source.drugs and found:
            found = [one for one in found if not self._is_of_a_chapter(one)]
        if source.inside:
            inside = self._inside(source, element).entries
            # what its own code names is not asked again
            sets = {one.value_set for one in found if not _is_unspecific(one)}
            found.extend(one for one in inside if one.value_set not in sets)
        if _unnamed(found):
            found.extend(self._referred.by(source, resource, resolve).entries)
        return tuple(found)

    def _is_of_a_chapter(self, entry: Entry) -> bool:
        """Whether a disease is meant by how the code begins; where drugs stand it is none."""
        drugs = self.terminology.telling.drug_sets
        return entry.attributes.get("match") == "prefix" and entry.value_set not in drugs

    def _inside(self, source: Source, element: Json) -> Referred:
        """What the parts are that the element is made of, or that name its product beside a billing code."""
        return self._referred.parts(one for steps in source.inside for one in read(steps, element))

    def referred_concepts(
        self, source: Source, resource: Json, resolve: Resolve
    ) -> tuple[object, ...]:
        """What a resource refers to, as concepts."""
        return self._referred.by(source, resource, resolve).seen

    def entries_of_draft(self, source: Source, resource: Json, resolve: Resolve) -> Entries:
        """The same for a draft order, or what the words of a drug may mean, or that it cannot be read."""
        entries, told = self._look_up(source, resource, resource, resolve)
        one = Later(source, resource, resource)
        open_ = _unnamed(entries) or self._joins_more(one, entries)
        if open_ and told not in source.believed(resource):
            mark = self._mark(one, resolve)
            return (*entries, mark)
        return entries

    def _by_words(self, source: Source, resource: Json, element: Json, resolve: Resolve) -> Looked:
        """A drug that no code of ours names: its name in words, else how surely it is another."""
        found: list[Any] = []
        told = Certainty.NOT
        for concept in (one for steps in source.concepts for one in read(steps, element)):
            entries, _ = self.terminology.spelled(concept, self._wordings)
            found.extend(entries)
            told = max(told, how_surely(self.terminology, concept))
        inside = self._inside(source, element) if source.inside else Referred()
        others = self._referred.by(source, resource, resolve)
        if self._is_told_inside(source, element, told):
            told = inside.told
        return (*found, *inside.words, *others.words), max(told, others.told)

    def _is_told_inside(self, source: Source, element: Json, told: Certainty) -> bool:
        """Whether what a line is about is told by what it is made of: where its own code does not tell.

        A service names no product; of a compound each ingredient counts. Of one product beside the name
        of another drug the name tells.
        """
        parts = [one for steps in source.inside for one in read(steps, element)]
        given = sum(map(says_anything, parts))
        if given == 1 and told is Certainty.SURELY:
            concepts = (one for steps in source.concepts for one in read(steps, element))
            return any(map(self._is_service, concepts))
        return given > 0

    def _is_service(self, concept: object) -> bool:
        """Whether a code of it is of a system without drugs."""
        holds_no_drug = self.terminology.telling.holds_no_drug
        return any(holds_no_drug(system, code) for system, code, _ in codings(concept))


def _having(name: str, parts: Sequence[Json]) -> Sequence[bool]:
    """Which parts have such a field; none where no part has, which is the usual case."""
    found = [*map(contains, parts, repeat(name))]
    return found if True in found else ()


def _unnamed(entries: Iterable[Entry]) -> bool:
    """Whether no code says which drug it is: none that we know, or one for any drug."""
    return all(map(_is_unspecific, entries))


def _is_unspecific(entry: Entry) -> bool:
    return bool(entry.attributes.get("unspecific"))


def _names(entries: Entries) -> tuple[str, ...]:
    """The value sets of some entries, each once."""
    return tuple({entry.value_set: None for entry in entries})


def _coded(source: Source) -> tuple[Steps, ...]:
    """Where the product may stand."""
    return (*source.concepts, *source.inside)


def _is_short(value: object) -> bool:
    """Worth keeping: a text of the usual length."""
    return isinstance(value, str) and len(value) <= LONGEST_KEPT


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
    # speed: 0.13 µs for each drug, any() takes 0.6
    for name in source.reference_fields:  # noqa: SIM110
        if name in resource:
            return True
    return False
