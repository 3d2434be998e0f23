"""Drugs by their names in words: those of our value sets, with their routes, and those of the directory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.fhir.terminology.deciding import DrugSet
from service.fhir.terminology.drugs import DrugWords, Entries, Entry
from service.fhir.terminology.phrases import Phrases, occur, phrases, split
from service.memo import per_document

SHORTEST = 5
MOST_LOOKED_UP = 20_000


@dataclass(frozen=True, eq=False)
class DrugNames:
    """Names of drugs: `ours` of the value sets, `others` of the directory beside them."""

    words: DrugWords
    sets: Mapping[str, DrugSet]
    ours: Phrases
    others: Phrases
    single: frozenset[str] = frozenset()

    @per_document(most=MOST_LOOKED_UP)
    def other(self, text: str, named: Entries) -> bool:
        """Whether a text names another drug and none of ours; `named` is what its words may mean."""
        return self._other(split(text), named)

    def doubtful(self, words: Sequence[str]) -> bool:
        """Whether words name a class of drugs, or may name a biologic that no list holds."""
        return not self.words.doubtful_in_texts.isdisjoint(words) or self.may_be_biologic(words)

    def may_be_biologic(self, words: Sequence[str]) -> bool:
        """Whether a word names a class of drugs of ours, or ends as names of new drugs do."""
        known = self.words
        if not known.doubtful_classes.isdisjoint(words):
            return True
        return any(word.endswith(known.doubtful_ends) and word not in self.single for word in words)

    def _other(self, words: Sequence[str], named: Entries) -> bool:
        if self.doubtful(words):
            return False
        if occur(words, self.ours):
            return bool(named) and not self.by_route(words, named)
        return bool(occur(words, self.others))

    def descriptor(self, words: Sequence[str]) -> bool:
        """Whether a code's descriptor names another drug, or leaves no drug open that may be ours."""
        if occur(words, self.others):
            return True
        known = self.words
        ends = any(occur(words, phrases((end,))) for end in known.unnamed)
        return known.doubtful_classes.isdisjoint(words) and not (
            ends and not known.unnamed_of.isdisjoint(words)
        )

    def by_route(self, words: Sequence[str], named: Entries) -> Entries:
        """Those sets that hold the drug by a route that a product's name says, all where it says none."""
        routes = self._routes(words)
        return tuple(one for one in named if not routes or self._may_be(one, routes))

    def _routes(self, words: Sequence[str]) -> frozenset[str]:
        figures = any(letter.isdigit() for word in words for letter in word)
        if not figures or not self.words.no_name.isdisjoint(words):
            return frozenset()
        return frozenset(
            route for route, said in self.words.said.items() if not said.isdisjoint(words)
        )

    def _may_be(self, entry: Entry, routes: frozenset[str]) -> bool:
        held = self.sets.get(entry.value_set)
        if held is None or entry.attributes.get("always"):
            return True
        by = held.routes_by(held.about(entry.code.lower()) or "")
        return not by or not routes.isdisjoint(by)
