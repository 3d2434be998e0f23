"""Payers and services as their documents write them."""

from typing import Literal

from pydantic import Field

from service.library.shapes.written import Shape, Texts, Words


class IdentifierShape(Shape):
    """A FHIR identifier to match exactly."""

    system: str | None = None
    value: str = Field(strict=True, min_length=1)


class ElsewhereShape(Shape):
    """Members whom another program decides on."""

    says: Words
    cite: str
    names: Texts = ()
    identifiers: tuple[IdentifierShape, ...] = ()


class ContactShape(Shape):
    """One way to reach those who answer questions on an authorization."""

    system: Literal["phone", "fax", "email", "url"]
    value: str = Field(strict=True, min_length=1)


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
    authorization_contact: tuple[ContactShape, ...] = ()


class ServiceShape(Shape):
    """`services/<id>.yaml`."""

    service: str
    hook: Literal["order-sign", "order-select"]
    standard: Literal["cds-hooks", "davinci-crd"] = "cds-hooks"
    title: Words
    description: Words
    usage_requirements: Words | None = None
    drugs: Texts
    prefetch: Texts
