"""Whether what stands beside a code of a test names another one: its words, a second code, the specimen."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from service.fhir.elements import codings, first_object, names, objects, same_name
from service.fhir.paths import Steps, read
from service.fhir.terminology.drugs import Entries
from service.fhir.terminology.pointing import Beginnings, all_begin, joined, words_in
from service.json_object import Json

SPECIMEN = "Specimen"


@dataclass(frozen=True, slots=True)
class TakenFrom:
    """How the words begin, and which codes of which systems there are, for what a test is taken from."""

    words: tuple[Beginnings, ...]
    codes: frozenset[tuple[str, str]]

    def is_another(self, concept: object) -> bool:
        """Whether a specimen or a site is stated that is none of these; what has no name by its code."""
        if all_names := names(concept):
            written = [joined(words_in(name)) for name in all_names]
            return not all(any(all_begin(words, name) for words in self.words) for name in written)
        coded = [(system or "", code) for system, code, _ in codings(concept) if code]
        return bool(self.codes and coded) and self.codes.isdisjoint(coded)


@dataclass(frozen=True)
class TestNames:
    """What the value sets of tests are called, and how the words begin that mean another test.

    `called` are all names of each set; `unlike` those of a test or a specimen that is none of a set;
    `kin` are the sets of which a fact reads several, as values before and after a drug or in two
    units: a name or a second code of one of these says more, and nothing else. What a test of a set is
    taken from is told by `taken`, where it is told at all.
    """

    called: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unlike: Mapping[str, tuple[Beginnings, ...]] = field(default_factory=dict)
    taken_from: tuple[Steps, ...] = ()
    kin: Mapping[str, frozenset[str]] = field(default_factory=dict)
    taken: Mapping[str, TakenFrom] = field(default_factory=dict)

    def names_another(self, entries: Entries, concepts: Sequence[object], resource: Json) -> bool:
        """Whether codes, names, specimen or site of a result say that it is another than its code."""
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
        """Whether a name is that of another test alone, or has words of one."""
        sets = self.called.get(same_name(name))
        return self._is_unlike(name, own) if sets is None else self._wide(own).isdisjoint(sets)

    def _wide(self, sets: Iterable[str]) -> set[str]:
        """Some sets with their kin."""
        return {member for set_ in sets for member in (set_, *self.kin.get(set_, ()))}

    def _has_another_code(self, entries: Entries, concept: object) -> bool:
        """Whether its codes are in different sets, or one of the same system is in none.

        What may mean several things stands beside any; a code of another system may be a translation.
        """
        coded = [(system, code) for system, code, _ in codings(concept) if code]
        if len({*coded}) == 1:
            return False
        sets: defaultdict[str, set[str]] = defaultdict(set)
        for entry in entries:
            if not entry.question and not entry.by_name:
                sets[entry.code].add(entry.value_set)
        asked = {entry.code for entry in entries if entry.question}
        known = [self._wide(sets[code]) for _, code in coded if code in sets]
        if known and not set.intersection(*known):
            return True
        systems = {system for system, code in coded if code in sets}
        return any(
            system in systems and code not in sets and code not in asked for system, code in coded
        )

    def _is_taken_elsewhere(self, concept: object, own: frozenset[str]) -> bool:
        """Whether a specimen or a site has words of another one, or is none that they are taken from."""
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
        """What it was taken from, also a specimen that the result contains."""
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
