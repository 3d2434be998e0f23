"""Values inside lists of coded entries, like `supportingInfo` of a claim."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.fhir.elements import Steps, codes, names, read
from service.json_object import Json
from service.memo import IdentitySet

MOST_NAMED = 50  # entries that one part names


def texts_of(value: object) -> list[str]:
    """The names of a value; a bare string is its own name."""
    return [value] if isinstance(value, str) else names(value)


@dataclass(frozen=True, slots=True)
class CodedEntries:
    """A value inside a list of coded entries, like `supportingInfo` of a claim.

    A part of the resource may name its own entries by their `order`.
    """

    entries: Steps
    category: Steps
    codes: frozenset[str]
    value: Steps
    order: Steps | None = None
    named_by: Steps | None = None

    def read(self, resource: Json) -> list[object]:
        """The values of the entries of one of the categories."""
        return self._values(self._entries_of_category(resource))

    def by_part(self, resource: Json, parts: Sequence[Json]) -> "EntriesByPart":
        """The values as the parts of the resource name their entries."""
        entries = self._entries_of_category(resource)
        if self.order is None or self.named_by is None:
            return EntriesByPart({}, tuple(self._values(entries)))
        numbered: dict[int, list[Json]] = {}
        for entry in entries:
            for number in _numbers(self.order, entry):
                numbered.setdefault(number, []).append(entry)
        named = {number for part in parts for number in _numbers(self.named_by, part)}
        of_parts = IdentitySet(entry for number in named for entry in numbered.get(number, ()))
        left = [entry for entry in entries if entry not in of_parts]
        values = {number: tuple(self._values(each)) for number, each in numbered.items()}
        return EntriesByPart(values, tuple(self._values(left or entries)), self.named_by)

    def _values(self, entries: list[Json]) -> list[object]:
        return [value for entry in entries for value in read(self.value, entry)]

    def _entries_of_category(self, resource: Json) -> list[Any]:
        return [
            entry
            for entry in read(self.entries, resource)
            if not self.codes.isdisjoint(_bare_codes(self.category, entry))
        ]

    def all(self, resource: Json) -> list[object]:
        """The values of all entries, whatever their category."""
        return read((*self.entries, *self.value), resource)


@dataclass(frozen=True, slots=True)
class EntriesByPart:
    """Values of coded entries by their number; `rest` are the values for parts that name no entry."""

    numbered: Mapping[int, tuple[object, ...]]
    rest: tuple[object, ...]
    named_by: Steps = ()

    def own(self, part: Json) -> list[object]:
        """The values of the entries that a part names itself."""
        if not (self.numbered and self.named_by):
            return []
        numbers = _numbers(self.named_by, part)[:MOST_NAMED]
        return [value for number in numbers for value in self.numbered.get(number, ())]


def _numbers(steps: Steps, holder: Json) -> list[int]:
    return list(dict.fromkeys(number for number in read(steps, holder) if number.__class__ is int))


def _bare_codes(category: Steps, entry: Json) -> Iterator[object]:
    """The codes of an entry's category."""
    for value in read(category, entry):
        if value.__class__ is dict and value.get("coding").__class__ is list:
            for coding in value["coding"]:
                if coding.__class__ is dict and isinstance(code := coding.get("code"), str):
                    yield code.strip()
        else:
            yield from codes(value)
