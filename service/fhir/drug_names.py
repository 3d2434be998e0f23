"""Drugs by their names in words: those of our value sets, with their routes, and those of the directory."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from service.fhir.deciding import DrugSet
from service.fhir.drugs import DrugWords
from service.fhir.elements import spellings
from service.fhir.entries import Entries, Entry

_MARKS = str.maketrans(dict.fromkeys("[](){}<>,;:./\\|*+\"'_&%#=", " "))
Phrase = tuple[str, ...]
Phrases = Mapping[str, tuple[Phrase, ...]]
SHORTEST = 5
MOST_KEPT = 20_000


def split(name: str) -> list[str]:
    """The words of a name, without the marks around them."""
    if name.isascii():
        return name.lower().translate(_MARKS).split()
    return [word for one in spellings(name) for word in one.lower().translate(_MARKS).split()]


def phrases(names: Iterable[str]) -> Phrases:
    """Names by their first word, to be found inside longer texts."""
    found: defaultdict[str, set[Phrase]] = defaultdict(set)
    for name in names:
        if words := tuple(split(name)):
            found[words[0]].add(words)
    return {
        first: tuple(sorted(several, key=len, reverse=True)) for first, several in found.items()
    }


def occur(words: list[str], known: Phrases) -> list[Phrase]:
    """The known names among some words."""
    return [
        phrase
        for at, word in enumerate(words)
        for phrase in known.get(word, ())
        if tuple(words[at : at + len(phrase)]) == phrase
    ]


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
        found = self.known.get(text)
        if found is None:
            if len(self.known) > MOST_KEPT:
                self.known.clear()
            found = self.known[text] = self._other(split(text), named)
        return found

    def _other(self, words: list[str], named: Entries) -> bool:
        if not self.words.doubtful_in_texts.isdisjoint(words) or self.doubtful(words):
            return False
        if occur(words, self.ours):
            return bool(named) and not self.by_route(words, named)
        return bool(occur(words, self.others))

    def doubtful(self, words: Iterable[str]) -> bool:
        """Whether a word stands for a class of drugs, or may be a drug that nobody lists."""
        ends = self.words.doubtful_ends
        return any(
            word in self.words.doubtful_classes or (word.endswith(ends) and word not in self.single)
            for word in words
        )

    def by_route(self, words: Iterable[str], named: Entries) -> Entries:
        """Those sets that hold the drug by a route that the words name, or all where they name none."""
        routes = self._routes(frozenset(words))
        return tuple(one for one in named if not routes or self._may_be(one, routes))

    def _routes(self, words: frozenset[str]) -> frozenset[str]:
        if not words.isdisjoint(self.words.said_of_any):
            return frozenset()
        return frozenset(
            route for route, said in self.words.said.items() if not words.isdisjoint(said)
        )

    def _may_be(self, entry: Entry, routes: frozenset[str]) -> bool:
        held = self.sets.get(entry.value_set)
        if held is None or entry.attributes.get("always"):
            return True
        by = held.routes_by(held.about(entry.code.lower()) or "")
        return not by or not routes.isdisjoint(by)
