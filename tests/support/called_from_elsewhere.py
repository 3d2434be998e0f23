"""An application that is called from elsewhere."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from support.fakes import FakeAdvise, empty_library, hook_request, settings
from support.signing import PATH, TRUST, bearer
from werkzeug.test import TestResponse

from service.app import create_app
from service.auth.key_set import Trust
from service.store import Store

ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


class Site:
    """One process: an application on a store, called from elsewhere."""

    def __init__(
        self, store: Store, folder: Path, clock: Any, others: tuple[Trust, ...] = (), **trust: Any
    ) -> None:
        trusts = (replace(TRUST, **trust), *others)
        clients = frozenset({"local", *(one.client for one in trusts)})
        library = empty_library(clients, trusts)
        self.advise = FakeAdvise()
        options: dict[str, Any] = {"now": clock} if clock else {}
        self.app = create_app(
            settings(folder), library=library, advise=self.advise, store=store, **options
        )

    def call(self, token: str, body: Any = None, path: str = PATH, **more: Any) -> TestResponse:
        """A call with a token."""
        return self.post({"headers": bearer(token)}, body, path, **more)

    def post(
        self, options: dict[str, Any], body: Any = None, path: str = PATH, **more: Any
    ) -> TestResponse:
        """A call with any headers."""
        sent = hook_request() if body is None else body
        where = {"environ_base": ELSEWHERE} | more
        return self.app.test_client().post(path, json=sent, **options, **where)
