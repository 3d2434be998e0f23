"""What is found out once for one case, remembered by function and arguments."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar, TypeVarTuple

_BY_VALUE = (str, int, tuple, frozenset, type(None))


class Remembering(Protocol):
    """A case: what was found out about it, by function and arguments."""

    @property
    def remembered(self) -> dict[object, Any]:
        """Arguments and result of each function, by its name and the keys of its arguments."""


C = TypeVar("C", bound=Remembering)
Ts = TypeVarTuple("Ts")
R = TypeVar("R")


def per_case(function: Callable[[C, *Ts], R]) -> Callable[[C, *Ts], R]:
    """The function, called once for each case and arguments.

    Strings, numbers, tuples and sets are compared by value, all else by identity: the arguments are held
    beside the result, so that no other object can come to the same identity while the case lives.
    """

    @wraps(function)
    def remembered(case: C, *arguments: *Ts) -> R:
        known = case.remembered
        keys = (one if isinstance(one, _BY_VALUE) else id(one) for one in arguments)
        key = (function, *keys)
        if key not in known:
            known[key] = arguments, function(case, *arguments)
        found: R = known[key][1]
        return found

    return remembered
