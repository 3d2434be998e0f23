"""Whether an order starts the drug, starts it again after a break, or goes on with it."""

from enum import Enum
from typing import NamedTuple

from service.clinical.model import Course
from service.facts.case import Case
from service.facts.supply.handovers import PHARMACY, fills_of
from service.facts.supply.on_drug import exposure
from service.facts.supply.timeline import placed, sure
from service.fhir.values.days import LAST
from service.policy.truth import MET, NOT_MET


class Begins(Enum):
    """What the order does; `UNKNOWN` if the record does not show it."""

    START = "start"
    RESTART = "restart"
    CONTINUES = "continues"
    UNKNOWN = "unknown"


class Beginning(NamedTuple):
    """What the order does; `until` is the last supplied day before a restart, None if it is not known."""

    begins: Begins
    until: int | None = None

    @property
    def is_start(self) -> bool:
        """Whether the order starts the drug, for the first time or again."""
        return self.begins in (Begins.START, Begins.RESTART)


def beginning(case: Case, course: Course | None) -> Beginning:
    """What the order does, from the supply on record and not its effect (docs/reference/therapies.md)."""
    if course is None:
        return Beginning(Begins.UNKNOWN)
    drug_exposure = exposure(case, course)
    if drug_exposure.begun is NOT_MET:
        return Beginning(Begins.START)
    if drug_exposure.begun is not MET:
        return Beginning(Begins.UNKNOWN)
    if drug_exposure.on is NOT_MET:
        return Beginning(Begins.RESTART, _last_day(case))
    # A supply that is first recorded today may be the one that this order asks for.
    return Beginning(
        Begins.CONTINUES if drug_exposure.on is MET and _before_today(case) else Begins.UNKNOWN
    )


def _before_today(case: Case) -> bool:
    handovers = (handover for _, handover in fills_of(case, (case.drug,)) if not handover.question)
    return any(handover.fill.start.first < case.today for handover in handovers)


def _last_day(case: Case) -> int | None:
    """The last day before today that was surely supplied; None if there is none."""
    handovers = (handover for _, handover in fills_of(case, (case.drug,)) if not handover.question)
    fills = [handover.fill for handover in handovers if handover.kind in PHARMACY]
    runs = sure(placed(fills, 1), LAST).joined(0)
    days = [last for _, last in runs if last < case.today]
    return max(days, default=None)
