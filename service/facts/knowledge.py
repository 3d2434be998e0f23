"""What all findings rest on: the documents and their tables, among them the tables of daily doses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from service.facts.fact import Band, Device, Fact, Label
from service.fhir.sources.source import Source
from service.fhir.terminology.names_in_text import Pointing
from service.fhir.values.quantity import Measure, Unit
from service.fhir.values.timing_words import TimingWords
from service.memo import cached_property
from service.policy.truth import Truth


@dataclass(frozen=True, slots=True)
class DoseLine:
    """Where a band begins, in micrograms a day; between `doubtful_above` and there nobody can say."""

    value: float
    above: bool
    doubtful_above: float | None = None

    @property
    def floor(self) -> float:
        """The highest dose that is surely below the band."""
        return self.value if self.doubtful_above is None else self.doubtful_above

    def reached(self, dose: Measure) -> Truth:
        """Whether a dose, exact or an interval, lies in this band or above it."""
        if dose.low > self.value or (dose.low == self.value and not self.above):
            return Truth.MET
        surely_at_floor = self.above or self.doubtful_above is not None
        if dose.high < self.floor or (dose.high == self.floor and surely_at_floor):
            return Truth.NOT_MET
        return Truth.UNKNOWN


@dataclass(frozen=True, slots=True)
class DoseRow:
    """The bands of one ingredient, in some forms of inhaler, at an age in months, half-open."""

    ingredient: str
    forms: tuple[str, ...]
    lines: Mapping[str, DoseLine]
    age_from: int = 0
    age_below: int | None = None

    def fits(self, product: Mapping[str, object], months: int) -> bool:
        """Whether the row is about this product at this age."""
        right_age = self.age_from <= months < (self.age_below or months + 1)
        right_form = not self.forms or product.get("form") in self.forms
        return right_age and right_form and product.get("ingredient") == self.ingredient


@dataclass(frozen=True, slots=True)
class DoseTable:
    """The rows for some value sets, and how many actuations a day an inhaler is used for."""

    rows: tuple[DoseRow, ...] = field(default=())
    fewest: float = 0
    most: float = 0
    two_strips: tuple[str, ...] = ()
    said_with: str | None = None  # stands on the card where the table decides

    def line(
        self, band: str, product: Mapping[str, object], ages: Iterable[int]
    ) -> DoseLine | None:
        """The one line that holds at every age the patient may have; None where there is none."""
        lines = {self._line(band, product, months) for months in ages}
        return lines.pop() if len(lines) == 1 else None

    def _line(self, band: str, product: Mapping[str, object], months: int) -> DoseLine | None:
        rows = (row for row in self.rows if row.fits(product, months))
        return next((row.lines[band] for row in rows if band in row.lines), None)


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
