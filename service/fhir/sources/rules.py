"""Which values of an element count: the rules of a source, and the coded entries in which values stand."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from service.fhir.elements import codes, codings, names, text
from service.fhir.paths import Steps, read
from service.fhir.sources.denials import LONGEST, Denials
from service.fhir.terminology.phrases import Phrases, occur, phrases, split
from service.fhir.values.quantity import number as number_of
from service.json_object import Json
from service.memo import IdentitySet

Words = AbstractSet[str]


def contradicts(concept: object, good: Words, bad: Words) -> bool:
    """Whether codes and words of a concept say what counts (`good`) and what does not (`bad`) together.

    Of one system a second code that is neither says another thing too, as 'provisional' beside
    'confirmed'; a code of another system may be a translation that nobody knows here.
    """
    coded = [(system, code.lower()) for system, code, _ in codings(concept) if code]
    if len(coded) < 2 and not (good and bad):  # noqa: PLR2004 - one code says one thing
        return False
    by_system: defaultdict[str | None, set[str]] = defaultdict(set)
    for system, code in coded:
        by_system[system].add(code)
    if any(codes & told and codes - told for codes in by_system.values() for told in (good, bad)):
        return True
    said = {name.lower() for name in names(concept)}.union(*by_system.values())
    return bool(said & good and said & bad)


MOST_NAMED = 50  # entries that one part names
Standing = Literal["counts", "never", "unusable"]


@dataclass(frozen=True, slots=True)
class Rule:
    """Which values of a coded element never count, which alone do, which say that it is over."""

    path: Steps
    never: frozenset[str]
    only: frozenset[str]
    missing_counts: bool
    past: frozenset[str] = frozenset()
    among: "Listed | None" = None
    aside: frozenset[str] = frozenset()
    others_ask: bool = False
    denials: Denials | None = None
    unless: "Unless | None" = None
    unsure: frozenset[str] = frozenset()

    def is_unsure(self, resource: Json, element: Json) -> bool:
        """Whether the value says that nobody is sure of it, and no more than that."""
        values = self._values(resource, element)
        if self.denials is not None and self.denials.is_doubtful(_said(values)):
            return True
        return any(status_codes(value) & self.unsure for value in values)

    def is_past(self, resource: Json, element: Json) -> bool:
        """Whether the value says that it was so once, and no words say that it never was."""
        values = self._values(resource, element)
        if self.denials is not None and self.denials.past(said := [*_said(values)]):
            return self.denials.told(said) is None
        return any(status_codes(value) & self.past for value in values)

    def _contradicts(self, concept: Json) -> bool:
        """Whether it says at once what counts and what does not."""
        return contradicts(concept, self.only, self.never | self.past)

    @property
    def head(self) -> str:
        """The field without which it has no values."""
        return self.path[0] if self.among is None else self.among.entries[0]

    def _values(self, resource: Json, element: Json) -> list[Any]:
        among, head = self.among, self.head
        found: list[Any] = []
        for holder in (resource,) if element is resource else (element, resource):
            if head in holder:
                found += self._in(holder) if among is None else among.read(holder)
        return found

    def _in(self, holder: Json) -> list[Any]:
        if self.unless is None:
            return read(self.path, holder)
        entries = read(self.path[:-1], holder)
        kept = [one for one in entries if not self.unless.says_of(one)]
        return read(self.path[-1:], kept)

    def standing(self, resource: Json, element: Json) -> Standing:
        """Whether this rule lets the resource, or the part of it, count as evidence."""
        values = self._values(resource, element)
        if not values:
            return "counts" if self.missing_counts else "unusable"
        if any(isinstance(one, dict) and self._contradicts(one) for one in values):
            return "unusable"
        if (told := self._in_words(values)) is not None:
            return told
        found = {code for value in values for code in status_codes(value)}
        if found & self.never:
            contradicted = self.unless is not None and self._is_paid(resource, element)
            return "unusable" if contradicted else "never"
        if not found:
            return "counts" if self.missing_counts else "unusable"
        return "counts" if not self.only or found & self.only else "unusable"

    def _is_paid(self, resource: Json, element: Json) -> bool:
        """Whether it is said beside a payment of the same part, or of the whole for its only part."""
        if self.unless is None:
            return False
        part = element is not resource and not self._never_in(resource)
        return self.unless.payment.is_made(resource, element if part else resource)

    def _never_in(self, holder: Json) -> bool:
        return any(status_codes(value) & self.never for value in self._in(holder))

    def _in_words(self, values: Iterable[object]) -> Literal["never", "unusable"] | None:
        """What words say against it; one that was so once counts where the history does."""
        if self.denials is None:
            return None
        said = [*_said(values)]
        return self.denials.told(said) or ("unusable" if self.denials.past(said) else None)

    def is_unread(self, resource: Json, element: Json) -> bool:
        """Whether the value is none of those that say something; asked where all are listed."""
        if not self.others_ask or self.standing(resource, element) != "unusable":
            return False
        holders = (resource,) if element is resource else (element, resource)
        said = {
            code
            for one in holders
            for value in read(self.path, one)
            for code in status_codes(value)
        }
        return said.isdisjoint(self.aside)


@dataclass(frozen=True, slots=True)
class Payment:
    """Where a claim says that it was paid: amounts of the whole, its type, and listed amounts of a part."""

    amounts: tuple[Steps, ...]
    type: Rule
    listed: "tuple[Listed, ...]"
    parts: Steps

    def is_made(self, resource: Json, holder: Json) -> bool:
        """Whether money was paid for the part, or for the whole where that is the same."""
        listed = (value for one in self.listed for value in one.read(holder))
        if any((number_of(value) or 0) > 0 for value in listed):
            return True
        if holder is not resource and len(read(self.parts, resource)) > 1:
            return False
        whole = (value for steps in self.amounts for value in read(steps, resource))
        if any((number_of(value) or 0) > 0 for value in whole):
            return True
        return self.type.standing(resource, resource) == "counts"


@dataclass(frozen=True, slots=True)
class Unless:
    """Codes beside a value that make it say nothing, perhaps behind letters of `groups`.

    The `payment` contradicts it.
    """

    at: Steps
    codes: frozenset[str]
    groups: frozenset[str]
    payment: Payment

    def says_of(self, entry: Json) -> bool:
        """Whether all codes beside the value are such ones."""
        said = [code for one in read(self.at, entry) for code in status_codes(one)]
        return bool(said) and all(self._bare(code) in self.codes for code in said)

    def _bare(self, code: str) -> str:
        code = code.lower()
        group = next((one for one in self.groups if code.startswith(one)), "")
        return code[len(group) :].lstrip(" -:") or code


def _said(values: Iterable[object]) -> Iterator[str]:
    """All words and codes of some values."""
    return (one for value in values for one in (*_written(value), *codes(value)))


def _written(value: object) -> list[str]:
    """What a value calls itself; a bare text is its own name."""
    return [value] if isinstance(value, str) else names(value)


def status_codes(value: object) -> set[str]:
    """The codes of a concept, of one without any its text; however their letters are written."""
    if isinstance(value, bool):
        return {str(value).lower()}
    found = codes(value)
    if not found and isinstance(value, dict) and (said := text(value.get("text"))):
        found = {said, "".join(said.split())}
    return found | {code.lower() for code in found}


@dataclass(frozen=True, slots=True)
class Listed:
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
        return self._values(self._found(resource))

    def by_part(self, resource: Json, parts: Sequence[Json]) -> "ByPart":
        """The values as the parts of the resource name their entries."""
        found = self._found(resource)
        if self.order is None or self.named_by is None:
            return ByPart({}, tuple(self._values(found)))
        numbered: dict[int, list[Json]] = {}
        for entry in found:
            for number in _numbers(self.order, entry):
                numbered.setdefault(number, []).append(entry)
        named = {number for part in parts for number in _numbers(self.named_by, part)}
        of_parts = IdentitySet(one for number in named for one in numbered.get(number, ()))
        left = [one for one in found if one not in of_parts]
        values = {number: tuple(self._values(each)) for number, each in numbered.items()}
        return ByPart(values, tuple(self._values(left or found)), self.named_by)

    def _values(self, entries: list[Json]) -> list[object]:
        return [value for entry in entries for value in read(self.value, entry)]

    def _found(self, resource: Json) -> list[Any]:
        return [
            entry
            for entry in read(self.entries, resource)
            if not self.codes.isdisjoint(_bare_codes(self.category, entry))
        ]

    def all(self, resource: Json) -> list[object]:
        """The values of all entries, whatever their category."""
        return read((*self.entries, *self.value), resource)


@dataclass(frozen=True, slots=True)
class ByPart:
    """Values of coded entries by the numbers that parts name them by; `rest` is of those that name none."""

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
    return list(dict.fromkeys(one for one in read(steps, holder) if one.__class__ is int))


def _bare_codes(category: Steps, entry: Json) -> Iterator[object]:
    """The codes of an entry's category, as they are compared."""
    for one in read(category, entry):
        if one.__class__ is dict and one.get("coding").__class__ is list:
            for coding in one["coding"]:
                if coding.__class__ is dict and isinstance(code := coding.get("code"), str):
                    yield code.strip()
        else:
            yield from codes(one)


@dataclass(frozen=True, slots=True)
class Void:
    """Codes, or their last characters, that say that a resource takes an earlier one back."""

    among: Listed
    codes: frozenset[str]
    ends: tuple[str, ...]

    def is_said(self, resource: Json) -> bool:
        """Whether the resource says so."""
        return any(
            code in self.codes or (bool(self.ends) and code.endswith(self.ends))
            for value in self.among.read(resource)
            for code in codes(value)
        )


@dataclass(frozen=True)
class BackWords:
    """Words at some places that say that a resource takes an earlier one back, or one like it."""

    at: tuple[Steps, ...]
    words: tuple[str, ...]

    @cached_property
    def _known(self) -> Phrases:
        return phrases(self.words)

    def is_said(self, resource: Json) -> bool:
        """Whether one of the places says so, in words or as a code that is such a word."""
        values = (value for steps in self.at for value in read(steps, resource))
        said = (name for value in values for name in (*_written(value), *codes(value)))
        return any(occur(split(name[:LONGEST]), self._known) for name in said)
