"""Asks a FHIR server for several keys at once; what does not come in time is left."""

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from time import monotonic
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from service.errors import RequestError
from service.fhir.elements import Json
from service.fhir.fetch.breaker import Breaker
from service.fhir.fetch.call import Asking, Call, Query, Read, UnansweredError
from service.fhir.fetch.pages import Gathered

KEPT_OPEN = 16
# whatever a server, a network or a body of any shape can cause; a mistake of ours is not among it
CAUSED_OUTSIDE = (OSError, HTTPError, ValueError)
# an answer came, and it was no JSON of ours
UNREADABLE = (RequestError, RecursionError)
log = logging.getLogger("service.fhir")


@dataclass
class FhirClient:
    """The outbound calls of one process: connections kept open, failing hosts left alone.

    `read` turns bytes into JSON, as strictly as the request itself was read.
    """

    read: Read
    breaker: Breaker = field(default_factory=Breaker)
    adapter: HTTPAdapter = field(
        default_factory=lambda: HTTPAdapter(KEPT_OPEN, KEPT_OPEN, max_retries=0)
    )

    def __post_init__(self) -> None:
        # urllib3 writes whole URLs, and with them a patient's id, into its warnings
        logging.getLogger("urllib3").setLevel(logging.CRITICAL)

    def fetch(self, call: Call, queries: Sequence[Query]) -> dict[str, Json]:
        """A prefetch value for each query, in the order of the queries."""
        host = urlsplit(call.base).netloc
        found = [Gathered(query) for query in queries]
        if found and self.breaker.admits(host):
            self._all(call, host, found)
        return {one.query.key: one.value() for one in found}

    def _all(self, call: Call, host: str, found: Sequence[Gathered]) -> None:
        pool = ThreadPoolExecutor(len(found), thread_name_prefix="fhir")
        try:
            asked = [pool.submit(self._one, call, host, one) for one in found]
            done, _ = wait(asked, max(0.0, call.until - monotonic()))
            _tell_mistakes(done)
        finally:
            # a call that hangs ends by its own time-out; nobody waits for it
            pool.shutdown(wait=False)
        self.breaker.report(host, answered=any(one.answered for one in found))

    def _one(self, call: Call, host: str, found: Gathered) -> None:
        self.breaker.entered(host)
        try:
            found.gather(Asking(call, self.adapter, self.read))
        except UnansweredError as error:
            found.answered = found.answered or error.reached
            if error.rest is not None:
                self.breaker.rest(host, error.rest)
        except UNREADABLE as error:
            found.answered = True
            log.info("fhir: an answer could not be read: %s", type(error).__name__)
        except CAUSED_OUTSIDE as error:
            log.info("fhir: a call failed: %s", type(error).__name__)
        finally:
            self.breaker.left(host)


def _tell_mistakes(done: set[Future[None]]) -> None:
    for one in done:
        if (error := one.exception()) is not None:
            log.error("bug: %s in a call to a FHIR server", type(error).__name__)
