"""What cards need besides the assessment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from service.clinical.suggestions import DoseRemark, Fix
from service.facts.authorizations.authorization_in_force import (
    EarlierDecision,
    RunningAuthorization,
)
from service.json_object import Json
from service.policy.finding import Remark


@dataclass(frozen=True, slots=True)
class CardContext:
    """What cards need besides the assessment: names, coverages, suggestions, remarks on the dose.

    `day` is the day asked about, `reference` the order's. `replacing` is a setting of the client.
    """

    day: date
    payer: str
    payer_short: str
    drug: str
    order: str
    several_orders: bool
    brief: bool
    source_names: Mapping[str, str]
    why_short: str | None = None
    elsewhere_says: str | None = None
    repair: "CorrectedOrder | None" = None
    fixes: tuple[Fix, ...] = ()
    dose: tuple[DoseRemark, ...] = ()
    running: RunningAuthorization | None = None
    decision: EarlierDecision | None = None
    perhaps: tuple[str, ...] = ()
    coverages: Sequence["ShownCoverage"] = ()
    reference: str = ""
    replacing: Literal["update", "delete_create"] = "update"
    has_page: bool = False


class ShownCoverage(Protocol):
    """One coverage, the name of its payer, and its role in the answer."""

    @property
    def reference(self) -> str | None:
        """`Type/id` of the resource."""

    @property
    def name(self) -> str | Remark:
        """The payer's name in the chart."""

    @property
    def use(self) -> str:
        """Its role: it decides, comes second, has ended, pays for no drugs."""

    @property
    def named(self) -> bool:
        """Whether the order names it."""


class CorrectedOrder(Protocol):
    """A corrected order and its regimen in words."""

    @property
    def resource(self) -> Json:
        """The whole corrected order."""

    @property
    def regimen(self) -> str | Remark:
        """The corrected regimen in words."""

    @property
    def device(self) -> str | Remark | None:
        """The device, if another one than was ordered; else None."""


def names(context: CardContext) -> dict[str, str]:
    """The names of payer and drug, for every text."""
    return {"payer": context.payer_short, "payer_name": context.payer, "drug": context.drug}
