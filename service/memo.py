"""What is found out once: for one case, for one object of the documents, or for the same documents."""

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Protocol, TypeVar, TypeVarTuple
from weakref import WeakKeyDictionary

MOST_REMEMBERED = 1024  # of one object of the documents, whatever the requests ask
_BY_VALUE = (str, int, tuple, frozenset, type(None))


class Remembering(Protocol):
    """A case: what was found out about it, by function and arguments."""

    @property
    def remembered(self) -> dict[object, Any]:
        """Arguments and result of each function, by its name and the keys of its arguments."""


C = TypeVar("C", bound=Remembering)
D = TypeVar("D")
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
            # the arguments stand beside the result, so that their identities stay theirs
            known[key] = arguments, function(case, *arguments)
        found: R = known[key][1]
        return found

    return remembered


def per_document(function: Callable[[D, *Ts], R]) -> Callable[[D, *Ts], R]:
    """The function, called once for each object of the documents (a criterion, a policy) and arguments.

    Such objects are compared by identity. What is found goes with its object, so that no two
    libraries share it; a result must not hold that object. The other arguments are compared by value.
    """
    known: WeakKeyDictionary[D, dict[object, R]] = WeakKeyDictionary()

    @wraps(function)
    def remembered(document: D, *arguments: *Ts) -> R:
        of_document = known.setdefault(document, {})
        try:
            return of_document[arguments]
        except KeyError:
            found = function(document, *arguments)
        if len(of_document) >= MOST_REMEMBERED:
            of_document.clear()  # what was found is returned itself, for another thread may clear
        of_document[arguments] = found
        return found

    return remembered


_BY_ARGUMENTS: list[OrderedDict[object, Any]] = []


def per_arguments(most: int) -> Callable[[Callable[[*Ts], R]], Callable[[*Ts], R]]:
    """The function, called once for the same arguments; the `most` results asked for last are kept.

    For what is made of documents when they are read: two libraries of which one file differs share
    the rest. Strings, bytes, numbers, sets and paths are compared by value, tuples part by part, all else by
    identity. `forget` drops everything, so that a server keeps only its library.
    """

    def decorated(function: Callable[[*Ts], R]) -> Callable[[*Ts], R]:
        known: OrderedDict[object, Any] = OrderedDict()
        _BY_ARGUMENTS.append(known)

        @wraps(function)
        def remembered(*arguments: *Ts) -> R:
            key = _key(arguments)
            found = known.pop(key, None)
            if found is None:
                # the arguments stand beside the result, so that their identities stay theirs
                found = (arguments, function(*arguments))
            known[key] = found
            while len(known) > most:
                known.popitem(last=False)
            result: R = found[1]
            return result

        return remembered

    return decorated


def forget() -> None:
    """Drops what `per_arguments` keeps."""
    for known in _BY_ARGUMENTS:
        known.clear()


def _key(value: object) -> object:
    if type(value) is tuple:
        return tuple(map(_key, value))
    return value if isinstance(value, (*_BY_VALUE, bool, bytes, Path)) else id(value)
