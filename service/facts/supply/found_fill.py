"""One fill as it was found: with its record, and why it may be no hand-over."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from service.facts.supply.timeline import Fill
from service.fhir.hit import Hit
from service.fhir.values.quantity import Measure
from service.policy.remark import Remark

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
