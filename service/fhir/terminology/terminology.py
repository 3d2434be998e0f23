"""Codes to value sets: inverted once at start, asked once per coding."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from service.fhir.elements import codings, names, same_name
from service.fhir.terminology.drugs import Aliases, Entries, Entry
from service.fhir.terminology.full_lists import MOST_LOOKED_UP, FullLists, agreed
from service.fhir.terminology.ingredients import SetIngredients, set_ingredients
from service.fhir.terminology.names_in_text import Phrase, split, words_of
from service.fhir.terminology.ndc import PACKAGE, PRODUCT, ndc11, readings
from service.fhir.terminology.unlisted_codes import UnlistedCodes
from service.memo import BoundedDict, cached_property, per_value

__all__ = ["Aliases", "Entries", "Entry", "Systems", "Terminology", "build_tables", "ndc11"]

SEVERAL = 2

# Names of drugs by their first word: all words of each, and what it may mean.
Words = Mapping[str, tuple[tuple[Phrase, Entries], ...]]


@dataclass(frozen=True, eq=False)
class Terminology:
    """Every code, code prefix and name of all value sets."""

    by_code: Mapping[tuple[str, str], Entries]
    by_prefix: Mapping[tuple[str, str], Entries]
    by_name: Mapping[str, Entries]
    known_systems: frozenset[str]
    ndc_systems: frozenset[str] = frozenset()
    loose_systems: frozenset[str] = frozenset()
    prefix_starts: frozenset[str] = frozenset()
    words: Words = field(default_factory=dict)
    longest_prefix: int = 0
    lists: FullLists | None = None
    place_systems: frozenset[str] = frozenset()
    unlisted: UnlistedCodes = field(default_factory=UnlistedCodes)
    # What plain codes were found to say in earlier requests: the same drugs come again and again.
    looked_up: BoundedDict[tuple[object, ...], Any] = field(
        default_factory=lambda: BoundedDict(MOST_LOOKED_UP), init=False
    )

    def prepare(self) -> None:
        """Makes what is made once, before workers share it."""
        _ = self.ingredients
        if self.lists is not None:
            _ = self.lists.explained

    def of_code(self, system: str | None, code: str | None) -> Entries:
        """The value sets that hold this code."""
        if system is None or code is None:
            return ()
        if system in self.ndc_systems:
            return self._of_ndc(system, code)
        entries = self.by_code.get((system, code))
        if entries is None and self.by_prefix:
            entries = self._of_prefix(system, code)
        if not entries and self.lists and (words := self.lists.descriptor(system, code)):
            entries = self.lists.of_listed(system, code, self._named(split(words)))
        return entries or ()

    def of_bare(self, code: str) -> Entries:
        """What a code without a system may mean, whichever system it is of."""
        by_system = (self.by_code.get((system, code), ()) for system in sorted(self.known_systems))
        return tuple(dict.fromkeys(entry for entries in by_system for entry in entries))

    def _of_ndc(self, system: str, code: str) -> Entries:
        """An NDC in any spelling: what all that it may mean agree on, else a question."""
        return agreed(self._meant(system, code) or [()])

    def _meant(self, system: str, code: str) -> list[Entries]:
        """What is known of each package or product that a code may mean; nothing of those in no list."""
        meanings: list[Entries] = []
        for digits in readings(code):
            entries = self.by_code.get((system, digits))
            if entries is None:
                entries = self._products.get((system, digits[:PRODUCT]))
            if entries is None and self.lists is not None:
                entries = self.lists.of_drug(digits)
            if entries is not None:
                meanings.append(entries)
        return meanings

    @cached_property
    def _products(self) -> Mapping[tuple[str, str], Entries]:
        """Products by their first nine digits, as all packages of them that the sets list are."""
        packages: defaultdict[tuple[str, str], list[Entries]] = defaultdict(list)
        for (system, code), entries in self.by_code.items():
            if system in self.ndc_systems and len(code) == PACKAGE:
                packages[system, code[:PRODUCT]].append(entries)
        return {product: agreed(several) for product, several in packages.items()}

    def _of_prefix(self, system: str, code: str) -> Entries:
        if code[:3] not in self.prefix_starts:
            return ()
        for length in range(min(len(code) - 1, self.longest_prefix), 2, -1):
            if entries := self.by_prefix.get((system, code[:length])):
                return entries
        return ()

    def quick(self, concept: object) -> Entries | None:
        """What plain codes of known systems say, in one pass; None where more must be looked at."""
        try:
            all_entries: Entries = ()
            for coding in concept["coding"]:  # type: ignore[index]  # any shape may come, see below
                system, code = coding["system"], coding["code"]
                if system not in self.known_systems:
                    return None
                entries = self.by_code.get((system, code))
                if entries is None and (system in self.loose_systems or code != code.strip()):
                    entries = self.of_code(system, code.strip())
                if entries:
                    all_entries += entries
        except (TypeError, KeyError, AttributeError):
            return None
        return all_entries

    def of_codes(self, concept: object, aliases: Aliases) -> Entries:
        """The value sets that hold a concept by its codes alone, or by the client's aliases."""
        entries = self.quick(concept)
        if entries is not None and (entries or not aliases):
            return entries
        return tuple(
            entry
            for system, code, _ in codings(concept)
            for pair in ((system, code), aliases.get((system or "", code or "")))
            if pair is not None
            for entry in self.of_code(*pair)
        )

    def of_concept(self, concept: object, aliases: Aliases) -> Entries:
        """The value sets that hold a concept, by code, by the client's alias, else by exact name."""
        all_entries: list[Entry] = []
        standard = False
        for system, code, _ in codings(concept):
            all_entries.extend(self.of_code(system, code))
            standard = standard or system in self.known_systems
            if aliases and (ours := aliases.get((system or "", code or ""))):
                all_entries.extend(self.of_code(*ours))
        if all_entries or standard:
            return tuple(all_entries)
        return self.of_names(concept)

    def spelled(self, concept: object, seen: dict[str, Entries]) -> tuple[Entries, bool]:
        """The drugs that a concept's words name, and whether it says what it is at all.

        Words are a question each, however they are written, but where they name a route by which a
        set does not hold the drug. `seen` keeps the wordings of one request: the same few come again.
        """
        try:
            systems = {coding["system"] for coding in concept["coding"]}  # type: ignore[index]  # see below
            displays = [coding["display"] for coding in concept["coding"]]  # type: ignore[index]
            all_names = dict.fromkeys([concept["text"], *displays])  # type: ignore[index]
        except (KeyError, TypeError):
            systems = {system or "" for system, code, _ in codings(concept) if code}
            all_names = dict.fromkeys(names(concept))
        all_entries: Entries = ()
        for name in all_names:
            entries = seen.get(name)
            if entries is None:
                entries = seen[name] = self.of_words(name)
            all_entries += entries
        says_what = bool(all_names) or not self.telling_systems.isdisjoint(systems)
        return all_entries, says_what or self._another(concept)

    def _another(self, concept: object) -> bool:
        """Whether a code of it is surely another thing."""
        return any(self.is_other(system, code) for system, code, _ in codings(concept))

    def of_words(self, name: object) -> Entries:
        """What the names of drugs in some words may mean, by the route that the words name."""
        words = words_of(name) if isinstance(name, str) else []
        entries = self._named(words)
        return self.lists.names.by_route(words, entries) if entries and self.lists else entries

    def _named(self, words: list[str]) -> Entries:
        """What the names of drugs among some words may mean, each set once for one name."""
        return tuple(
            entry
            for at, word in enumerate(words)
            for phrase, entries in self.words.get(word, ())
            if len(phrase) == 1 or tuple(words[at : at + len(phrase)]) == phrase
            for entry in entries
        )

    @cached_property
    def ingredients(self) -> SetIngredients:
        """The ingredients of the names in each set."""
        return set_ingredients(self.by_code.values())

    @cached_property
    def telling_systems(self) -> frozenset[str]:
        """Systems whose codes say what a thing is; any NDC may be any drug."""
        return self.known_systems - self.ndc_systems

    def is_coded(self, concept: object) -> bool:
        """Whether it carries a code of a system that we know; any NDC may be any drug."""
        return any(
            system in self.known_systems and system not in self.ndc_systems
            for system, code, _ in codings(concept)
            if code
        )

    def is_other(self, system: str | None, code: str | None) -> bool:
        """Whether a code is surely another thing: it stands in a full list of ours, in no class."""
        if system is None or code is None or self.lists is None or self.of_code(system, code):
            return False
        if system in self.ndc_systems:
            return bool(self._meant(system, code))
        if self.unlisted.gives(system, code):
            return False
        descriptor = self.lists.descriptor(system, code)
        if descriptor is None:
            return False
        words = split(descriptor)
        return self.lists.descriptor_names_other(words, self._named(words))

    def is_other_drug(self, system: str | None, code: str | None) -> bool:
        """Whether a code is surely another drug, and not only another thing."""
        part = self.unlisted.part(system, code)
        is_drug = system in self.ndc_systems or (part is not None and part.drugs)
        return is_drug and self.is_other(system, code)

    def names_other(self, text: str) -> bool:
        """Whether words name a substance that is in no class of ours, and nothing that is in one."""
        if self.lists is None:
            return False
        return self.lists.names.other(text, self._named(split(text)))

    def is_place(self, concept: object) -> bool:
        """Whether it carries a code of a list that tells places, so that it is at none that we lack."""
        return any(system in self.place_systems for system, code, _ in codings(concept) if code)

    def of_names(self, concept: object) -> Entries:
        """The value sets that hold one of the concept's names exactly."""
        by_names = (self.by_name.get(same_name(name), ()) for name in names(concept))
        return next((entries for entries in by_names if entries), ())


class Addresses(Protocol):
    """Under which addresses codes of a system come."""

    def addresses(self, uri: str) -> Sequence[str]:
        """Those of the system."""

    def beside(self, uri: str) -> Sequence[str]:
        """Those of another system of which its codes are codes too."""

    def mistaken(self, uri: str) -> Sequence[str]:
        """Those of systems of which they are none, though some senders write them there."""


@dataclass(frozen=True, slots=True)
class Systems:
    """What is known of code systems: their URIs, and which hold NDCs.

    Codes of `padded` may come without their leading zeros; each code of `places` tells a place.
    """

    known: Addresses
    ndc: frozenset[str]
    padded: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()


NamedEntries = Iterable[tuple[str, Entry]]


def build_tables(
    entries: NamedEntries,
    prefixes: NamedEntries,
    by_name: NamedEntries,
    words: NamedEntries,
    known: Systems,
    lists: FullLists | None = None,
) -> Terminology:
    """The lookup tables, each code under every URI and spelling its system is known by."""
    codes, heads = _by_spelling(entries, known), _by_spelling(prefixes, known)
    texts: defaultdict[str, list[Entry]] = defaultdict(list)
    for name, entry in by_name:
        texts[same_name(name)].append(entry)
    by_word = _by_first_word(words)
    systems = {uri for uri, _ in codes}
    return Terminology(
        {key: tuple(its_entries) for key, its_entries in codes.items()},
        {key: tuple(its_entries) for key, its_entries in heads.items()},
        {key: tuple(its_entries) for key, its_entries in texts.items()},
        frozenset(systems),
        known.ndc,
        known.ndc | {uri for uri, _ in heads} | (lists.systems if lists else frozenset()),
        frozenset(head[:3] for _, head in heads),
        {word: tuple(several) for word, several in by_word.items()},
        max((len(code) for _, code in heads), default=0),
        lists,
        place_systems=known.places,
    )


def _by_spelling(given: NamedEntries, known: Systems) -> Mapping[tuple[str, str], list[Entry]]:
    """Entries by address and code: under each address of the system, with and without dots and zeros."""

    @per_value
    def addresses(system: str) -> list[tuple[str, bool]]:
        own = (*known.known.addresses(system), *known.known.beside(system))
        mistaken = ((uri, True) for uri in known.known.mistaken(system))
        return [*((uri, False) for uri in own), *mistaken]

    table: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for system, entry in given:
        bare = entry.code.lstrip("0") if system in known.padded else entry.code
        spelled = {entry.code, entry.code.replace(".", ""), bare}
        for uri, asks in addresses(system):
            for spelling in spelled:
                table[uri, spelling].append(entry.as_question() if asks else entry)
    return table


def _by_first_word(words: NamedEntries) -> Mapping[str, list[tuple[Phrase, Entries]]]:
    """Names of several words by their first word, with the entries that bear them."""
    by_phrase: defaultdict[Phrase, list[Entry]] = defaultdict(list)
    for name, entry in words:
        by_phrase[tuple(split(name))].append(entry)
    by_word: defaultdict[str, list[tuple[Phrase, Entries]]] = defaultdict(list)
    for phrase, entries in by_phrase.items():
        if phrase:
            by_word[phrase[0]].append((phrase, tuple(entries)))
    return by_word
