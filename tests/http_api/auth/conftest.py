"""An application that knows one client by its tokens; `responses` plays the client's key server."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import responses
from support.called_from_elsewhere import Site
from support.empty_store import empty_store
from support.signing import JKU, Signer, key_set

from service.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = empty_store(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def key_server() -> Iterator[responses.RequestsMock]:
    """The key server: every other address refuses the connection."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def serves(key_server: responses.RequestsMock) -> Callable[..., None]:
    """Lets the key server answer with a key set from now on."""

    def answer(*signers: Signer) -> None:
        key_server.upsert("GET", JKU, body=key_set(*(one.jwk() for one in signers)))

    return answer


@pytest.fixture
def open_site(tmp_path: Path, store: Store) -> Callable[..., Site]:
    """A process on the test's store, or on another one."""

    def opened(clock: Any = None, on: Store | None = None, **trust: Any) -> Site:
        return Site(on or store, tmp_path, clock, **trust)

    return opened


@pytest.fixture
def site(open_site: Callable[..., Site], serves: Callable[..., None]) -> Site:
    """One process, and a key server that serves one key of each kind."""
    serves(Signer(), Signer("second", "RS384"))
    return open_site()
