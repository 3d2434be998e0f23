"""What is computed once and remembered, and what is compared by identity: nowhere else in the service.

`per_case` remembers for one case, `per_patient` for all orders of a patient, `per_document` for one
object of the documents, `per_value` for equal values, `per_arguments` while documents are read,
`cached_property` in the object itself. `IdentityMap` and `IdentitySet` hold their keys, so that an
identity cannot pass to another object.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import lru_cache, wraps
from operator import attrgetter
from pathlib import Path
from typing import Any, Generic, ParamSpec, Protocol, Self, TypeVar, TypeVarTuple, cast, overload
from weakref import WeakKeyDictionary, ref

MOST_REMEMBERED = 1024  # results of one function for one object of the documents
MOST_VALUES = 4096  # results of one function of values
_BY_VALUE = frozenset((str, int, bool, tuple, frozenset, type(None)))
_READ_BY_VALUE = (str, int, tuple, frozenset, type(None), bytes, Path)


class Sharing(Protocol):
    """A case: what was computed that is the same for every order of its patient."""

    @property
    def shared(self) -> dict[object, Any]:
        """Result and arguments of each function, by the function and the keys of its arguments."""


class Remembering(Protocol):
    """A case: what was computed about it, by function and arguments."""

    @property
    def remembered(self) -> dict[object, Any]:
        """Result and arguments of each function, by the function and the keys of its arguments."""


C = TypeVar("C", bound=Remembering)
S = TypeVar("S", bound=Sharing)
D = TypeVar("D")
H = TypeVar("H")
Ts = TypeVarTuple("Ts")
P = ParamSpec("P")
R = TypeVar("R")
K = TypeVar("K")
V = TypeVar("V")
W = TypeVar("W", bound=Hashable)


def per_case(function: Callable[[C, *Ts], R]) -> Callable[[C, *Ts], R]:
    """The function, called once for each case and arguments.

    Plain strings, numbers, tuples and frozen sets are compared by value, all else by identity: the
    arguments are held beside the result, so that no other object comes to the same identity meanwhile.
    """
    return _once_in(attrgetter("remembered"), function)


def per_patient(function: Callable[[S, *Ts], R]) -> Callable[[S, *Ts], R]:
    """The function, called once for all orders of a patient and arguments.

    The arguments are compared as in `per_case`. What it returns must not depend on the order: its
    case is typed as one without.
    """
    return _once_in(attrgetter("shared"), function)


def _once_in(
    results_of: Callable[[H], dict[object, Any]], function: Callable[[H, *Ts], R]
) -> Callable[[H, *Ts], R]:
    """The function, called once for each arguments; its results are held where `results_of` says."""

    @wraps(function)
    def remembered(case: H, *arguments: *Ts) -> R:
        results = results_of(case)
        key = (function, *[a if a.__class__ in _BY_VALUE else id(a) for a in arguments])
        known = results.get(key)
        if known is None:
            known = results[key] = function(case, *arguments), arguments
        result: R = known[0]
        return result

    return remembered


@overload
def per_document(function: Callable[[D, *Ts], R], /) -> Callable[[D, *Ts], R]: ...


@overload
def per_document(*, most: int) -> Callable[[Callable[[D, *Ts], R]], Callable[[D, *Ts], R]]: ...


def per_document(function: Any = None, /, *, most: int = MOST_REMEMBERED) -> Any:
    """The function, called once for each object of the documents (a criterion, a policy) and arguments.

    Such objects are compared by identity. The results go with their object, so that no two libraries
    share one; a result must not hold that object. The other arguments are compared by value; no more
    than `most` results are held for one object.
    """
    if function is None:
        return lambda function: _per_document(function, most)
    return _per_document(function, most)


def _per_document(function: Callable[[D, *Ts], R], most: int) -> Callable[[D, *Ts], R]:
    known: dict[int, tuple[ref[D], BoundedDict[object, R]]] = {}

    def results_of(document: D) -> BoundedDict[object, R]:
        number = id(document)
        # the reference takes the results away with the object, before another has its identity
        weak = ref(document, lambda _: known.pop(number, None))
        return known.setdefault(number, (weak, BoundedDict(most)))[1]

    @wraps(function)
    def remembered(document: D, *arguments: *Ts) -> R:
        try:
            results = known[id(document)][1]
        except KeyError:
            results = results_of(document)
        try:
            return results[arguments]
        except KeyError:
            return results.keep(arguments, function(document, *arguments))

    return remembered


@overload
def per_value(function: Callable[P, R], /) -> Callable[P, R]: ...


@overload
def per_value(*, most: int) -> Callable[[Callable[P, R]], Callable[P, R]]: ...


def per_value(
    function: Callable[P, R] | None = None, /, *, most: int = MOST_VALUES
) -> Callable[P, R] | Callable[[Callable[P, R]], Callable[P, R]]:
    """The function, called once for equal arguments while no more than `most` results are held.

    For functions of texts, numbers and days alone: what they return rests on no document, so that
    libraries may share it, and the bound keeps what callers send from filling the memory.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        # the type of lru_cache leaves out the parameters
        return cast("Callable[P, R]", wraps(function)(lru_cache(maxsize=most)(function)))

    return decorate if function is None else decorate(function)


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
                # the arguments are held with the result, so that no other object gets their identity
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
    return value if isinstance(value, _READ_BY_VALUE) else id(value)


class cached_property(Generic[D, R]):  # noqa: N801 - the name of the standard library's, whose place it takes
    """A property computed at its first reading and kept in the object.

    That of `functools` holds one lock for all objects while it computes, up to Python 3.11: a request
    that lets another go ahead inside would keep it, and the other would wait for ever.
    """

    def __init__(self, function: Callable[[D], R]) -> None:
        self._function = function
        self.__doc__ = function.__doc__

    def __set_name__(self, owner: type[D], name: str) -> None:
        self._name = name

    @overload
    def __get__(self, holder: None, owner: type[D]) -> Self: ...

    @overload
    def __get__(self, holder: D, owner: type[D]) -> R: ...

    def __get__(self, holder: D | None, owner: type[D]) -> Self | R:
        if holder is None:
            return self
        value = holder.__dict__[self._name] = self._function(holder)
        return value


class Pool(Generic[W]):
    """One object for all that are equal, while anybody holds it: a look-up by identity then finds it."""

    def __init__(self) -> None:
        self._held: WeakKeyDictionary[W, ref[W]] = WeakKeyDictionary()

    def one_of(self, value: W) -> W:
        """The object that is held already and equal, else this one."""
        held = self._held.setdefault(value, ref(value))()
        return value if held is None else held


class BoundedDict(dict[K, V]):
    """What was looked up before; emptied at `most` entries, so that no caller fills the memory."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        super().__init__()
        self.most = most

    def keep(self, key: K, value: V) -> V:
        """Takes one more and returns its value."""
        if len(self) >= self.most:
            self.clear()  # another thread may clear too: what is returned is the value itself
        self[key] = value
        return value


def identity(value: object) -> int:
    """The number of an object, as a part of a key: another object may have it once this one is gone."""
    return id(value)


class IdentityMap(Generic[K, V]):
    """Values by the identity of their keys, which need not be hashable; in the order they came in."""

    __slots__ = ("_pairs",)

    def __init__(self, pairs: Iterable[tuple[K, V]] = ()) -> None:
        self._pairs = {id(pair[0]): pair for pair in pairs}

    def __getitem__(self, key: K) -> V:
        return self._pairs[id(key)][1]

    def __setitem__(self, key: K, value: V) -> None:
        self._pairs[id(key)] = key, value

    def __contains__(self, key: object) -> bool:
        return id(key) in self._pairs

    def __bool__(self) -> bool:
        return bool(self._pairs)

    def __iter__(self) -> Iterator[K]:
        return (key for key, _ in self._pairs.values())

    def adding(self, key: K, value: V) -> "IdentityMap[K, V]":
        """Another map with one pair more."""
        other: IdentityMap[K, V] = IdentityMap(self._pairs.values())
        other[key] = value
        return other

    @overload
    def get(self, key: K) -> V | None: ...

    @overload
    def get(self, key: K, default: V) -> V: ...

    def get(self, key: K, default: V | None = None) -> V | None:
        """The value of a key, else the default."""
        pair = self._pairs.get(id(key))
        return default if pair is None else pair[1]

    def setdefault(self, key: K, value: V) -> V:
        """The value of a key, which is this one where it had none."""
        return self._pairs.setdefault(id(key), (key, value))[1]

    def values(self) -> list[V]:
        """The values."""
        return [value for _, value in self._pairs.values()]


class IdentitySet(Generic[K]):
    """Objects compared by identity, each once, in the order they came in."""

    __slots__ = ("_members",)

    def __init__(self, members: Iterable[K] = ()) -> None:
        self._members = {id(one): one for one in members}

    def __contains__(self, member: object) -> bool:
        return id(member) in self._members

    def __bool__(self) -> bool:
        return bool(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def __iter__(self) -> Iterator[K]:
        return iter(self._members.values())

    def add(self, member: K) -> None:
        """Takes one more."""
        self._members.setdefault(id(member), member)

    def update(self, members: Iterable[K]) -> None:
        """Takes some more."""
        for one in members:
            self._members.setdefault(id(one), one)
