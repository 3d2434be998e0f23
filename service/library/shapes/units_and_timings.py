"""Units, and words for how often something is given, as their documents write them."""

from typing import Literal

from pydantic import Field

from service.fhir.values.timing_words import EVERY, PER, TIMES
from service.library.shapes.written import Shape, Words


class UnitShape(Shape):
    """One unit word of `units.yaml` with factors from UCUM codes and other names."""

    word: str
    codes: dict[str, float] = Field(default_factory=dict)
    texts: dict[str, float] = Field(default_factory=dict)
    plain: bool = False


class UnitsShape(Shape):
    """`units.yaml`."""

    source: str
    units: tuple[UnitShape, ...]


class TimesShape(Shape):
    """So many times in one period."""

    times: float = Field(gt=0)
    period: float = Field(gt=0)
    unit: Literal["h", "d", "wk", "mo", "a"]


class TimingCodeShape(TimesShape):
    """A code for how often something is given."""

    code: str = Field(strict=True, min_length=1)


class TimingNameShape(TimesShape):
    """Words for how often something is given."""

    says: tuple[Words, ...] = Field(min_length=1)


class TimingsShape(Shape):
    """`timings.yaml`: how often something is given, by codes and in words."""

    source: str
    systems: tuple[str, ...] = ()
    codes: tuple[TimingCodeShape, ...] = ()
    names: tuple[TimingNameShape, ...] = ()
    once: tuple[Words, ...] = ()
    numbers: dict[str, float] = Field(default_factory=dict)
    often: dict[str, float] = Field(default_factory=dict)
    units: dict[str, Literal["h", "d", "wk", "mo", "a"]] = Field(default_factory=dict)
    days: dict[str, Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = Field(
        default_factory=dict
    )
    one_dose: tuple[Words, ...] = ()
    leave_out_days: tuple[str, ...] = ()
    every: tuple[Words, ...] = tuple(sorted(EVERY))
    times: tuple[Words, ...] = tuple(sorted(TIMES))
    per: tuple[Words, ...] = tuple(sorted(PER))
    starts: tuple[Words, ...] = ()
    more: tuple[Words, ...] = ()
    not_meant: tuple[Words, ...] = ()
    past: tuple[Words, ...] = ()
    route_words: tuple[Words, ...] = ()
    amounts: dict[Literal["mg", "mL", "devices"], tuple[Words, ...]] = Field(
        default={"mg": ("mg",)}
    )
    before_devices: tuple[Words, ...] = ()
    behind_devices: tuple[Words, ...] = ()
    not_given: tuple[Words, ...] = ()
