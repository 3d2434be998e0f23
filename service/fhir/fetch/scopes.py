"""SMART scopes, versions 1 and 2: what a token lets us read and search."""

import re
from dataclasses import dataclass
from enum import IntEnum

_SCOPE = re.compile(
    r"(?P<who>patient|user|system)/(?P<type>[A-Za-z]+|\*)\.(?P<may>[a-z]+|\*)(?P<only>\?.*)?"
)
_READ_V1 = frozenset({"read", "*"})
_LETTERS = frozenset("cruds")


class Grant(IntEnum):
    """Whether a call is allowed; `PART` lets us call and holds back what its parameters exclude."""

    NONE = 0
    PART = 1
    WHOLE = 2


@dataclass(frozen=True, slots=True)
class Scopes:
    """The scopes of a token; `said` is None where nobody told, which excludes nothing."""

    said: str | None
    this_patient: bool = True

    def grant(self, type_: str, *, search: bool) -> Grant:
        """What they allow for a resource type."""
        if self.said is None:
            return Grant.WHOLE
        return max(
            (self._grant(scope, type_, search) for scope in self.said.split()), default=Grant.NONE
        )

    def _grant(self, scope: str, type_: str, search: bool) -> Grant:  # noqa: FBT001 - handed on
        match = _SCOPE.fullmatch(scope)
        if match is None or match["type"] not in ("*", type_):
            return Grant.NONE
        # a token for one patient shows nothing of another
        if match["who"] == "patient" and not self.this_patient:
            return Grant.NONE
        if not _may(match["may"], "s" if search else "r"):
            return Grant.NONE
        return Grant.PART if match["only"] else Grant.WHOLE


def _may(letters: str, wanted: str) -> bool:
    return letters in _READ_V1 or (wanted in letters and set(letters) <= _LETTERS)
