"""Whether the words beside the code of a disease name another one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.fhir.elements import names, same_name
from service.fhir.terminology.drugs import Entries
from service.fhir.terminology.pointing import Beginnings, PointingWords, all_begin, joined, words_in
from service.json_object import Json

JOINS = frozenset({"with", "and", "w"})


@dataclass(frozen=True)
class DiseaseNames:
    """What the value sets of diseases are called and pointed at by, and how the words of others look.

    `begins` and `ends` are beginnings and ends of words that name some disease: where a name has one,
    and no word of the code's own set, it is another disease. A name without any may be an
    abbreviation or a local wording, and says nothing.
    """

    called: Mapping[str, frozenset[str]]
    near: Mapping[str, PointingWords]
    begins: tuple[Beginnings, ...]
    ends: tuple[str, ...]

    def names_another(self, entries: Entries, concepts: Sequence[object], _: Json) -> bool:
        """Whether a name beside the codes of a disease that is pointed at by words is another's."""
        own = {entry.value_set for entry in entries}
        families = {_family(value_set) for value_set in own}
        mine = [near for name, near in self.near.items() if _family(name) in families]
        # where no words point at the code's set, nobody can tell which names are its own
        if not mine or any(_family(value_set) not in map(_family, self.near) for value_set in own):
            return False
        all_names = {name for concept in concepts for name in names(concept)}
        return any(self._is_another(name, own, mine) for name in all_names)

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
    """A name as a whole, and what it joins: one disease with another is both of them."""
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
