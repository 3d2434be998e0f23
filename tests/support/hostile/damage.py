"""Damage to a recorded request: a list of edits, drawn by hypothesis and applied one after the other."""

import random
from copy import deepcopy
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from hypothesis import strategies as st
from support.paths import ROOT

NAMES = sorted(path.stem for path in (ROOT / "fixtures").glob("*.json"))
# What stands where something else belongs: other types, edges of numbers and days, words of other languages.
ODD: list[Any] = [
    *(None, True, False, 0, -1, 0.5, 1e308, -1e-308, 2**53 + 1, 2**64 - 1, "", " ", "0", "1e400"),
    *([], {}, [None], [[]], [[[]]], {"": None}, {"coding": []}, {"coding": [None]}, {"reference": {}}),
    *("__proto__", "constructor", "__class__", "{{7*7}}", "{% raw %}", "<img src=x>", "a\nb\r\n\x1b[31m"),
    *("2026", "2026-02-30", "0000-00-00", "9999-12-31", "0001-01-01", "2026-11-20T25:61:00Z"),
    *("#", "#x", "Patient/", "/", "//", "urn:uuid:", "Patient/x?y#z", "http://a.example/Patient/p001"),
    *("\u0000", "\u202e", "\U0001f48a" * 9, "9" * 400, "x" * 5000),
    *({"value": -1, "unit": "mg"}, {"value": "1", "code": 7}, {"start": "9999-12-31", "end": "0001-01-01"}),
]  # fmt: skip
Steps = tuple[str | int, ...]


class Edit(NamedTuple):
    """One edit: what is done, where (a number that is reduced to a place), with what."""

    kind: str
    at: int
    other: int
    value: Any


SCALARS = st.one_of(
    st.sampled_from(ODD),
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
)
KINDS = ("delete", "retype", "duplicate", "nest", "swap", "graft", "reorder", "rename", "empty")
PLACES = st.integers(0, 2**32)
EDITS = st.lists(
    st.builds(Edit, st.sampled_from(KINDS), PLACES, PLACES, SCALARS), min_size=1, max_size=8
)
BYTES = st.one_of(
    st.none(),
    st.tuples(st.sampled_from(["cut", "insert", "splice", "flip"]), PLACES, st.binary(max_size=6)),
)


@lru_cache(maxsize=128)
def raw(name: str) -> bytes:
    """One recording."""
    return (ROOT / "fixtures" / f"{name}.json").read_bytes()


def damaged(name: str, other: str, edits: list[Edit]) -> Any:
    """A recording after the edits; `graft` takes pieces of the other one."""
    body, donor = orjson.loads(raw(name)), orjson.loads(raw(other))
    for edit in edits:
        _apply(body, donor, edit)
    return body


def torn(body: bytes, tear: tuple[str, int, bytes] | None) -> bytes:
    """The bytes after damage that knows no JSON."""
    if tear is None:
        return body
    kind, at, piece = tear
    place = at % (len(body) + 1)
    match kind:
        case "cut":
            return body[:place]
        case "insert":
            return body[:place] + piece + body[place:]
        case "splice":
            return body[:place] + body[(at * 7) % (len(body) + 1) :]
        case _:
            return (
                body[:place]
                + bytes(byte ^ 1 for byte in body[place : place + 1])
                + body[place + 1 :]
            )


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every holder and key of a document."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        keys = list(one) if isinstance(one, dict) else range(len(one))
        for key in keys:
            found.append((one, key))
            if isinstance(one[key], dict | list):
                waiting.append(one[key])
    return found


def _apply(body: Any, donor: Any, edit: Edit) -> None:
    places = _places(body)
    if not places:
        return
    holder, key = places[edit.at % len(places)]
    value = deepcopy(edit.value)
    match edit.kind:
        case "delete":
            del holder[key]
        case "retype":
            holder[key] = value
        case "duplicate" if isinstance(holder, list):
            holder += [deepcopy(holder[key])] * (edit.other % 20)
        case "nest" | "duplicate":
            holder[key] = [holder[key]] if edit.other % 2 else {"item": holder[key], "value": value}
        case "swap":
            beside, there = places[edit.other % len(places)]
            holder[key], beside[there] = deepcopy(beside[there]), deepcopy(holder[key])
        case "graft":
            others = _places(donor)
            beside, there = others[edit.other % len(others)]
            holder[key] = deepcopy(beside[there])
        case "reorder" if isinstance(holder[key], list):
            random.Random(edit.other).shuffle(holder[key])  # noqa: S311 - damage is no secret
        case "rename" if isinstance(holder, dict):
            holder[value if isinstance(value, str) else "x"] = holder.pop(key)
        case _:
            holder[key] = type(holder[key])() if holder[key] is not None else {}
