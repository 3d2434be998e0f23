"""Where a resource says that it takes another one back, replaces it or is replaced by it."""

from dataclasses import dataclass

from service.fhir.elements import Steps, codes, read
from service.fhir.sources.coded_entries import CodedEntries, texts_of
from service.fhir.sources.denying_words import LONGEST
from service.fhir.terminology.names_in_text import Phrases, occur, phrases, split
from service.json_object import Json
from service.memo import cached_property


@dataclass(frozen=True, slots=True)
class ReversalCodes:
    """Codes, or endings of codes, that say that a resource reverses an earlier one."""

    among: CodedEntries
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
class MarkingWords:
    """Words at some paths that mark a resource as a reversal, or as perhaps not handed over.

    Words too short to be looked for in a text count as the whole of a value.
    """

    at: tuple[Steps, ...]
    words: tuple[str, ...]

    @cached_property
    def _known(self) -> Phrases:
        return phrases(self.words)

    def is_said(self, resource: Json) -> bool:
        """Whether a value at one of the paths contains such a word, as text or as code."""
        values = (value for steps in self.at for value in read(steps, resource))
        names_ = (name for value in values for name in (*texts_of(value), *codes(value)))
        return any(
            name.lower() in self.words or occur(split(name[:LONGEST]), self._known)
            for name in names_
        )


@dataclass(frozen=True, slots=True)
class RelatedClaims:
    """Where a resource names the one that it replaces (`older`), or that replaces it (`newer`).

    `beside` are relationships that change nothing; an unknown one leaves open which of the two is valid.
    `names` are further references by which a resource is known.
    """

    each: Steps
    relationship: Steps
    to: tuple[Steps, ...]
    names: tuple[Steps, ...]
    older: frozenset[str]
    newer: frozenset[str]
    beside: frozenset[str]
