"""The table of cells: per file how many leaves there are, and how many cells cases expect."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


class Row(NamedTuple):
    """Leaves, cells that a case expects, cells that are possible, cells that are not."""

    leaves: int = 0
    covered: int = 0
    possible: int = 0
    impossible: int = 0

    def plus(self, other: "Row") -> "Row":
        """Both counted together."""
        return Row(*(mine + its for mine, its in zip(self, other, strict=True)))


@dataclass
class Table:
    """Rows by file, in the order in which they came."""

    rows: dict[str, Row] = field(default_factory=dict)

    def add(self, file: str, row: Row) -> None:
        """Counts a leaf of a file."""
        self.rows[file] = self.rows.get(file, Row()).plus(row)

    def lines(self) -> Iterator[str]:
        """The table as text, with a line for all; nothing where nothing was counted."""
        if not self.rows:
            return
        whole = Row()
        for row in self.rows.values():
            whole = whole.plus(row)
        width = max(map(len, self.rows))
        yield f"{'file':{width}} leaves covered possible impossible"
        for file, row in [*self.rows.items(), ("all", whole)]:
            numbers = f"{row.leaves:6} {row.covered:7} {row.possible:8} {row.impossible:10}"
            yield f"{file:{width}} {numbers}"
