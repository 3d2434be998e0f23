"""The bytes of a request as JSON: strict, and never nested deeper than anything that reads it can bear."""

import orjson

from service.errors import RequestError

DEPTH = 100
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")


def parse_body(raw: bytes) -> object:
    """The JSON value of a body; of doubled names the last one counts."""
    try:
        body: object = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        # orjson's sentence may quote nothing of the body but its place
        place = f"line {error.lineno} column {error.colno}"
        raise RequestError(400, "structure", f"the body is not strict JSON at {place}") from error
    if not _plainly_shallow(raw) and _depth(body) > DEPTH:
        raise RequestError(400, "structure", f"the body is nested deeper than {DEPTH} levels")
    return body


def _plainly_shallow(raw: bytes) -> bool:
    # Brackets inside texts can fool this: where it says no, a walk decides; where it says yes wrongly, the
    # parser's own limit of 1,024 levels holds, and the edge answers a RecursionError with 400.
    brackets = raw.translate(None, _NOT_BRACKETS)
    for _ in range(DEPTH):
        if not brackets:
            return True
        shorter = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if len(shorter) == len(brackets):
            return False
        brackets = shorter
    return not brackets


def _depth(body: object) -> int:
    level, depth = _containers([body]), 0
    while level and depth <= DEPTH:
        depth += 1
        level = [inner for outer in level for inner in _containers(_children(outer))]
    return depth


def _containers(values: list[object]) -> list[object]:
    return [value for value in values if isinstance(value, (dict, list))]


def _children(value: object) -> list[object]:
    match value:
        case dict():
            return list(value.values())
        case list():
            return value
        case _:
            return []
