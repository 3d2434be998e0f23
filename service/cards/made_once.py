"""What cards and twins make of a judgement that is kept from request to request, made once."""

from collections.abc import Callable
from typing import Generic, TypeVar

from service.policy.judged import Judged

MOST_KEPT = 4096
T = TypeVar("T")
M = TypeVar("M")


class MadeOnce(Generic[M, T]):
    """By the ids of what it was made of, which stays beside it, so that its ids stay its own."""

    def __init__(self, make: Callable[[M, Judged], T]) -> None:
        self._make = make
        self._made: dict[tuple[int, int], tuple[M, Judged, T]] = {}

    def of(self, manner: M, judged: Judged) -> T:
        """What is made of a judgement in some manner: anew of one that is not kept; only ever read."""
        if judged.kept is None:
            return self._make(manner, judged)
        known = self._made.get((id(manner), id(judged)))
        if known is None:
            if len(self._made) >= MOST_KEPT:
                self._made.clear()
            known = manner, judged, self._make(manner, judged)
            self._made[id(manner), id(judged)] = known
        return known[2]
