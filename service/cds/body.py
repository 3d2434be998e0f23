"""The bytes of a request as JSON: strict, and never nested deeper than anything that reads it can bear."""

import gc
import re
from itertools import accumulate

import orjson

from service.errors import RequestError

DEPTH = 100
BLOCK = 128
USUAL = 1024 * 1024
_ONE_KIND_OF_BRACKET = bytes.maketrans(b"{}", b"[]")
_NOT_MARKS = bytes(byte for byte in range(256) if byte not in b'[]{}"')
_STEPS = tuple(1 if byte == ord("[") else -1 for byte in range(256))
_TEXT = re.compile(rb'"[^"]*"')


def parse_body(raw: bytes) -> object:
    """The JSON value of a body; of doubled names the last one counts."""
    try:
        body: object = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        # orjson's sentence may quote nothing of the body but its place
        place = f"line {error.lineno} column {error.colno}"
        raise RequestError(400, "structure", f"the body is not strict JSON at {place}") from error
    if not (_is_quickly_shown_shallow(body, raw) or _is_shallow(raw)):
        raise RequestError(400, "structure", f"the body is nested deeper than {DEPTH} levels")
    return body


def _is_quickly_shown_shallow(body: object, raw: bytes) -> bool:
    """Whether a body of the usual size ends long before the last level: the quickest look there is.

    Of objects and arrays the garbage collector tells all that they hold, of texts and numbers nothing.
    """
    if len(raw) > USUAL:
        return False
    level = [body]
    for _ in range(DEPTH // 2):
        level = gc.get_referents(*level)
        if not level:
            return True
    return False


def _is_shallow(raw: bytes) -> bool:
    """Whether sound JSON has at most so many levels, told from its brackets alone, which is quick."""
    brackets, level = _brackets(raw), 0
    for at in range(0, len(brackets), BLOCK):
        opened = brackets.count(b"[", at, at + BLOCK)
        # only a block that could reach the last level, if it opened all of its own first, is gone through
        if level + opened > DEPTH and _deepest(level, brackets[at : at + BLOCK]) > DEPTH:
            return False
        level += 2 * opened - BLOCK
    return True


def _deepest(level: int, block: bytes) -> int:
    return max(accumulate(map(_STEPS.__getitem__, block), initial=level))


def _brackets(raw: bytes) -> bytes:
    """The brackets outside texts, of one kind."""
    if b"\\" in raw:
        raw = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    # most texts hold no bracket: of them two quotes are left, of a name with its text four
    marks = (
        raw.translate(_ONE_KIND_OF_BRACKET, _NOT_MARKS).replace(b'""""', b"").replace(b'""', b"")
    )
    return _TEXT.sub(b"", marks) if b'"' in marks else marks
