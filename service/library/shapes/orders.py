"""Dose tables, payers and services as their documents write them."""

from typing import Any, Literal

from pydantic import Field

from service.library.shapes.written import Shape, Texts, Words
from service.policy.amount import WrittenSpan


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
    child_below: WrittenSpan
    weight_within_child: WrittenSpan
    weight_within_adult: WrittenSpan
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


class IdentifierShape(Shape):
    """A FHIR identifier to match exactly."""

    system: str | None = None
    value: str = Field(strict=True)


class ElsewhereShape(Shape):
    """Members whom another program decides on."""

    says: Words
    cite: str
    names: Texts = ()
    identifiers: tuple[IdentifierShape, ...] = ()


class PayerShape(Shape):
    """`payers/<payer>.yaml`."""

    payer: str
    name: Words
    short: Words
    source: str
    identifiers: tuple[IdentifierShape, ...] = ()
    names: Texts = ()
    elsewhere: tuple[ElsewhereShape, ...] = ()
    network_pharmacies: tuple[IdentifierShape, ...] = ()


class ServiceShape(Shape):
    """`services/<id>.yaml`."""

    service: str
    hook: Literal["order-sign", "order-select"]
    title: Words
    description: Words
    drugs: Texts
    prefetch: Texts
