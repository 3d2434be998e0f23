"""Codes to value sets: inverted once at start, asked once per coding."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from service.fhir.elements import codings, names, same_name


@dataclass(frozen=True, slots=True)
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

    def of_code(self, system: str | None, code: str | None) -> Entries:
        """The value sets that hold this code."""
        if system is None or code is None:
            return ()
        if system in self.ndc_systems:
            code = ndc11(code)
        found = self.by_code.get((system, code))
        if found is None and self.by_prefix:
            found = self._of_prefix(system, code)
        return found or ()

    def _of_prefix(self, system: str, code: str) -> Entries:
        if code[:3] not in self.prefix_starts:
            return ()
        for length in range(len(code) - 1, 2, -1):
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
                if entries is None and system in self.loose_systems:
                    entries = self.of_code(system, code)
                if entries:
                    found += entries
        except (TypeError, KeyError, AttributeError):
            return None
        return found

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

    def of_names(self, concept: object) -> Entries:
        """The value sets that hold one of the concept's names exactly."""
        found = (self.by_name.get(same_name(name), ()) for name in names(concept))
        return next((entries for entries in found if entries), ())


NDC_PARTS = 3


def ndc11(code: str) -> str:
    """A National Drug Code as its 11 digits in the 5-4-2 form, from any hyphenated spelling."""
    if code.isdigit():
        return code
    pieces = code.strip().split("-")
    if len(pieces) == NDC_PARTS and all(piece.isdigit() for piece in pieces):
        return pieces[0].zfill(5) + pieces[1].zfill(4) + pieces[2].zfill(2)
    return "".join(pieces)


def invert(
    entries: Iterable[tuple[str, Entry]],
    prefixes: Iterable[tuple[str, Entry]],
    by_name: Iterable[tuple[str, Entry]],
    system_aliases: Mapping[str, Iterable[str]],
    ndc_systems: frozenset[str],
) -> Terminology:
    """The lookup tables, each code under every URI and spelling its system is known by."""
    codes: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    heads: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    texts: defaultdict[str, list[Entry]] = defaultdict(list)
    for table, given in ((codes, entries), (heads, prefixes)):
        for system, entry in given:
            for uri in (system, *system_aliases.get(system, ())):
                for spelling in {entry.code, entry.code.replace(".", "")}:
                    table[uri, spelling].append(entry)
    for name, entry in by_name:
        texts[same_name(name)].append(entry)
    systems = {uri for uri, _ in codes}
    return Terminology(
        {key: tuple(found) for key, found in codes.items()},
        {key: tuple(found) for key, found in heads.items()},
        {key: tuple(found) for key, found in texts.items()},
        frozenset(systems),
        ndc_systems,
        ndc_systems | {uri for uri, _ in heads},
        frozenset(head[:3] for _, head in heads),
    )
