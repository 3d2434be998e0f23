"""Payers and services as their documents write them."""

from typing import Literal

from pydantic import Field

from service.library.shapes.written import Shape, Texts, Words


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
