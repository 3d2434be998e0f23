"""Parses the body of a request as strict JSON of limited depth, and reads required members."""

import gc
import re
from itertools import accumulate
from typing import Any

import orjson

from service.errors import RequestError
from service.json_object import Json

DEPTH = 100
BLOCK = 128
USUAL = 1024 * 1024
_ONE_KIND_OF_BRACKET = bytes.maketrans(b"{}", b"[]")
_NOT_MARKS = bytes(byte for byte in range(256) if byte not in b'[]{}"')
_STEPS = tuple(1 if byte == ord("[") else -1 for byte in range(256))
_TEXT = re.compile(rb'"[^"]*"')


def parse_body(raw: bytes) -> object:
    """The JSON value of a body; of duplicate names the last one counts. Raises RequestError 400."""
    try:
        body: object = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        # only the place of the error is reported, never text of the body
        place = f"line {error.lineno} column {error.colno}"
        raise RequestError(400, "structure", f"the body is not strict JSON at {place}") from error
    if not (_is_soon_at_its_end(body, raw) or _is_shallow(raw)):
        raise RequestError(400, "structure", f"the body is nested deeper than {DEPTH} levels")
    return body


def _is_soon_at_its_end(body: object, raw: bytes) -> bool:
    """Whether a body of the usual size ends long before the last level.

    The garbage collector returns what objects and arrays refer to, and nothing for strings and numbers.
    """
    # speed: 170 kB in 0.05 ms, by the brackets in 0.15, by a loop over the values in 1.0
    if len(raw) > USUAL:
        return False
    level = [body]
    for _ in range(DEPTH // 2):
        level = gc.get_referents(*level)
        if not level:
            return True
    return False


def _is_shallow(raw: bytes) -> bool:
    """Whether sound JSON has at most so many levels, told from its brackets alone."""
    brackets, level = _brackets(raw), 0
    for start in range(0, len(brackets), BLOCK):
        opened = brackets.count(b"[", start, start + BLOCK)
        # only blocks that could exceed the depth are examined bracket by bracket
        if level + opened > DEPTH and _deepest(level, brackets[start : start + BLOCK]) > DEPTH:
            return False
        level += 2 * opened - BLOCK
    return True


def _deepest(level: int, block: bytes) -> int:
    return max(accumulate(map(_STEPS.__getitem__, block), initial=level))


def _brackets(raw: bytes) -> bytes:
    """The brackets outside strings, all as square ones."""
    if b"\\" in raw:
        raw = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    # most strings contain no bracket and leave only pairs of quotes, which are removed first
    marks = (
        raw.translate(_ONE_KIND_OF_BRACKET, _NOT_MARKS).replace(b'""""', b"").replace(b'""', b"")
    )
    return _TEXT.sub(b"", marks) if b'"' in marks else marks


def child(parent: Json, name: str, place: str) -> Json:
    """A member that must be an object."""
    return as_object(_required(parent, name, place), place)


def as_object(value: object, place: str) -> Json:
    """A value that must be an object."""
    if not isinstance(value, dict):
        raise RequestError(400, "structure", f"{place}: must be an object")
    return value


def required_text(parent: Json, name: str, place: str) -> str:
    """A member that must be a text with something in it."""
    value = _required(parent, name, place)
    if not isinstance(value, str):
        raise RequestError(400, "structure", f"{place}: must be a string")
    if not value.strip():
        raise RequestError(400, "required", f"{place}: must not be empty")
    return value


def items(parent: Json, name: str, place: str) -> list[Any]:
    """A member that must be an array."""
    value = _required(parent, name, place)
    if not isinstance(value, list):
        raise RequestError(400, "structure", f"{place}: must be an array")
    return value


def texts(parent: Json, name: str, place: str) -> tuple[str, ...]:
    """A member that must be an array of strings."""
    values = items(parent, name, place)
    if not all(isinstance(value, str) for value in values):
        raise RequestError(400, "structure", f"{place}: must be an array of strings")
    return tuple(values)


def _required(parent: Json, name: str, place: str) -> object:
    value: object = parent.get(name)
    if value is None:
        raise RequestError(400, "required", f"{place}: required")
    return value
