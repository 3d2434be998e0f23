"""What one answer adds to the metrics: only names that the documents or the code give, never a request's."""

from typing import NamedTuple


class Counts(NamedTuple):
    """What is counted of the orders of one request.

    `outcomes`: policy, indication, path and outcome of each order; `unknown`: policy, criterion and
    reason of each leaf that is unknown; `prefetch`: key and state of each part of the record.
    """

    outcomes: tuple[tuple[str, str, str, str], ...] = ()
    unknown: tuple[tuple[str, str, str], ...] = ()
    prefetch: tuple[tuple[str, str], ...] = ()
