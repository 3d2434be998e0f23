"""The rules of a source: which values of an element count as evidence, and which never do."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Literal

from service.fhir.elements import Steps, codes, codings, names, read, text
from service.fhir.sources.coded_entries import CodedEntries, texts_of
from service.fhir.sources.denying_words import Denials
from service.fhir.values.quantity import number as number_of
from service.json_object import Json

Words = AbstractSet[str]


def contradicts(concept: object, good: Words, bad: Words) -> bool:
    """Whether a concept says both what counts (`good`) and what does not (`bad`).

    A second code of the same system that is neither contradicts too, such as 'provisional' beside
    'confirmed'; a code of another system may be a translation that is not known here.
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
    """Which values of a coded element never count, which ones alone count, which say that it is past."""

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
        """Whether the value says only that it is not confirmed."""
        values = self._values(resource, element)
        if self.denials is not None and self.denials.is_doubtful(_words_and_codes(values)):
            return True
        return any(status_codes(value) & self.unsure for value in values)

    def is_past(self, resource: Json, element: Json) -> bool:
        """Whether the value says that it is past, and no words deny it altogether."""
        values = self._values(resource, element)
        if self.denials is not None and self.denials.says_past(
            words := [*_words_and_codes(values)]
        ):
            return self.denials.refusal(words) is None
        return any(status_codes(value) & self.past for value in values)

    def _contradicts(self, concept: Json) -> bool:
        """Whether a concept says both what counts and what does not."""
        return contradicts(concept, self.only, self.never | self.past)

    @property
    def head(self) -> str:
        """The first field of the path; without it there are no values."""
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
        """Whether a payment contradicts the rule: for the same part, or for the whole if it has one part."""
        if self.unless is None:
            return False
        part = element is not resource and not self._never_in(resource)
        return self.unless.payment.is_made(resource, element if part else resource)

    def _never_in(self, holder: Json) -> bool:
        return any(status_codes(value) & self.never for value in self._in(holder))

    def _in_words(self, values: Iterable[object]) -> Literal["never", "unusable"] | None:
        """What the words say against an entry; None if nothing."""
        if self.denials is None:
            return None
        words = [*_words_and_codes(values)]
        return self.denials.refusal(words) or (
            "unusable" if self.denials.says_past(words) else None
        )

    def is_unread(self, resource: Json, element: Json) -> bool:
        """Whether the value is unknown, for rules in which all known values are listed."""
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
    """Where a claim says that it was paid: amounts of the whole, payment type, amounts of each part."""

    amounts: tuple[Steps, ...]
    type: Rule
    listed: "tuple[CodedEntries, ...]"
    parts: Steps

    def is_made(self, resource: Json, holder: Json) -> bool:
        """Whether money was paid for the part, or for the whole if the claim has one part."""
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
    """Codes beside a value because of which it is ignored; they may follow letters of `groups`.

    A `payment` contradicts the value.
    """

    at: Steps
    codes: frozenset[str]
    groups: frozenset[str]
    payment: Payment

    def says_of(self, entry: Json) -> bool:
        """Whether all codes beside the value are among these codes."""
        codes_beside = [code for value in read(self.at, entry) for code in status_codes(value)]
        return bool(codes_beside) and all(self._bare(code) in self.codes for code in codes_beside)

    def _bare(self, code: str) -> str:
        code = code.lower()
        group = max((group for group in self.groups if code.startswith(group)), key=len, default="")
        return code[len(group) :].lstrip(" -:") or code


def _words_and_codes(values: Iterable[object]) -> Iterator[str]:
    """All names and codes of some values."""
    return (word for value in values for word in (*texts_of(value), *codes(value)))


def status_codes(value: object) -> set[str]:
    """The codes of a concept, or its text if it has none, as written and in lower case."""
    if isinstance(value, bool):
        return {str(value).lower()}
    found_codes = codes(value)
    if not found_codes and isinstance(value, dict) and (written := text(value.get("text"))):
        found_codes = {written, "".join(written.split())}
    return found_codes | {code.lower() for code in found_codes}
