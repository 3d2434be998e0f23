"""What the HTTP handlers need of the rest of the service; built once in `service.app`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from service.advise.fetch_missing import FetchPlans
from service.auth.authenticate import Authenticator
from service.auth.own_names import OwnNames
from service.cds.request import AsOf, HookRequest
from service.facts.model import Client
from service.json_object import Json
from service.library.library import Library
from service.store import Store
from service.web.kept_requests import KeptRequests
from service.web.turns import Turns


class Answer(Protocol):
    """The advice on one request: the cards for the clinician, the decisions for the store."""

    @property
    def cards(self) -> Sequence[Json]:
        """The cards as CDS Hooks writes them."""

    @property
    def decisions(self) -> Sequence[Json]:
        """One record per order, for the store."""


class Advise(Protocol):
    """The function that advises on a request; tests may hand in their own."""

    def __call__(
        self, library: Library, request: HookRequest, client: Client, as_of: AsOf, /
    ) -> Answer:
        """The advice on every order of the request."""


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """One call of a service by a known client; `may_fetch` from a FHIR server what it lacks."""

    service_id: str
    client_id: str
    body: bytes
    may_fetch: bool = True


@dataclass(frozen=True, slots=True)
class Computed:
    """What is answered and stored; `held` are the objects to free once the answer is sent."""

    hook: str
    cards: bytes
    decisions: Sequence[Json]
    held: list[object] = field(default_factory=list)


class SecondProcess(Protocol):
    """Another process that computes calls as this one does, and draws pictures."""

    def computed(self, call: ServiceCall) -> Computed:
        """The answer to a call; raises RequestError as this process would."""

    def drawn(self, spec: bytes) -> str:
        """The SVG of a picture, so that no thread of this process waits for it."""


class Records(Protocol):
    """What keeps calls and answers, without what names a patient."""

    def took(self, call: ServiceCall, client: Client, as_of: AsOf, cards: bytes) -> None:
        """Takes a call that was answered; nobody waits for it."""


@dataclass(slots=True)
class Runtime:
    """What one server process shares between its requests.

    `cpu_seconds` is the CPU time that one request may take. `second` is set where a server has a second
    process for large requests.
    """

    library: Library
    advise: Advise
    fetch_plans: FetchPlans
    store: Store
    authenticator: Authenticator
    names: OwnNames
    as_of: Callable[[], AsOf]
    cpu_seconds: float
    kept: KeptRequests = field(default_factory=KeptRequests)
    public_url: str = ""
    turns: Turns = field(default_factory=Turns)
    second: SecondProcess | None = None
    records: Records | None = None

    def hooks(self, service_id: str) -> frozenset[str]:
        """The hooks of the service with this id; empty where there is no such service."""
        return frozenset(
            service.hook for service in self.library.services if service.id == service_id
        )
