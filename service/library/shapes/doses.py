"""Tables of daily doses as their documents write them."""

from typing import Any

from pydantic import Field

from service.library.shapes.orders import BoundShape
from service.library.shapes.written import Shape, Texts, Words


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
