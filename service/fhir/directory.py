"""A directory of drug products, packed: a product's nine digits lead to a line that describes it.

Held as arrays of numbers and one run of bytes, so that a hundred thousand products take some megabytes and
are shared by all workers; only the products that are asked for become objects.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Room for the number of a line beside that of a product.
BITS = 24
HEAD = b"# products by what is in them: description, tab, numbers"


@dataclass(frozen=True, slots=True)
class Directory:
    """Sorted product numbers, beside each the line that describes it, and all lines in one."""

    numbers: "array[int]"
    lines: "array[int]"
    starts: "array[int]"
    text: bytes

    def descriptions(self, product: str) -> tuple[str, ...]:
        """What the directory says of a product; nothing where it does not hold it."""
        number = int(product)
        at = bisect_left(self.numbers, number)
        found: list[str] = []
        while at < len(self.numbers) and self.numbers[at] == number:
            found.append(self.line(self.lines[at]))
            at += 1
        return tuple(found)

    def line(self, index: int) -> str:
        """One description."""
        return self.text[self.starts[index] : self.starts[index + 1]].decode()

    def all_lines(self) -> Iterator[str]:
        """Every description, each once."""
        return (self.line(index) for index in range(len(self.starts) - 1))

    def products(self) -> Iterator[tuple[str, str]]:
        """Every product with its description."""
        for number, line in zip(self.numbers, self.lines, strict=True):
            yield f"{number:09d}", self.line(line)


def packed(products: Iterable[tuple[str, str]]) -> bytes:
    """The table of products (nine digits, description) as it ships, before it is compressed."""
    found: dict[str, set[int]] = {}
    for product, description in products:
        found.setdefault(description, set()).add(int(product))
    rows = [
        f"{description}\t{' '.join(map(str, sorted(numbers)))}".encode()
        for description, numbers in sorted(found.items())
    ]
    return b"\n".join([HEAD, *rows, b""])


def unpacked(table: bytes) -> Directory:
    """The directory of such a table; ValueError where it is none."""
    head, *rows = table.split(b"\n")
    if head != HEAD:
        raise ValueError("not a table of products")
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
    )
