"""The day on which a question is asked."""

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class AsOf:
    """`day`: that day for every order; `order`: the order's own day, and `day` where it has none."""

    kind: Literal["day", "order"]
    day: date
