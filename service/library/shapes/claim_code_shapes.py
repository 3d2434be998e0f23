"""The codes of a request for prior authorization, as their document writes them."""

from datetime import date
from typing import Literal

from pydantic import Field

from service.library.shapes.written import CodeShape, Shape


class CitedCodeShape(CodeShape):
    """One code with where it was read."""

    display: str | None = None
    cite: str


class NumberShape(Shape):
    """A kind of identifier and what it is called."""

    system: str = Field(strict=True, min_length=1)
    says: str


class ClaimCodesShape(Shape):
    """`pas.yaml`: the codes that a Claim by Da Vinci PAS needs and no record holds."""

    source: str
    checked: date
    claim_type: CitedCodeShape
    priority: CitedCodeShape
    request_type: CitedCodeShape
    certification: dict[Literal["initial", "renewal"], CitedCodeShape]
    category: CitedCodeShape
    information: CitedCodeShape
    prescriber_number: NumberShape
    reports: dict[str, CitedCodeShape]
    products: tuple[str, ...] = Field(min_length=1)
    diagnoses: tuple[str, ...] = Field(min_length=1)
    direct: tuple[str, ...] = Field(min_length=1)
