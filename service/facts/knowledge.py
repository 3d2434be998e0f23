"""What all findings rest on: the documents, and what was found out of them once for many requests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple

from service.facts.dose_table import DoseTable
from service.facts.footprint import Sets, footprint
from service.facts.model import Band, Device, Fact, Looked
from service.fhir.sources.source import Source
from service.fhir.terminology.pointing import Pointing
from service.fhir.values.quantity import Unit
from service.fhir.values.timing_words import TimingWords
from service.policy.criterion import Criterion
from service.policy.finding import Finding
from service.policy.judge import Kept
from service.policy.operators import Operator
from service.policy.truth import Reason


@dataclass(frozen=True, slots=True)
class Silences:
    """What nothing found means, once for all who hold the same and whose keys came alike."""

    reasons: dict[tuple[tuple[Looked, ...], int], Reason | None] = field(default_factory=dict)
    findings: dict[int, tuple[Operator, Finding]] = field(default_factory=dict)
    judged: Kept = field(default_factory=dict)


class Plan(NamedTuple):
    """How one question is answered, found out once: kept with the operator, so that its id stays its own.

    In a bare case with nothing in `rests_on` the answer is the same for all who hold the same.
    """

    operator: Operator
    rests_on: frozenset[str] | None
    answer: Callable[[Any, Any], Finding]


# A yes, a no, or an answer that says nothing.
Word = Literal["yes", "no", "nothing"]
# A criterion with the value sets whose emptiness alone decides it, if there are such.
Footprint = tuple[Criterion, Sets | None]


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
    pointing: Pointing = field(default_factory=lambda: Pointing({}, {}))
    devices: Mapping[str, tuple[Device, ...]] = field(default_factory=dict)  # by dose table
    silences: dict[object, Silences] = field(default_factory=dict, init=False)
    plans: dict[int, Plan] = field(default_factory=dict, init=False)
    footprints: dict[int, Footprint] = field(default_factory=dict, init=False)

    @cached_property
    def by_kind(self) -> Mapping[str, Fact]:
        """One fact of each kind, for operators that name the kind by themselves."""
        return {fact.kind: fact for fact in self.facts.values()}

    def footprint(self, criterion: Criterion) -> Footprint:
        """A criterion, kept so that its id stays its own, with what it rests on."""
        found = self.footprints[id(criterion)] = criterion, footprint(self.facts, criterion)
        return found

    def of_kind(self, kind: str) -> Fact:
        """The one fact of a kind that operators name by themselves."""
        return self.by_kind[kind]
