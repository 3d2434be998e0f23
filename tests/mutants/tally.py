"""The count of mutants: how many there were, how many lived, how long it took."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


class Count(NamedTuple):
    """Mutants of one kind; `refused` are the ones that `check` already refuses."""

    mutants: int
    refused: int
    survivors: int
    seconds: float


@dataclass
class Tally:
    """Counts by what was changed."""

    counts: dict[str, Count] = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        """The counts as text, with a line for all; nothing where nothing was counted."""
        if not self.counts:
            return
        whole = Count(*map(sum, zip(*self.counts.values(), strict=True)))
        width = max(map(len, self.counts))
        yield f"{'changed':{width}} mutants refused survivors seconds"
        for what, one in [*self.counts.items(), ("all", whole)]:
            numbers = f"{one.mutants:7} {one.refused:7} {one.survivors:9} {one.seconds:7.0f}"
            yield f"{what:{width}} {numbers}"
