"""A code for each value set, as a word that says what the code is called."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from service.cases.case_words import CaseWords
from service.errors import UnknownPolicyError
from service.fhir.terminology.terminology import Entry
from service.json_object import Json
from service.library import Library
from service.memo import cached_property


class SetCode(NamedTuple):
    """One code of a value set, and what its document says of the product."""

    word: str
    system: str
    code: str
    attributes: Mapping[str, Any]


class Ranked(NamedTuple):
    """One code of a value set under one address of its system, and how plain both are."""

    rank: tuple[int, ...]
    plainness: tuple[bool, int, str]
    code: str
    system: str
    entry: Entry


class CodesOfSets:
    """Codes by value set, the plainest first; each code that is used becomes a word."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._systems: dict[str, str] = {}
        self._words: dict[tuple[str, str], str] = {}

    @cached_property
    def _by_set(self) -> Mapping[str, list[tuple[str, str, Entry]]]:
        """The codes of each value set that surely mean it."""
        codes: defaultdict[str, dict[tuple[str, str], Ranked]] = defaultdict(dict)
        terminology = self.library.terminology
        for (system, code), entries in terminology.by_code.items():
            if system in terminology.ndc_systems or not code.isascii():
                continue
            plain = len({entry.value_set for entry in entries})
            for entry in entries:
                if not (entry.question or entry.by_name):
                    rank = (int(not entry.attributes.get("ingredient")), plain, len(entry.display))
                    ranked = Ranked(rank, _plainness(system), code, system, entry)
                    known = codes[entry.value_set].setdefault((code, entry.display), ranked)
                    if ranked.plainness < known.plainness:
                        codes[entry.value_set][code, entry.display] = ranked
        return {
            name: [(one.system, one.code, one.entry) for one in sorted(each.values(), key=_order)]
            for name, each in codes.items()
        }

    def all_of(self, value_set: str) -> Iterator[SetCode]:
        """Every code of a value set, the plainest first."""
        for system, code, entry in self._by_set.get(value_set, ()):
            yield SetCode(self._word(system, code, entry), system, code, entry.attributes)

    def of(self, value_set: str) -> SetCode:
        """The plainest code of a value set; an UnknownPolicyError if it has none that is sure."""
        for code in self.all_of(value_set):
            return code
        raise UnknownPolicyError(
            f"the value set '{value_set}' has no code that a patient could have"
        )

    def plain(self, value_set: str, title: str) -> SetCode:
        """The code of a disease that says nothing more than its title, such as a grade or a site."""
        codes = [one for one in self.all_of(value_set) if not one.attributes]
        words = {*title.lower().split()}
        ranked = ((len({*one.word.lower().split()} ^ words), one.word, one) for one in codes)
        return min(ranked, default=(0, "", self.of(value_set)))[2]

    def call(self, word: str, value_set: str) -> None:
        """Gives a code of a value set a word of its own."""
        code = self.of(value_set)
        self._words[code.system, code.code] = word

    def has(self, value_set: str) -> bool:
        """Whether a value set has a code at all."""
        return bool(self._by_set.get(value_set))

    def question(self, value_set: str) -> Json | None:
        """What may be a value set and proves nothing: a code, or a name; None if there is none."""
        return self._questions.get(value_set)

    @cached_property
    def _questions(self) -> Mapping[str, Json]:
        """By value set a code, else a name, that is in this set alone and is a question there."""
        terminology = self.library.terminology
        questions: dict[str, Json] = {}
        for (system, code), entries in sorted(terminology.by_code.items()):
            if system not in terminology.ndc_systems and (name := _only_asked(entries)):
                word = {"word": self._word(system, code, entries[0]), "coded": "yes"}
                questions.setdefault(name, word)
        for written, entries in sorted(terminology.by_name.items()):
            if name := _only_asked(entries):
                questions.setdefault(name, {"word": written, "coded": "no"})
        return questions

    def name_of(self, value_set: str) -> str | None:
        """A name that surely means a value set, for one without codes; None if there is none."""
        named = (
            name
            for name, entries in self.library.terminology.by_name.items()
            if any(entry.value_set == value_set and not entry.question for entry in entries)
        )
        return min(named, default=None)

    def alone_in(self, value_set: str, others: frozenset[str]) -> SetCode | None:
        """A code that is in none of the other sets; None if every code of the set is in one of them."""
        terminology = self.library.terminology
        for code in self.all_of(value_set):
            sets = {entry.value_set for entry in terminology.of_code(code.system, code.code)}
            if not sets & (others - {value_set}):
                return code
        return None

    def _word(self, system: str, code: str, entry: Entry) -> str:
        """The display of a code; with the code beside it if another code is called the same."""
        known = self._words.get((system, code))
        if known is not None:
            return known
        word = entry.display or code
        if word in self._words.values():
            word = f"{word} ({code})"
        self._words[system, code] = word
        return word

    def words(self, usual: Json) -> CaseWords:
        """The words of all codes so far, with the units of the documents."""
        systems = {system: f"s{n}" for n, system in enumerate(sorted({s for s, _ in self._words}))}
        units = self.library.knowledge.units.values()
        return CaseWords(
            systems={short: system for system, short in systems.items()},
            codes={word: f"{systems[s]}|{code}" for (s, code), word in self._words.items()},
            held={},
            payers={},
            units={code: code for unit in units for code in unit.codes},
            usual=usual,
            usual_order={},
            usual_approval={},
        )


def _only_asked(entries: Sequence[Entry]) -> str | None:
    """The one value set that all of these entries are questions of; None if there is none."""
    sets = {entry.value_set for entry in entries}
    return sets.pop() if len(sets) == 1 and all(entry.question for entry in entries) else None


def _order(ranked: Ranked) -> tuple[tuple[int, ...], str, str]:
    return ranked.rank, ranked.system, ranked.code


def _plainness(system: str) -> tuple[bool, int, str]:
    """Of several addresses of one code system the plainest is the one that FHIR uses."""
    return system.startswith("urn:") or not system.startswith("http"), len(system), system
