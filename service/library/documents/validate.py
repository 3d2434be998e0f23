"""Checks documents against their shape: each mistake with its line and the nearest right word."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from service.errors import Mistake
from service.library.documents.yaml import Address, Document

_TEXT = "is text; put it in quotes"
_KEYS = "has keys of its own, each with a colon"
_LIST = "is a list"
_TRUTH = "is true or false, without quotes"
_DAY = "is a day like 2026-01-31, without quotes"
_NUMBER = "is a number, without quotes and with a point"
_WHOLE = "is a whole number, without quotes"
PLAIN = {
    "string_type": _TEXT,
    "string_too_short": "says nothing",
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "dict_type": _KEYS,
    "model_type": _KEYS,
    "model_attributes_type": _KEYS,
    "dataclass_type": _KEYS,
    "mapping_type": _KEYS,
    "greater_than": "is more than {gt:g}",
    "greater_than_equal": "is at least {ge:g}",
    "less_than": "is less than {lt:g}",
    "less_than_equal": "is at most {le:g}",
    "too_long": "is a list of at most {max_length}",
    "too_short": "is a list of at least {min_length}",
}
_WORDS = re.compile(r"'([^']*)'|(True|False)|([0-9]+)")


def plainly(name: str, error: Mapping[str, Any]) -> str:
    """The message on what is wrong with the value of a key."""
    rule, about = PLAIN.get(str(error["type"])), error.get("ctx", {})
    if error["type"] == "string_type" and isinstance(error.get("input"), list | dict):
        rule = "is text, not a list"
    if error["type"] == "literal_error":
        rule = f"is {_either(allowed(error))}"
    if rule is not None:
        return f"{name or 'this'} {rule.format(**about)}"
    message = str(error["msg"]).removeprefix("Value error, ")
    sentence = f"{message[0].lower()}{message[1:]}"
    return f"{name}: {sentence}" if name else sentence


def allowed(error: Mapping[str, Any]) -> list[str]:
    """The allowed words, from pydantic's error; empty if any word is allowed."""
    expected = str(error.get("ctx", {}).get("expected", ""))
    return [match[0] or match[1].lower() or match[2] for match in _WORDS.findall(expected)]


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"one of {', '.join(words)}"


S = TypeVar("S", bound=BaseModel)
SAME_WAY = {
    "at_least": "more_than",
    "more_than": "at_least",
    "at_most": "less_than",
    "less_than": "at_most",
}


def validate(document: Document, shape: type[S], mistakes: list[Mistake]) -> S | None:
    """The document in its shape, or None with every mistake noted."""
    if document.data is None:
        return None
    return validate_part(document, (), document.data, shape, mistakes)


def validate_part(
    document: Document, at: Address, data: object, shape: type[S], mistakes: list[Mistake]
) -> S | None:
    """A part of a document in a shape, or None with every mistake noted."""
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        errors = [
            ((*at, *_address(data, detail["loc"])), _words(shape, detail))  # type: ignore[arg-type]  # pydantic's ErrorDetails is a dict
            for detail in error.errors()
        ]
        messages = [(where, text) for where, text in errors if where not in document.broken]
        mistakes += [
            document.mistake(*message)
            for message in messages
            if not _is_mistyped(message, messages)
        ]
        return None


def _is_mistyped(message: tuple[Address, str], messages: list[tuple[Address, str]]) -> bool:
    """Whether the message on a missing key is needless, since another reports its misspelling."""
    where, text = message
    if not text.endswith(" is missing"):
        return False
    suggestion = f"did you mean {text.removesuffix(' is missing')}?"
    return any(
        other[:-1] == where and other_text.endswith(suggestion) for other, other_text in messages
    )


def _address(data: object, loc: Iterable[str | int]) -> Address:
    """The steps of pydantic's location that exist in the document."""
    steps: list[str | int] = []
    for step in loc:
        inner = _step(data, step)
        if inner is not None:
            data = inner[0]
            steps.append(step)
    return tuple(steps)


def _step(data: object, step: str | int) -> tuple[object] | None:
    if isinstance(data, dict) and step in data:
        return (data[step],)
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return (data[step],)
    return None


def _words(shape: type[BaseModel], error: dict[str, object]) -> str:
    loc = error["loc"]
    steps = [step for step in loc if step != "[key]"] if isinstance(loc, tuple) else []
    name = str(steps[-1]) if steps else ""
    if error["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        right_key = getattr(shape, "meant", {}).get(name)
        hint = f"; did you mean '{right_key}'?" if right_key else _meant_key(name, _fields(shape))
        return f"unknown key '{name}'{hint}"
    if error["type"] == "missing":
        return f"'{name}' is missing"
    if error["type"] == "literal_error" and isinstance(error["input"], str):
        return f"{plainly(name, error)}{did_you_mean(error['input'], allowed(error))}"
    return plainly(name, error)


def _meant_key(name: str, known: set[str]) -> str:
    """As `did_you_mean`, but for a bound only one in the same direction."""
    right_key = SAME_WAY.get(name)
    if right_key is None:
        return did_you_mean(name, known)
    return f"; did you mean '{right_key}'?" if right_key in known else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` if a known word is close, else an empty text."""
    others = [candidate for candidate in known if candidate != word]
    close = get_close_matches(word, others, n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else ""


def _fields(shape: type[Any], seen: frozenset[type] = frozenset()) -> set[str]:
    """The keys of a shape and of all within it; `shape` is a model or a dataclass (an amount, a span)."""
    if not issubclass(shape, BaseModel):
        return {field.name for field in fields(shape)}
    names: set[str] = set()
    for name, field in shape.model_fields.items():
        names.add(field.alias or name)
        for inner in _shapes_in(field.annotation):
            if inner not in seen:
                names |= _fields(inner, seen | {shape})
    return names


def _shapes_in(annotation: object) -> list[type[Any]]:
    if isinstance(annotation, type) and (
        issubclass(annotation, BaseModel) or is_dataclass(annotation)
    ):
        return [annotation]
    return [shape for inner in getattr(annotation, "__args__", ()) for shape in _shapes_in(inner)]
