"""Compiles JSONPath at start into plain steps, and reads values with them; jsonpath-ng parses the syntax."""

from collections.abc import Sequence
from typing import Any

from jsonpath_ng import Child, Fields, Root, Slice
from jsonpath_ng.exceptions import JSONPathError
from jsonpath_ng.jsonpath import Wildcard
from jsonpath_ng.parser import parse as parse_jsonpath

from service.fhir.elements import items
from service.memo import per_value

Steps = tuple[str, ...]


@per_value
def compile_path(written: str) -> Steps:
    """The field names of a path like `$.item[*].productOrService`; ValueError if it says more.

    Lists are always walked through, since senders mix up lists and single values, so `[*]`
    and nothing mean the same here.
    """
    try:
        return tuple(_steps(parse_jsonpath(written)))
    except JSONPathError as error:
        raise ValueError(f"'{written}' is not a JSONPath") from error


def _steps(node: object) -> list[str]:
    match node:
        case Root():
            return []
        case Child():
            return _steps(node.left) + _steps(node.right)
        case Fields():
            return [str(name) for name in node.fields]
        case Wildcard() | Slice(start=None, end=None, step=None):
            return []
        case _:
            raise ValueError("only field names and [*] are read here")


def read(steps: Steps, value: object) -> list[Any]:
    """All values at a path, with lists flattened; empty if there are none."""
    if len(steps) == 1 and value.__class__ is dict:
        sent = value.get(steps[0])
        return items(sent)
    values = items(value)
    for step in steps:
        values = [
            inner
            for inner_value in values
            if isinstance(inner_value, dict) and (sent := inner_value.get(step)) is not None
            for inner in (sent if isinstance(sent, list) else (sent,))
        ]
    return values


def read_first(paths: Sequence[Steps], *values: object) -> Any:
    """The first value that any path finds, tried in turn on each of the values; None if there is none."""
    for steps in paths:
        for value in values:
            if reached := read(steps, value):
                return reached[0]
    return None
