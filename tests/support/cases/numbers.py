"""The numbers of policies, each moved by one unit, many at once where no case can confuse them."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

AMOUNT = re.compile(r"^(\d+(?:\.\d+)?)( \S.*)?$")
COUNTS = {"n", "at_least"}
# Words and days, and what is a convention of the engine rather than a line of the policy.
SKIPPED = {
    "says",
    "asks",
    "cite",
    "short",
    "readings",
    "not_encoded",
    "source",
    "best",
    "effective",
}
SKIPPED |= {"until", "last_checked", "review_by", "approval_months", "statements_valid", "regimen"}


@dataclass(frozen=True)
class Number:
    """One number of one document, what it belongs to, and where it stands."""

    file: str
    about: str
    key: str
    start: int
    end: int
    value: float
    unit: str

    def moved(self, by: int) -> str:
        """The number one unit up or down; a year moves by a month."""
        if self.unit in (" year", " years"):
            return f"{self.value * 12 + by:g} months"
        return f"{self.value + by:g}{self.unit}"


def numbers_of(content: Path, file: str) -> list[Number]:
    """Every number with a unit, and every count, of one document."""
    root = yaml.compose((content / file).read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    return [] if root is None else list(_walk(file, root, "", ""))


def _walk(file: str, node: yaml.Node, about: str, key: str) -> Iterator[Number]:
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _walk(file, child, about, key)
    elif isinstance(node, yaml.MappingNode):
        said = {one.value: value for one, value in node.value}
        about = said["id"].value if "id" in said else about
        for one, value in node.value:
            if one.value not in SKIPPED:
                yield from _walk(file, value, about, one.value)
    elif (found := AMOUNT.match(node.value)) and (found[2] or key in COUNTS):
        where = node.start_mark.index, node.end_mark.index
        yield Number(file, about, key, *where, float(found[1]), found[2] or "")


def batches(numbers: list[Number]) -> list[list[Number]]:
    """Sets of numbers of which no two belong to one criterion, or to a criterion and its part."""
    found: defaultdict[int, list[Number]] = defaultdict(list)
    for one in numbers:
        found[next(n for n in range(len(numbers)) if _free(one, found[n]))].append(one)
    return list(found.values())


def _free(one: Number, others: list[Number]) -> bool:
    """What belongs to no criterion concerns all of them: it is moved alone."""
    return all(one.about and other.about and not _near(one.about, other.about) for other in others)


def _near(one: str, other: str) -> bool:
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def move(content: Path, batch: list[Number], by: int) -> None:
    """Writes the documents of a content folder with these numbers moved."""
    for one in sorted(batch, key=lambda one: -one.start):
        path = content / one.file
        text = path.read_text(encoding="utf-8")
        path.write_text(f"{text[: one.start]}{one.moved(by)}{text[one.end :]}", encoding="utf-8")
