"""What the HTTP handlers need of the rest of the service; built once in `service.app`."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol

from service.advise.missing_data import FetchPlans
from service.auth.authenticate import Authenticator
from service.cds.request import AsOf, HookRequest
from service.facts.model import Client
from service.json_object import Json
from service.library.library import Library
from service.store import Store


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
class Runtime:
    """What one server process shares between its requests."""

    library: Library
    advise: Advise
    fetch_plans: FetchPlans
    store: Store
    authenticator: Authenticator
    as_of: Callable[[], AsOf]
    # one request computes at a time: Python runs one thread at a time, so two at once only delay both
    one_at_a_time: Lock = field(default_factory=Lock)

    @contextmanager
    def released(self) -> Iterator[None]:
        """Lets other requests compute while this one waits for another server."""
        self.one_at_a_time.release()
        try:
            yield
        finally:
            self.one_at_a_time.acquire()

    def hooks(self, service_id: str) -> frozenset[str]:
        """The hooks of the service with this id; empty where there is no such service."""
        return frozenset(
            service.hook for service in self.library.services if service.id == service_id
        )
