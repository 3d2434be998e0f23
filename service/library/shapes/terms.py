"""Value sets, code systems and units as their documents write them."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from service.library.shapes.written import Shape, Texts, Words


class CodeLine(BaseModel):
    """One code of a value set with what is known of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: str = Field(strict=True, min_length=1)
    display: str
    ingredient: str | None = None
    form: str | None = None
    route: str | None = None
    potency: str | None = None
    inferred: bool | None = None
    dose_mg: float | None = None
    volume_ml: float | None = None
    device: str | None = None
    ug_per_actuation: float | None = Field(default=None, gt=0)
    actuations: int | None = Field(default=None, gt=0)
    class_: str | None = Field(default=None, alias="class")
    reason: str | None = None
    specialty: str | None = None
    severity: str | None = None
    match: Literal["prefix"] | None = None
    why: str | None = None
    unspecific: bool | None = None


class IntervalShape(Shape):
    """The longest labelled time between two doses of a drug that is given rarely."""

    days: int = Field(gt=0)
    source: Words


class ValueSetShape(Shape):
    """`value_sets/<name>.yaml`."""

    value_set: str
    kind: Literal[
        "therapy_class",
        "drug",
        "condition",
        "observation",
        "encounter",
        "procedure",
        "site",
        "severity",
        "specialty",
        "reason",
        "status",
        "answer_yes",
        "answer_no",
        "answer_nothing",
        "coverage",
    ]
    says: Words
    source: dict[str, Any]
    members: tuple[str, ...] = ()
    intervals: dict[str, IntervalShape] = Field(default_factory=dict)
    codes: dict[str, tuple[CodeLine, ...]] = Field(default_factory=dict)
    questions: dict[str, tuple[CodeLine, ...]] = Field(default_factory=dict)
    texts: tuple[Words, ...] = ()
    names: Literal["without_code", "always"] = "without_code"
    any_strength: bool = False
    near: Texts = ()
    unlike: Texts = ()
    broader: Texts = ()
    left_out: tuple[dict[str, str], ...] = ()


def _pattern(written: str) -> str:
    try:
        re.compile(written)
    except re.error as error:
        raise ValueError(f"not a pattern that can be read: {error}") from error
    return written


class ClosedShape(Shape):
    """Of which kind our sets hold every code, how its codes look, and as of which day."""

    kind: Literal["condition"]
    shape: Annotated[str, AfterValidator(_pattern)]
    no_disease: Texts = ()
    as_of: date


class CodeSystemShape(Shape):
    """One code system of `code_systems.yaml`: the other URIs it is sent under."""

    uri: str
    also: tuple[str, ...] = ()
    spelling: Literal["ndc", "leading_zero"] | None = None
    places: bool = False
    closed: ClosedShape | None = None


class CodeSystemsShape(Shape):
    """`code_systems.yaml`."""

    code_systems: tuple[CodeSystemShape, ...]


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
