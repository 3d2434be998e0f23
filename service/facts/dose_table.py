"""A table of daily doses: from which on a dose of an inhaler is low, medium or high, by age."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from service.fhir.values.quantity import Measure
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
