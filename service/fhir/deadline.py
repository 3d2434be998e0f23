"""How long one request may be read and judged: what goes on longer is refused, so that others are served."""

from time import monotonic

from service.errors import RequestError

SECONDS = 10.0


class Deadline:
    """Runs from its making; asked in every loop that a large record can lengthen."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._until = monotonic() + seconds

    def check(self) -> None:
        """RequestError 413 once the time is over."""
        if monotonic() > self._until:
            raise RequestError(413, "too-costly", "the record takes too long to be judged")
