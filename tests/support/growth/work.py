"""How much one request takes, counted and not timed: the same on every machine and under every load."""

import sys
from collections.abc import Callable
from datetime import date
from math import log
from types import FrameType
from typing import Any

import orjson
from support.hostile.served import library

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request
from service.cds.strict_json import parse_body

AS_OF = AsOf("day", date(2026, 11, 21))
HOOKS = frozenset({"order-sign"})


def ask(raw: bytes) -> int:
    """From the bytes of a request to its cards; returns how many there are."""
    known = library()
    request = parse_hook_request(parse_body(raw), HOOKS)
    return len(advise(known, request, known.client("local"), AS_OF).cards)


def work(body: Any) -> int:
    """How many lines run and how many functions are called, C's among them.

    A loop within one line counts each time round. What C does within one call is not counted.
    """
    raw, steps = orjson.dumps(body), 0

    def line(_frame: FrameType, _event: str, _argument: object) -> Any:
        nonlocal steps
        steps += 1
        return line

    def call(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal steps
        steps += event == "c_call"

    sys.settrace(line)
    sys.setprofile(call)
    try:
        ask(raw)
    finally:
        sys.setprofile(None)
        sys.settrace(None)
    return steps


def exponent(grown: Callable[[int], Any], sizes: tuple[int, int, int]) -> float:
    """How work grows with size: 1 where so many more take so much more work, 2 where its square.

    Each size is so many times the one before. Only what is added is compared, so that what every
    request takes is left out.
    """
    _, middle, large = sizes
    bodies = [grown(size) for size in sizes]
    ask(orjson.dumps(bodies[0]))  # what is looked up once and kept is no part of the growth
    least, more, most = map(work, bodies)
    first, then = more - least, most - more
    return log(then / first, large / middle) if first > 0 and then > 0 else 0.0
