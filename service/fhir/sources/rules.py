"""Which values of an element count: the rules of a source, and the coded entries in which values stand."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Literal

from service.fhir.elements import codes, codings, names, text
from service.fhir.paths import Steps, read
from service.fhir.sources.coded_entries import CodedEntries, texts_of
from service.fhir.sources.denials import Denials
from service.fhir.values.quantity import number as number_of
from service.json_object import Json

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
    if any(codes & kind and codes - kind for codes in by_system.values() for kind in (good, bad)):
        return True
    words = {name.lower() for name in names(concept)}.union(*by_system.values())
    return bool(words & good and words & bad)


Standing = Literal["counts", "never", "unusable"]


@dataclass(frozen=True, slots=True)
class Rule:
    """Which values of a coded element never count, which alone do, which say that it is over."""

    path: Steps
    never: frozenset[str]
    only: frozenset[str]
    missing_counts: bool
    past: frozenset[str] = frozenset()
    among: "CodedEntries | None" = None
    aside: frozenset[str] = frozenset()
    others_ask: bool = False
    denials: Denials | None = None
    unless: "Unless | None" = None
    unsure: frozenset[str] = frozenset()

    def is_unsure(self, resource: Json, element: Json) -> bool:
        """Whether the value says that nobody is sure of it, and no more than that."""
        values = self._values(resource, element)
        if self.denials is not None and self.denials.is_doubtful(_words_and_codes(values)):
            return True
        return any(status_codes(value) & self.unsure for value in values)

    def is_past(self, resource: Json, element: Json) -> bool:
        """Whether the value says that it was so once, and no words say that it never was."""
        values = self._values(resource, element)
        if self.denials is not None and self.denials.says_past(
            words := [*_words_and_codes(values)]
        ):
            return self.denials.refusal(words) is None
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
        values: list[Any] = []
        for holder in (resource,) if element is resource else (element, resource):
            if head in holder:
                values += self._in(holder) if among is None else among.read(holder)
        return values

    def _in(self, holder: Json) -> list[Any]:
        if self.unless is None:
            return read(self.path, holder)
        entries = read(self.path[:-1], holder)
        kept = [entry for entry in entries if not self.unless.says_of(entry)]
        return read(self.path[-1:], kept)

    def standing(self, resource: Json, element: Json) -> Standing:
        """Whether this rule lets the resource, or the part of it, count as evidence."""
        values = self._values(resource, element)
        if not values:
            return "counts" if self.missing_counts else "unusable"
        if any(isinstance(value, dict) and self._contradicts(value) for value in values):
            return "unusable"
        if (by_words := self._in_words(values)) is not None:
            return by_words
        found_codes = {code for value in values for code in status_codes(value)}
        if found_codes & self.never:
            contradicted = self.unless is not None and self._is_paid(resource, element)
            return "unusable" if contradicted else "never"
        if not found_codes:
            return "counts" if self.missing_counts else "unusable"
        return "counts" if not self.only or found_codes & self.only else "unusable"

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
        words = [*_words_and_codes(values)]
        return self.denials.refusal(words) or (
            "unusable" if self.denials.says_past(words) else None
        )

    def is_unread(self, resource: Json, element: Json) -> bool:
        """Whether the value is none of those that say something; asked where all are listed."""
        if not self.others_ask or self.standing(resource, element) != "unusable":
            return False
        holders = (resource,) if element is resource else (element, resource)
        values_said = {
            code
            for holder in holders
            for value in read(self.path, holder)
            for code in status_codes(value)
        }
        return values_said.isdisjoint(self.aside)


@dataclass(frozen=True, slots=True)
class Payment:
    """Where a claim says that it was paid: amounts of the whole, its type, and listed amounts of a part."""

    amounts: tuple[Steps, ...]
    type: Rule
    listed: "tuple[CodedEntries, ...]"
    parts: Steps

    def is_made(self, resource: Json, holder: Json) -> bool:
        """Whether money was paid for the part, or for the whole where that is the same."""
        listed = (value for listed_ in self.listed for value in listed_.read(holder))
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
        codes_beside = [code for value in read(self.at, entry) for code in status_codes(value)]
        return bool(codes_beside) and all(self._bare(code) in self.codes for code in codes_beside)

    def _bare(self, code: str) -> str:
        code = code.lower()
        group = next((group for group in self.groups if code.startswith(group)), "")
        return code[len(group) :].lstrip(" -:") or code


def _words_and_codes(values: Iterable[object]) -> Iterator[str]:
    """All words and codes of some values."""
    return (word for value in values for word in (*texts_of(value), *codes(value)))


def status_codes(value: object) -> set[str]:
    """The codes of a concept, of one without any its text; however their letters are written."""
    if isinstance(value, bool):
        return {str(value).lower()}
    found_codes = codes(value)
    if not found_codes and isinstance(value, dict) and (written := text(value.get("text"))):
        found_codes = {written, "".join(written.split())}
    return found_codes | {code.lower() for code in found_codes}
