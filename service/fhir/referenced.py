"""What a resource refers to or consists of, as value set entries."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from service.fhir.elements import names, objects, read, text
from service.fhir.other_drugs import uncontradicted, unless_named
from service.fhir.sources.source import Source
from service.fhir.terminology.drugs import Entry
from service.fhir.terminology.terminology import Aliases, Entries, Terminology
from service.fhir.terminology.unlisted_codes import Certainty
from service.fhir.unknown_drugs import certainty_of, words_join_more
from service.json_object import Json
from service.memo import IdentityMap, identity

Resolve = Callable[[object, Json | None], Json | None]
MOST_PARTS = 50


class Referenced(NamedTuple):
    """Entries by code and by words, how certainly it is something else, and the concepts looked at."""

    entries: Entries = ()
    words: Entries = ()
    certainty: Certainty = Certainty.NOT
    seen: tuple[object, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether it is known what it is, at least as a question."""
        named = any(
            not entry.attributes.get("unspecific") for entry in (*self.entries, *self.words)
        )
        return named or self.certainty is Certainty.SURELY


@dataclass(slots=True)
class ReferencedThings:
    """Looks up each referenced resource once; the lookups live as long as the record."""

    terminology: Terminology
    aliases: Aliases
    wordings: dict[str, Entries]
    _by_resource: dict[tuple[int, object], Referenced] = field(default_factory=dict)
    _by_concept: IdentityMap[object, Referenced] = field(default_factory=IdentityMap)

    def by(self, source: Source, resource: Json, resolve: Resolve) -> Referenced:
        """What a resource refers to; the same for all its parts."""
        key = identity(resource), source.references
        known = self._by_resource.get(key)
        if known is None:
            each = [
                self._thing(reference, resource, resolve)
                for steps in source.references
                if steps[0] in resource
                for reference in read(steps, resource)
            ]
            known = self._by_resource[key] = _joined(each)
        return known

    def known(self, source: Source, resource: Json) -> Referenced:
        """What was already found for a resource's references; empty if nothing was."""
        return self._by_resource.get((identity(resource), source.references), Referenced())

    def parts(self, concepts: Iterable[object]) -> Referenced:
        """What something is by its components; if there are several, each is a question."""
        each = [self._tell(concept) for concept in concepts]
        entries = [entry for part in each for entry in part.entries]
        words = tuple(dict.fromkeys(entry for part in each for entry in part.words))
        if len(each) > 1:
            entries = [entry.as_question() for entry in entries]
        surely = min((part.certainty for part in each), default=Certainty.NOT)
        return Referenced(tuple(dict.fromkeys(entries)), words, surely, _seen(each))

    def _thing(self, reference: object, holder: Json, resolve: Resolve) -> Referenced:
        """One referenced resource; if it was not sent, by the reference's display."""
        target = resolve(reference, holder)
        if target is None:
            return self._tell(_displayed_name(reference))
        referred = _joined([self._tell(concept) for concept in _concepts_of(target, resolve)])
        if not referred.is_known:
            made_of = self.parts(_ingredients(target, holder, resolve))
            referred = made_of if made_of.is_known else _joined([referred, made_of])
        elif not referred.entries and not referred.words:
            # its code is another drug, its ingredient one of ours: one of the two is wrong
            made_of = self.parts(_ingredients(target, holder, resolve))
            entries, words = (
                tuple(map(Entry.as_question, question_entries)) for question_entries in made_of[:2]
            )
            referred = referred._replace(entries=entries, words=words)
        if not referred.is_known:
            return _joined([referred, self._tell(_displayed_name(reference))])
        # what came is another drug than the name beside the reference: one of the two is wrong
        called = names(_displayed_name(reference))
        return referred._replace(entries=unless_named(self.terminology, called, referred.entries))

    def _tell(self, concept: object) -> Referenced:
        known = self._by_concept.get(concept)
        if known is None:
            entries = self.terminology.of_concept(concept, self.aliases)
            entries = uncontradicted(self.terminology, concept, entries)
            words, _ = self.terminology.spelled(concept, self.wordings)
            by_code_and_words = tuple(dict.fromkeys(entries)), tuple(dict.fromkeys(words))
            known = Referenced(*by_code_and_words)
            if not known.is_known or words_join_more(self.terminology, concept):
                known = Referenced(
                    *by_code_and_words, certainty_of(self.terminology, concept), (concept,)
                )
            if isinstance(concept, dict) and "called" not in concept:
                self._by_concept[concept] = known
        return known


def _joined(each: list[Referenced]) -> Referenced:
    """The union of several results."""
    return Referenced(
        tuple(dict.fromkeys(entry for part in each for entry in part.entries)),
        tuple(dict.fromkeys(entry for part in each for entry in part.words)),
        max((part.certainty for part in each), default=Certainty.NOT),
        _seen(each),
    )


def _seen(each: list[Referenced]) -> tuple[object, ...]:
    return tuple(islice((concept for part in each for concept in part.seen), MOST_PARTS))


def _displayed_name(reference: object) -> Json:
    """The display of a reference as a concept; it is a new object each time, so it is not cached."""
    name = text(reference.get("display")) if isinstance(reference, dict) else None
    return {"text": name, "called": True} if name else {"called": True}


def _concepts_of(target: Json, resolve: Resolve) -> Iterator[object]:
    inner = resolve(target.get("medicationReference"), target)
    concepts = [
        target.get("code"),
        target.get("medicationCodeableConcept"),
        *read(("item", "productOrService"), target),
        *read(("item", "detail", "productOrService"), target),
        *read(("item", "detail", "subDetail", "productOrService"), target),
        inner.get("code") if inner is not None else None,
    ]
    yield from (concept for concept in concepts if concept is not None)


def _ingredients(target: Json, holder: Json, resolve: Resolve) -> Iterator[object]:
    """The active ingredients of a Medication, or of the one that an order refers to."""
    inner = resolve(target.get("medicationReference"), target)
    # contained resources are in the outermost resource
    for medication, outer in ((target, holder), (inner, target)):
        ingredients = objects(medication.get("ingredient")) if medication is not None else []
        for ingredient in ingredients[:MOST_PARTS]:
            if ingredient.get("isActive") is not False:
                yield _substance(ingredient, medication, outer, resolve)


def _substance(part: Json, medication: Json | None, outer: Json, resolve: Resolve) -> object:
    concept, item = part.get("itemCodeableConcept"), part.get("itemReference")
    if concept is not None:
        return concept
    target = resolve(item, medication) or resolve(item, outer)
    return target["code"] if target is not None and "code" in target else _displayed_name(item)
