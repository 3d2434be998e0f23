"""The id of a request: in its answer, in all its log lines and in its trace."""

import re
from contextvars import ContextVar
from typing import NamedTuple
from uuid import UUID

from service.cds.ids import fresh_uuid

# Of the request that this thread works for; empty outside of one.
CURRENT: ContextVar[str] = ContextVar("request_id", default="")
# W3C Trace Context, section 3.2; what follows the flags in later versions is not read.
_PARENT = re.compile(r"(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
FIRST_VERSION = "00"


class TraceParent(NamedTuple):
    """A caller's `traceparent`: the trace, the caller's span in it, and whether it records it."""

    trace_id: str
    span_id: str
    is_sampled: bool


def read_parent(header: str | None) -> TraceParent | None:
    """What a `traceparent` header says; None if there is none or it is not well formed."""
    matched = _PARENT.fullmatch(header or "")
    if matched is None:
        return None
    version, trace, span, flags, more = matched.groups()
    if not trace.strip("0") or not span.strip("0") or (version == FIRST_VERSION and more):
        return None
    return TraceParent(trace, span, bool(int(flags, 16) & 1))


def id_for(given: str | None, parent: TraceParent | None) -> str:
    """The caller's `X-Request-Id` if it is a UUID, else the id of its trace, else a new one.

    No other text of a caller is taken: it might bring a name into the log.
    """
    try:
        return str(UUID(given or ""))
    except ValueError:
        return fresh_uuid() if parent is None else parent.trace_id
