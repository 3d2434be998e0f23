"""Codes to value sets: inverted once at start, asked once per coding."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from service.fhir.elements import codings, names, same_name


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One code or name in one value set; a `question` names the thing but proves nothing."""

    value_set: str
    code: str
    display: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    question: bool = False
    by_name: bool = False


Entries = tuple[Entry, ...]
Aliases = Mapping[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True)
class Terminology:
    """Every code, code prefix and name of all value sets."""

    by_code: Mapping[tuple[str, str], Entries]
    by_prefix: Mapping[tuple[str, str], Entries]
    by_name: Mapping[str, Entries]
    known_systems: frozenset[str]
    ndc_systems: frozenset[str] = frozenset()
    loose_systems: frozenset[str] = frozenset()
    prefix_starts: frozenset[str] = frozenset()
    words: Mapping[str, Entries] = field(default_factory=dict)
    whole_systems: frozenset[str] = frozenset()
    longest_prefix: int = 0
    place_systems: frozenset[str] = frozenset()
    # What plain codes were found to say, kept over requests: the same drugs come again and again.
    looked_up: dict[tuple[object, ...], Any] = field(default_factory=dict, init=False)

    def of_code(self, system: str | None, code: str | None) -> Entries:
        """The value sets that hold this code."""
        if system is None or code is None:
            return ()
        if system in self.ndc_systems:
            return self._of_ndc(system, code)
        found = self.by_code.get((system, code))
        if found is None and self.by_prefix:
            found = self._of_prefix(system, code)
        return found or ()

    def of_bare(self, code: str) -> Entries:
        """What a code without a system may mean, whichever system it is of."""
        found = (self.by_code.get((system, code), ()) for system in sorted(self.known_systems))
        return tuple(dict.fromkeys(entry for entries in found for entry in entries))

    def _of_ndc(self, system: str, code: str) -> Entries:
        """An NDC in any spelling; ten bare digits in the one of three forms that we know."""
        digits = ndc11(code)
        if len(digits) != len("5432154321"):
            return self.by_code.get((system, digits), ())
        padded = (f"0{digits}", f"{digits[:5]}0{digits[5:]}", f"{digits[:9]}0{digits[9:]}")
        found = [entries for one in padded if (entries := self.by_code.get((system, one)))]
        return found[0] if len(found) == 1 else ()

    def _of_prefix(self, system: str, code: str) -> Entries:
        if code[:3] not in self.prefix_starts:
            return ()
        for length in range(min(len(code) - 1, self.longest_prefix), 2, -1):
            if found := self.by_prefix.get((system, code[:length])):
                return found
        return ()

    def quick(self, concept: object) -> Entries | None:
        """What plain codes of known systems say, in one pass; None where more must be looked at."""
        try:
            found: Entries = ()
            for coding in concept["coding"]:  # type: ignore[index]  # any shape may come, see below
                system, code = coding["system"], coding["code"]
                if system not in self.known_systems:
                    return None
                entries = self.by_code.get((system, code))
                if entries is None and (system in self.loose_systems or code != code.strip()):
                    entries = self.of_code(system, code.strip())
                if entries:
                    found += entries
        except (TypeError, KeyError, AttributeError):
            return None
        return found

    def of_codes(self, concept: object, aliases: Aliases) -> Entries:
        """The value sets that hold a concept by its codes alone, or by the client's aliases."""
        found = self.quick(concept)
        if found is not None and (found or not aliases):
            return found
        return tuple(
            entry
            for system, code, _ in codings(concept)
            for one in ((system, code), aliases.get((system or "", code or "")))
            if one is not None
            for entry in self.of_code(*one)
        )

    def of_concept(self, concept: object, aliases: Aliases) -> Entries:
        """The value sets that hold a concept, by code, by the client's alias, else by exact name."""
        found: list[Entry] = []
        standard = False
        for system, code, _ in codings(concept):
            found.extend(self.of_code(system, code))
            standard = standard or system in self.known_systems
            if aliases and (ours := aliases.get((system or "", code or ""))):
                found.extend(self.of_code(*ours))
        if found or standard:
            return tuple(found)
        return self.of_names(concept)

    def spelled(self, concept: object, seen: dict[str, Entries]) -> tuple[Entries, bool]:
        """The drugs that a concept's words name, and whether it says what it is at all.

        Words are a question each, however they are written. A code of a system that our sets hold
        whole says that it is another product, except to the sets that serve to rule a drug out.
        `seen` keeps the wordings of one request: the same few drugs come again and again.
        """
        try:
            systems = {coding["system"] for coding in concept["coding"]}  # type: ignore[index]  # see below
            said = {concept["text"], *[coding["display"] for coding in concept["coding"]]}  # type: ignore[index]
        except (KeyError, TypeError):
            systems = {system or "" for system, code, _ in codings(concept) if code}
            said = set(names(concept))
        found: Entries = ()
        for name in said:
            entries = seen.get(name)
            if entries is None:
                entries = seen[name] = self._of_words(name)
            found += entries
        if found and not self.whole_systems.isdisjoint(systems):
            found = tuple(one for one in found if one.attributes.get("always"))
        return found, bool(said) or not self.telling_systems.isdisjoint(systems)

    def _of_words(self, name: object) -> Entries:
        words = _split(name) if isinstance(name, str) else []
        return tuple(entry for word in words for entry in self.words.get(word, ()))

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

    def is_place(self, concept: object) -> bool:
        """Whether it carries a code of a list that tells places, so that it is at none that we lack."""
        return any(system in self.place_systems for system, code, _ in codings(concept) if code)

    def of_names(self, concept: object) -> Entries:
        """The value sets that hold one of the concept's names exactly."""
        found = (self.by_name.get(same_name(name), ()) for name in names(concept))
        return next((entries for entries in found if entries), ())


NDC_PARTS = 3


_MARKS = str.maketrans(dict.fromkeys("[](){}<>,;:./\\|*+\"'_&%#=", " "))


def _split(name: str) -> list[str]:
    """The words of a name, without the marks around them."""
    return name.lower().translate(_MARKS).split()


def ndc11(code: str) -> str:
    """A National Drug Code as its 11 digits in the 5-4-2 form, from any hyphenated spelling."""
    if code.isdigit():
        return code
    pieces = code.strip().split("-")
    if len(pieces) == NDC_PARTS and all(piece.isdigit() for piece in pieces):
        return pieces[0].zfill(5) + pieces[1].zfill(4) + pieces[2].zfill(2)
    return "".join(pieces)


@dataclass(frozen=True, slots=True)
class Systems:
    """What is known of code systems: their other URIs, which hold NDCs, which our sets hold whole.

    Codes of `padded` may come without their leading zeros; each code of `places` tells a place.
    """

    also: Mapping[str, Iterable[str]]
    ndc: frozenset[str]
    whole: frozenset[str]
    padded: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()


Named = Iterable[tuple[str, Entry]]


def invert(
    entries: Named, prefixes: Named, by_name: Named, words: Named, known: Systems
) -> Terminology:
    """The lookup tables, each code under every URI and spelling its system is known by."""
    codes: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    heads: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    texts: defaultdict[str, list[Entry]] = defaultdict(list)
    for table, given in ((codes, entries), (heads, prefixes)):
        for system, entry in given:
            for uri in (system, *known.also.get(system, ())):
                bare = entry.code.lstrip("0") if uri in known.padded else entry.code
                for spelling in {entry.code, entry.code.replace(".", ""), bare}:
                    table[uri, spelling].append(entry)
    for name, entry in by_name:
        texts[same_name(name)].append(entry)
    by_word: defaultdict[str, list[Entry]] = defaultdict(list)
    for word, entry in words:
        by_word[word].append(entry)
    systems = {uri for uri, _ in codes}
    return Terminology(
        {key: tuple(found) for key, found in codes.items()},
        {key: tuple(found) for key, found in heads.items()},
        {key: tuple(found) for key, found in texts.items()},
        frozenset(systems),
        known.ndc,
        known.ndc | {uri for uri, _ in heads},
        frozenset(head[:3] for _, head in heads),
        {word: tuple(found) for word, found in by_word.items()},
        known.whole,
        max((len(code) for _, code in heads), default=0),
        place_systems=known.places,
    )
