"""What the edge needs of the rest, wired once in `service.app`."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol

from service.advise.missing_data.plan import Errands
from service.auth.authenticate import Authenticator
from service.cds.as_of import AsOf
from service.cds.request import HookRequest
from service.facts.model import Client
from service.json_object import Json
from service.library.library import Library
from service.store import Store


class Answer(Protocol):
    """What is said to the clinician and to the store."""

    @property
    def cards(self) -> Sequence[Json]:
        """The cards, ready to be sent."""

    @property
    def decisions(self) -> Sequence[Json]:
        """What the store keeps of each order."""


class Advise(Protocol):
    """The way from a request to its answer."""

    def __call__(
        self, library: Library, request: HookRequest, client: Client, as_of: AsOf, /
    ) -> Answer:
        """Judges every order of the request."""


@dataclass(frozen=True, slots=True)
class House:
    """One process's library, line, errands, store, door and clock."""

    library: Library
    advise: Advise
    errands: Errands
    store: Store
    door: Authenticator
    as_of: Callable[[], AsOf]
    # one request computes at a time: under the interpreter lock two at once only make both late
    turn: Lock = field(default_factory=Lock)

    @contextmanager
    def outside(self) -> Iterator[None]:
        """Gives the turn to others while this request waits for somebody else's server."""
        self.turn.release()
        try:
            yield
        finally:
            self.turn.acquire()

    def hooks(self, service_id: str) -> frozenset[str]:
        """The hooks served under an id; none where there is no such service."""
        return frozenset(
            service.hook for service in self.library.services if service.id == service_id
        )
