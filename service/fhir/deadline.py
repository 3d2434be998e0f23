"""Time limit for reading and judging one request, so that one large record does not block others."""

from time import monotonic

from service.errors import RequestError

SECONDS = 10.0


class Deadline:
    """Starts when it is made; checked in every loop whose length depends on the record."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._until = monotonic() + seconds

    def check(self) -> None:
        """Raises RequestError 413 once the time is over."""
        if monotonic() > self._until:
            raise RequestError(413, "too-costly", "the record takes too long to be judged")
