"""What the edge needs of the rest, wired once in `service.app`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Protocol

from service.auth.authenticate import Authenticator
from service.auth.trust import Trust
from service.cds.as_of import AsOf
from service.cds.discovery import ServiceDescription
from service.cds.request import Authorization, HookRequest
from service.store import Store


class Library(Protocol):
    """All documents, as far as the edge looks at them."""

    @property
    def services(self) -> tuple[ServiceDescription, ...]:
        """The services that discovery advertises."""

    @property
    def trusts(self) -> Iterable[Trust]:
        """The issuers whose tokens are taken, one for each client that has one."""

    def client(self, id: str, /) -> Any:  # noqa: A002 - the word of clients.yaml
        """The client of that id; RequestError where nobody is called so."""


class Advice(Protocol):
    """What is said to the clinician, to machines and to the store."""

    @property
    def cards(self) -> Sequence[Mapping[str, object]]:
        """The cards, ready to be sent."""

    @property
    def twins(self) -> Sequence[Mapping[str, object]]:
        """The assessments, one for each order of the drug."""

    @property
    def decisions(self) -> Sequence[Mapping[str, object]]:
        """What is kept of them."""


class Advise(Protocol):
    """The line from a request to its advice."""

    def __call__(self, library: Any, request: HookRequest, client: Any, as_of: AsOf, /) -> Advice:
        """Judges every order of the request."""


class Errand(Protocol):
    """What is to be fetched for one request."""

    def run(self) -> HookRequest:
        """The request with what could be had; it may take as long as the client allows."""


class Errands(Protocol):
    """Finds out what must be fetched."""

    def __call__(
        self,
        library: Any,
        service_id: str,
        request: HookRequest,
        client: Any,
        authorization: Authorization | None,
        /,
    ) -> Errand | None:
        """The errand of a request; None where there is nothing to fetch."""


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
