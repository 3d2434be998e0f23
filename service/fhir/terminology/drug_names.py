"""Drugs by their names in words: those of our value sets, with their routes, and those of the directory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from service.fhir.terminology.deciding import DrugSet
from service.fhir.terminology.drugs import DrugWords, Entries, Entry
from service.fhir.terminology.phrases import Phrases, occur, phrases, split

SHORTEST = 5
MOST_KEPT = 20_000


@dataclass(frozen=True)
class DrugNames:
    """Names of drugs: `ours` of the value sets, `others` of the directory beside them."""

    words: DrugWords
    sets: Mapping[str, DrugSet]
    ours: Phrases
    others: Phrases
    single: frozenset[str] = frozenset()
    known: dict[str, bool] = field(default_factory=dict, init=False)

    def other(self, text: str, named: Entries) -> bool:
        """Whether a text names another drug and none of ours; `named` is what its words may mean."""
        is_other = self.known.get(text)
        if is_other is None:
            if len(self.known) > MOST_KEPT:
                self.known.clear()
            is_other = self.known[text] = self._other(split(text), named)
        return is_other

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
        return tuple(entry for entry in named if not routes or self._may_be(entry, routes))

    def _routes(self, words: Sequence[str]) -> frozenset[str]:
        figures = any(letter.isdigit() for word in words for letter in word)
        if not figures or not self.words.no_name.isdisjoint(words):
            return frozenset()
        return frozenset(
            route
            for route, route_words in self.words.said.items()
            if not route_words.isdisjoint(words)
        )

    def _may_be(self, entry: Entry, routes: frozenset[str]) -> bool:
        held = self.sets.get(entry.value_set)
        if held is None or entry.attributes.get("always"):
            return True
        by = held.routes_by(held.about(entry.code.lower()) or "")
        return not by or not routes.isdisjoint(by)
