"""What a resource refers to, or is made of, as the concepts that say what it is."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from service.fhir.elements import objects, text
from service.fhir.paths import read
from service.fhir.sources.source import Source
from service.fhir.terminology.drugs import Entry
from service.fhir.terminology.telling import Certainty
from service.fhir.terminology.terminology import Aliases, Entries, Terminology
from service.fhir.unread import told, words_join_more
from service.json_object import Json
from service.memo import IdentityMap, identity

Resolve = Callable[[object, Json | None], Json | None]
MOST_PARTS = 50


class Referred(NamedTuple):
    """What things are by code and by words, how surely they are something else, and what was looked at."""

    entries: Entries = ()
    words: Entries = ()
    told: Certainty = Certainty.NOT
    seen: tuple[object, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether it is known what it is, be it as a question."""
        named = any(not one.attributes.get("unspecific") for one in (*self.entries, *self.words))
        return named or self.told is Certainty.SURELY


@dataclass(slots=True)
class ReferredTo:
    """Looks up each thing once, however many refer to it; what is looked up lives as long as the record."""

    terminology: Terminology
    aliases: Aliases
    wordings: dict[str, Entries]
    _by_resource: dict[tuple[int, object], Referred] = field(default_factory=dict)
    _by_concept: IdentityMap[object, Referred] = field(default_factory=IdentityMap)

    def by(self, source: Source, resource: Json, resolve: Resolve) -> Referred:
        """What a resource refers to, the same for all its parts."""
        key = identity(resource), source.references
        known = self._by_resource.get(key)
        if known is None:
            each = [
                self._thing(reference, resource, resolve)
                for steps in source.references
                if steps[0] in resource
                for reference in read(steps, resource)
            ]
            known = self._by_resource[key] = _any_of(each)
        return known

    def known(self, source: Source, resource: Json) -> Referred:
        """What was found before of what a resource refers to."""
        return self._by_resource.get((identity(resource), source.references), Referred())

    def parts(self, concepts: Iterable[object]) -> Referred:
        """What something is by all that it is made of: of several parts each is a question."""
        each = [self._tell(one) for one in concepts]
        entries = [entry for one in each for entry in one.entries]
        words = tuple(dict.fromkeys(entry for one in each for entry in one.words))
        if len(each) > 1:
            entries = [entry.asked() for entry in entries]
        surely = min((one.told for one in each), default=Certainty.NOT)
        return Referred(tuple(dict.fromkeys(entries)), words, surely, _seen(each))

    def _thing(self, reference: object, holder: Json, resolve: Resolve) -> Referred:
        """One thing that is referred to; where it did not come, what the reference calls it."""
        target = resolve(reference, holder)
        if target is None:
            return self._tell(_called(reference))
        found = _any_of([self._tell(one) for one in _concepts_of(target, resolve)])
        if not found.is_known:
            made_of = self.parts(_ingredients(target, holder, resolve))
            found = made_of if made_of.is_known else _any_of([found, made_of])
        elif not found.entries and not found.words:
            # another drug by its code, and made of one of ours: one of the two is wrong
            made_of = self.parts(_ingredients(target, holder, resolve))
            entries, words = (tuple(map(Entry.asked, one)) for one in made_of[:2])
            found = found._replace(entries=entries, words=words)
        return found if found.is_known else _any_of([found, self._tell(_called(reference))])

    def _tell(self, concept: object) -> Referred:
        known = self._by_concept.get(concept)
        if known is None:
            entries = self.terminology.of_concept(concept, self.aliases)
            entries = self.terminology.uncontradicted(concept, entries)
            words, _ = self.terminology.spelled(concept, self.wordings)
            found = tuple(dict.fromkeys(entries)), tuple(dict.fromkeys(words))
            known = Referred(*found)
            if not known.is_known or words_join_more(self.terminology, concept):
                known = Referred(*found, told(self.terminology, concept), (concept,))
            if isinstance(concept, dict) and "called" not in concept:
                self._by_concept[concept] = known
        return known


def _any_of(each: list[Referred]) -> Referred:
    """What any of several says."""
    return Referred(
        tuple(dict.fromkeys(entry for one in each for entry in one.entries)),
        tuple(dict.fromkeys(entry for one in each for entry in one.words)),
        max((one.told for one in each), default=Certainty.NOT),
        _seen(each),
    )


def _seen(each: list[Referred]) -> tuple[object, ...]:
    return tuple(islice((concept for one in each for concept in one.seen), MOST_PARTS))


def _called(reference: object) -> Json:
    """The name that a reference gives to what it leads to; made here, so looked up anew each time."""
    name = text(reference.get("display")) if isinstance(reference, dict) else None
    return {"text": name, "called": True} if name else {"called": True}


def _concepts_of(target: Json, resolve: Resolve) -> Iterator[object]:
    inner = resolve(target.get("medicationReference"), target)
    found = [
        target.get("code"),
        target.get("medicationCodeableConcept"),
        *read(("item", "productOrService"), target),
        inner.get("code") if inner is not None else None,
    ]
    yield from (one for one in found if one is not None)


def _ingredients(target: Json, holder: Json, resolve: Resolve) -> Iterator[object]:
    """The active substances of a Medication, or of the one that an order refers to."""
    inner = resolve(target.get("medicationReference"), target)
    # what stands inside a resource is contained in the outermost one
    for medication, outer in ((target, holder), (inner, target)):
        found = objects(medication.get("ingredient")) if medication is not None else []
        for one in found[:MOST_PARTS]:
            if one.get("isActive") is not False:
                yield _substance(one, medication, outer, resolve)


def _substance(part: Json, medication: Json | None, outer: Json, resolve: Resolve) -> object:
    concept, item = part.get("itemCodeableConcept"), part.get("itemReference")
    if concept is not None:
        return concept
    target = resolve(item, medication) or resolve(item, outer)
    return target["code"] if target is not None and "code" in target else _called(item)
