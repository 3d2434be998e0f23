"""What all findings rest on: the documents, and what was found out of them once for many requests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from service.facts.dose_table import DoseTable
from service.facts.model import Band, Device, Fact, Label
from service.fhir.sources.source import Source
from service.fhir.terminology.pointing import Pointing
from service.fhir.values.quantity import Unit
from service.fhir.values.timing_words import TimingWords

# A yes, a no, or an answer that says nothing.
Word = Literal["yes", "no", "nothing"]


@dataclass(frozen=True)
class Knowledge:
    """The documents that findings need: facts, sources, units, dose tables, words of timing."""

    facts: Mapping[str, Fact]
    sources: Mapping[str, Source]
    units: Mapping[str, Unit]
    regimens: Mapping[str, tuple[Band, ...]]
    members: Mapping[str, tuple[str, ...]]
    titles: Mapping[str, str]
    dose_tables: Mapping[str, DoseTable] = field(default_factory=dict)
    timings: TimingWords = field(default_factory=TimingWords)
    answers: Mapping[str, Word] = field(default_factory=dict)  # by value set
    words: Mapping[str, Word] = field(default_factory=dict)  # by what is written
    # by what is written, where only a plain yes or no is one
    plain_words: Mapping[str, Word] = field(default_factory=dict)
    pointing: Pointing = field(default_factory=lambda: Pointing({}, {}))
    devices: Mapping[str, tuple[Device, ...]] = field(default_factory=dict)  # by dose table
    labels: Mapping[str, Label] = field(default_factory=dict)  # by drug

    @cached_property
    def by_kind(self) -> Mapping[str, Fact]:
        """One fact of each kind, for operators that name the kind by themselves."""
        return {fact.kind: fact for fact in self.facts.values()}

    def of_kind(self, kind: str) -> Fact:
        """The one fact of a kind that operators name by themselves."""
        return self.by_kind[kind]
