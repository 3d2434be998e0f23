"""A directory of drug products, packed: a product's nine digits lead to a line that describes it.

Held as arrays of numbers and one run of bytes, so that a hundred thousand products take some megabytes and
are shared by all workers; only the products that are asked for become objects.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

# Room for the number of a line beside that of a product.
BITS = 24
PUFFS = b"# packages by the puffs in them: count, tab, numbers"
SAMPLES = b"# sample packages"
HEAD = b"# products by what is in them: description, tab, numbers"


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Directory:
    """Sorted product numbers, beside each the line that describes it, and all lines in one."""

    numbers: "array[int]"
    lines: "array[int]"
    starts: "array[int]"
    text: bytes
    puffs: Mapping[int, int] = field(default_factory=dict)
    samples: frozenset[int] = frozenset()

    def descriptions(self, product: str) -> tuple[str, ...]:
        """What the directory says of a product; nothing where it does not hold it."""
        number = int(product)
        at = bisect_left(self.numbers, number)
        descriptions: list[str] = []
        while at < len(self.numbers) and self.numbers[at] == number:
            descriptions.append(self.line(self.lines[at]))
            at += 1
        return tuple(descriptions)

    def line(self, index: int) -> str:
        """One description."""
        return self.text[self.starts[index] : self.starts[index + 1]].decode()

    def all_lines(self) -> Iterator[str]:
        """Every description, each once."""
        return (self.line(index) for index in range(len(self.starts) - 1))

    def all_words(self) -> str:
        """All descriptions in one text."""
        return b"\n".join(self.text[at:end] for at, end in pairwise(self.starts)).decode()

    def products(self) -> Iterator[tuple[str, str]]:
        """Every product with its description."""
        for number, line in zip(self.numbers, self.lines, strict=True):
            yield f"{number:09d}", self.line(line)


class Packages(NamedTuple):
    """Packages (eleven digits) that hold so many puffs, and those that are samples."""

    puffs: Mapping[int, Iterable[str]] = MappingProxyType({})
    samples: Iterable[str] = ()


def packed(products: Iterable[tuple[str, str]], packages: Packages | None = None) -> bytes:
    """The table of products (nine digits, description) as it ships, before it is compressed."""
    by_description: dict[str, set[int]] = {}
    for product, description in products:
        by_description.setdefault(description, set()).add(int(product))
    rows = [_row(description, numbers) for description, numbers in sorted(by_description.items())]
    puffs, samples = packages or Packages()
    counts = [_row(str(count), map(int, several)) for count, several in sorted(puffs.items())]
    held = _row("", map(int, samples))
    return b"\n".join([HEAD, *rows, PUFFS, *counts, SAMPLES, held, b""])


def _row(written: str, numbers: Iterable[int]) -> bytes:
    return f"{written}\t{' '.join(map(str, sorted(set(numbers))))}".encode()


def unpacked(table: bytes) -> Directory:
    """The directory of such a table; ValueError where it is none."""
    head, *every = table.split(b"\n")
    if head != HEAD:
        raise ValueError("not a table of products")
    puffs, samples = every.index(PUFFS), every.index(SAMPLES)
    rows = every[:puffs]
    keys: list[int] = []
    starts, texts, at = array("I", [0]), [], 0
    for index, row in enumerate(filter(None, rows)):
        text, _, numbers = row.rpartition(b"\t")
        keys += [int(number) << BITS | index for number in numbers.split()]
        texts.append(text)
        at += len(text)
        starts.append(at)
    keys.sort()
    return Directory(
        array("I", [key >> BITS for key in keys]),
        array("I", [key & ((1 << BITS) - 1) for key in keys]),
        starts,
        b"".join(texts),
        {
            int(number): int(count)
            for count, _, numbers in (row.partition(b"\t") for row in every[puffs + 1 : samples])
            for number in numbers.split()
        },
        frozenset(int(number) for row in every[samples + 1 :] for number in row.split()),
    )
