"""What the card says besides the assessment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from service.clinical.offer import Authorization, DoseRemark, Fix
from service.json_object import Json
from service.policy.remark import Remark


@dataclass(frozen=True, slots=True)
class Scene:
    """What the card says besides the assessment: names, and whether orders must be told apart."""

    payer: str
    payer_short: str
    drug: str
    order: str
    several_orders: bool
    brief: bool
    source_names: Mapping[str, str]
    why_short: str | None = None
    elsewhere_says: str | None = None
    repair: "Repaired | None" = None
    fixes: tuple[Fix, ...] = ()
    dose: tuple[DoseRemark, ...] = ()
    running: Authorization | None = None
    perhaps: tuple[str, ...] = ()
    coverages: Sequence["Insured"] = ()


class Insured(Protocol):
    """One coverage, what its payer is called, and what it has to do with the answer."""

    @property
    def reference(self) -> str | None:
        """`Type/id` of the resource."""

    @property
    def name(self) -> str | Remark:
        """What its payer is called in the chart."""

    @property
    def use(self) -> str:
        """Whether it decides, comes second, has ended, pays for no drugs."""

    @property
    def named(self) -> bool:
        """Whether the order names it."""


class Repaired(Protocol):
    """A corrected order and its regimen in words."""

    @property
    def resource(self) -> Json:
        """The whole corrected order."""

    @property
    def regimen(self) -> str | Remark:
        """What it says now."""

    @property
    def device(self) -> str | None:
        """The device, where it is another one than was ordered."""


def names(scene: Scene) -> dict[str, str]:
    """What every text may call payer and drug."""
    return {"payer": scene.payer_short, "payer_name": scene.payer, "drug": scene.drug}
