"""Tables of labelled doses and of daily doses as their documents write them."""

from typing import Any, Literal

from pydantic import Field

from service.library.shapes.written import Shape, SpanText, Texts, Words


class BoundShape(Shape):
    """A half-open band of ages or weights."""

    from_: str | None = Field(default=None, alias="from")
    below: str | None = None


class LabelledWithShape(Shape):
    """A disease on record with which the row is the labelled one, from an age on."""

    recorded: str
    says: Words
    from_: str | None = Field(default=None, alias="from")


class BandShape(Shape):
    """One row of a labelled dose table."""

    id: str
    indication: str
    age: BoundShape = BoundShape()
    weight: BoundShape = BoundShape()
    loading_mg: float | None = None
    dose_mg: float | None = None
    interval_days: float | None = None
    unit_mg: float | None = None
    units_per_28_days: float = 0.0
    units_first_28_days: float = 0.0
    confidence: Literal["seen", "derived", "general", "not_found"] | None = None
    cite: Texts = ()
    note: str | None = None
    only_with: Words | None = None
    labelled_with: tuple[LabelledWithShape, ...] = ()
    notice: Words | None = None
    table: Literal["missing"] | None = None


class DeviceShape(Shape):
    """One product: its device, and the age from which the label allows it."""

    dose_mg: float = Field(gt=0)
    volume_ml: float | None = Field(default=None, gt=0)
    device: Words
    single_dose: bool = False
    from_age: Words
    confidence: Literal["seen", "derived", "general", "not_found"]
    source: Texts
    note: str | None = None


class DiseaseShape(Shape):
    """One disease that the label names."""

    title: Words
    conditions: Texts


class LabelShape(Shape):
    """What is asked of an order that no policy judges: for which disease, and how old a weight may be."""

    weight: str
    child_below: SpanText
    weight_within_child: SpanText
    weight_within_adult: SpanText
    diseases: dict[str, DiseaseShape]


class RegimenShape(Shape):
    """`regimens/<drug>.yaml`."""

    regimen: str
    drug: str
    source: dict[str, Any]
    notes: tuple[str, ...] = ()
    label: LabelShape | None = None
    products: tuple[DeviceShape, ...] = ()
    regimens: tuple[BandShape, ...]


class DoseLineShape(Shape):
    """Where a band begins, in micrograms a day, and from where on that is in doubt."""

    at_least: float | None = Field(default=None, gt=0)
    more_than: float | None = Field(default=None, gt=0)
    doubtful_above: float | None = Field(default=None, gt=0)


class DoseRowShape(Shape):
    """The bands of one ingredient in some forms at some age."""

    ingredient: Words
    forms: Texts = ()
    age: BoundShape = BoundShape()
    low: DoseLineShape | None = None
    medium: DoseLineShape | None = None
    high: DoseLineShape | None = None
    cite: Words
    note: Words | None = None


class DoseBandsShape(Shape):
    """`dose_bands/<name>.yaml`."""

    dose_bands: str
    says: Words
    value_sets: Texts
    actuations_a_day: tuple[float, float]
    two_strips: Texts = ()
    said_with: Words | None = None
    source: dict[str, Any]
    limits: Texts = ()
    rows: tuple[DoseRowShape, ...]
