"""What pydantic says of a value, in words for those who write documents."""

import re
from collections.abc import Mapping
from typing import Any

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
    """What is wrong with the value under a name."""
    known, about = PLAIN.get(str(error["type"])), error.get("ctx", {})
    if error["type"] == "string_type" and isinstance(error.get("input"), list | dict):
        known = "is text, not a list"
    if error["type"] == "literal_error":
        known = f"is {_either(allowed(error))}"
    if known is not None:
        return f"{name or 'this'} {known.format(**about)}"
    message = str(error["msg"]).removeprefix("Value error, ")
    said = f"{message[0].lower()}{message[1:]}"
    return f"{name}: {said}" if name else said


def allowed(error: Mapping[str, Any]) -> list[str]:
    """The words that are allowed where only some are."""
    expected = str(error.get("ctx", {}).get("expected", ""))
    return [found[0] or found[1].lower() or found[2] for found in _WORDS.findall(expected)]


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"one of {', '.join(words)}"
