"""The clients file as it is written."""

from typing import Literal

from pydantic import Field

from service.fhir.fetch.access import DEADLINE
from service.library.shapes.written import HeldSince, Shape, Texts, Words


class AliasShape(Shape):
    """A code of the client's own and the code it stands for."""

    system: str
    code: str = Field(strict=True)
    means: str
    means_system: str | None = None


class KeysShape(Shape):
    """Where a client's public keys are: a URL or a file, one of the two."""

    jku: Words | None = None
    file: Words | None = None


class SmartShape(Shape):
    """How the client's EHR knows this service as a SMART app."""

    client_id: Words
    secret_file: Words | None = None


class ClientShape(Shape):
    """One client of `clients.yaml`."""

    id: str
    issuer: Words | None = None
    keys: KeysShape | None = None
    audiences: Texts = ()
    replay: Literal["refuse", "retry", "off"] = "retry"
    origins: Texts = ()
    hosts: Texts = ()
    fhir: Texts = ()
    deadline: float = Field(default=DEADLINE, strict=True, gt=0, le=10)
    holds: dict[
        Literal["record", "claims", "dispenses", "authorizations", "pharmacies"], HeldSince
    ] = Field(default_factory=dict)
    aliases: tuple[AliasShape, ...] = ()
    default_payer: str | None = None
    timezone: Words | None = None
    replacing: Literal["update", "delete_create"] = "update"
    links: Literal["absolute", "smart"] = "absolute"
    system_actions: bool | None = Field(default=None, strict=True)
    pages: bool | None = Field(default=None, strict=True)
    smart: SmartShape | None = None
    unverified_statements: bool | None = Field(default=None, strict=True)


class ClientsShape(Shape):
    """`clients.yaml`."""

    clients: tuple[ClientShape, ...]
