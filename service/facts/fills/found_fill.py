"""One fill: its day and days' supply, the record that it was found in, and why it may be no hand-over."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from service.fhir.hit import Hit
from service.fhir.values.days import DayRange
from service.fhir.values.quantity import Measure
from service.policy.finding import Remark


@dataclass(frozen=True, slots=True)
class Fill:
    """One hand-over of a drug: its day, the days' supply when known, which drug."""

    start: DayRange
    days: int | None
    ingredient: str
    doubtful: bool = False
    interval: int = 0  # the longest labelled days between two doses, where that is long
    product: str = ""
    most_days: int = 0  # the larger days' supply if two records of one hand-over differ
    one_dose: bool = False  # its days' supply counts the day of a dose, not how long the dose lasts

    def at_most(self, unknown_days: int) -> int:
        """The most days that it may last; a days' supply that counts one day a dose is not used."""
        days = None if self.one_dose else self.days
        return max(days or unknown_days, self.interval, self.most_days)


HANDED_OVER = ("dispense", "outside_pharmacy")
NO_HANDOVER = ("record", "chart")


@dataclass(frozen=True, slots=True)
class Found:
    """One fill with the hit it was read from and the kind of evidence it is."""

    hit: Hit
    kind: str
    fill: Fill
    question: bool
    display: str
    value_set: str
    product: Mapping[str, object]
    dose: Measure | None = None  # micrograms a day
    doubt: Remark | None = None  # why it may be no hand-over although its own status counts


def as_doubtful(handover: Found, doubt: Remark) -> Found:
    """The same record, which may be no hand-over for this reason."""
    return replace(handover, fill=replace(handover.fill, doubtful=True), doubt=doubt)
