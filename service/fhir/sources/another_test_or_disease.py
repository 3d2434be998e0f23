"""Whether names, second codes or specimens beside a code say that it is another test or disease."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from service.fhir.elements import Steps, codings, first_object, names, objects, read, same_name
from service.fhir.terminology.drugs import Entries
from service.fhir.terminology.names_in_text import (
    Beginnings,
    PointingWords,
    all_begin,
    joined,
    words_in,
)
from service.json_object import Json

SPECIMEN = "Specimen"


@dataclass(frozen=True, slots=True)
class TakenFrom:
    """The specimens or sites of a test: beginnings of words, and codes with their systems."""

    words: tuple[Beginnings, ...]
    codes: frozenset[tuple[str, str]]

    def is_another(self, concept: object) -> bool:
        """Whether a stated specimen or site is none of these; by name, or by code if it has no name."""
        if all_names := names(concept):
            written = [joined(words_in(name)) for name in all_names]
            return not all(any(all_begin(words, name) for words in self.words) for name in written)
        coded = [(system or "", code) for system, code, _ in codings(concept) if code]
        return bool(self.codes and coded) and self.codes.isdisjoint(coded)


@dataclass(frozen=True)
class TestNames:
    """Names of the value sets of tests, and beginnings of words that mean another test.

    `called` are the sets by name; `unlike` are words of tests, values or specimens that are not in a set;
    `kin` are sets that one fact reads together, such as values before and after a drug or in two
    units: a name or second code of one of these is no other test. `taken` are the specimens of the
    tests of a set, if they are stated.
    """

    called: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unlike: Mapping[str, tuple[Beginnings, ...]] = field(default_factory=dict)
    taken_from: tuple[Steps, ...] = ()
    kin: Mapping[str, frozenset[str]] = field(default_factory=dict)
    taken: Mapping[str, TakenFrom] = field(default_factory=dict)

    def names_another(self, entries: Entries, concepts: Sequence[object], resource: Json) -> bool:
        """Whether codes, names, specimen or site of a result say that it is another test than its code."""
        own = frozenset(entry.value_set for entry in entries) & self.unlike.keys()
        if not own:
            return False
        all_names = [name for concept in concepts for name in names(concept)]
        if any(self._is_another(name, own) for name in all_names):
            return True
        if any(self._is_taken_elsewhere(specimen, own) for specimen in self._specimens(resource)):
            return True
        return any(self._has_another_code(entries, concept) for concept in concepts)

    def _is_another(self, name: str, own: frozenset[str]) -> bool:
        """Whether a name is only that of another test, or contains words of one."""
        sets = self.called.get(same_name(name))
        return self._is_unlike(name, own) if sets is None else self._wide(own).isdisjoint(sets)

    def _wide(self, sets: Iterable[str]) -> set[str]:
        """Some value sets with those that facts read together with them."""
        return {member for set_ in sets for member in (set_, *self.kin.get(set_, ()))}

    def _has_another_code(self, entries: Entries, concept: object) -> bool:
        """Whether the codes are in unrelated value sets, or one of the same system is in none.

        Questions are allowed beside any code; a code of another system may be a translation.
        """
        coded = [(system, code) for system, code, _ in codings(concept) if code]
        if len({*coded}) == 1:
            return False
        sets: defaultdict[str, set[str]] = defaultdict(set)
        for entry in entries:
            if not entry.question and not entry.by_name:
                sets[entry.code].add(entry.value_set)
        asked = {entry.code for entry in entries if entry.question}
        sets_of_codes = [self._wide(sets[code]) for _, code in coded if code in sets]
        if sets_of_codes and not set.intersection(*sets_of_codes):
            return True
        systems = {system for system, code in coded if code in sets}
        return any(
            system in systems and code not in sets and code not in asked for system, code in coded
        )

    def _is_taken_elsewhere(self, concept: object, own: frozenset[str]) -> bool:
        """Whether a specimen or site belongs to another test."""
        if any(self._is_unlike(name, own) for name in names(concept)):
            return True
        taken_from = [self.taken[value_set] for value_set in own if value_set in self.taken]
        return bool(taken_from) and all(taken.is_another(concept) for taken in taken_from)

    def _is_unlike(self, name: str, own: frozenset[str]) -> bool:
        written = joined(words_in(name))
        return any(
            all_begin(beginnings_, written) for set_ in own for beginnings_ in self.unlike[set_]
        )

    def _specimens(self, resource: Json) -> Iterator[object]:
        """The specimens and sites of a result, contained Specimens included."""
        for steps in self.taken_from:
            yield from read(steps, resource) if steps[0] in resource else ()
        for contained in objects(resource.get("contained")):
            if contained.get("resourceType") == SPECIMEN:
                yield contained.get("type")
                yield first_object(contained.get("collection")).get("bodySite")


def test_names(
    names_of: Iterable[tuple[str, Iterable[str]]],
    unlike: Mapping[str, tuple[Beginnings, ...]],
    taken_from: tuple[Steps, ...],
    together: Iterable[Iterable[str]],
    taken: Mapping[str, TakenFrom],
) -> TestNames:
    """The names of all sets turned round."""
    called: defaultdict[str, set[str]] = defaultdict(set)
    for value_set, names_of_set in names_of:
        for name in names_of_set:
            called[same_name(name)].add(value_set)
    kin: defaultdict[str, set[str]] = defaultdict(set)
    for sets in map(frozenset, together):
        for set_name in sets:
            kin[set_name] |= sets
    return TestNames(
        {name: frozenset(sets) for name, sets in called.items()},
        unlike,
        taken_from,
        {name: frozenset(sets) for name, sets in kin.items()},
        taken,
    )


JOINS = frozenset({"with", "and", "w"})


@dataclass(frozen=True)
class DiseaseNames:
    """Names of the value sets of diseases, and what words of other diseases look like.

    `begins` and `ends` are beginnings and ends of words that name some disease: where a name has one,
    and no word of the code's own set, it is another disease. A name without any may be an
    abbreviation or a local wording, and says nothing.
    """

    called: Mapping[str, frozenset[str]]
    near: Mapping[str, PointingWords]
    begins: tuple[Beginnings, ...]
    ends: tuple[str, ...]

    def names_another(self, entries: Entries, concepts: Sequence[object], _: Json) -> bool:
        """Whether a name beside the codes of a disease is that of another disease."""
        own = {entry.value_set for entry in entries}
        mine = self.pointing_at(entries)
        # without pointing words for the code's set its own names cannot be recognized
        if not mine or any(_family(value_set) not in map(_family, self.near) for value_set in own):
            return False
        all_names = {name for concept in concepts for name in names(concept)}
        return any(self._is_another(name, own, mine) for name in all_names)

    def pointing_at(self, entries: Entries) -> list[PointingWords]:
        """The words that point at the diseases of some entries."""
        families = {_family(entry.value_set) for entry in entries}
        return [near for name, near in self.near.items() if _family(name) in families]

    def _is_another(self, name: str, own: set[str], mine: Sequence[PointingWords]) -> bool:
        sets = self.called.get(same_name(name), frozenset())
        if not own.isdisjoint(sets):
            return False
        words = words_in(name)
        if any(near.of(part) for part in _parts(words) for near in mine):
            return False
        written = joined(words)
        if sets or any(near.is_unlike(written) for near in mine):
            return True
        if any(near.of(words) for near in self.near.values()):
            return True
        return any(all_begin(beginnings, written) for beginnings in self.begins) or any(
            word.endswith(self.ends) for word in words
        )


def _parts(words: list[str]) -> Iterator[list[str]]:
    """The words of a name as a whole, and of each part joined by "with" or "and"."""
    yield words
    part: list[str] = []
    for word in words:
        if word in JOINS:
            yield part
            part = []
        else:
            part.append(word)
    yield part


def _family(value_set: str) -> str:
    return value_set.partition(".")[0]


def disease_names(
    names_of: Iterable[tuple[str, Iterable[str]]],
    near: Mapping[str, PointingWords],
    begins: Iterable[Beginnings],
    ends: Iterable[str],
) -> DiseaseNames:
    """The names of all sets turned round."""
    called: dict[str, frozenset[str]] = {}
    for value_set, names_of_set in names_of:
        for name in map(same_name, names_of_set):
            called[name] = called.get(name, frozenset()) | {value_set}
    return DiseaseNames(called, near, tuple(begins), tuple(ends))
