"""Documents with one number moved by one unit: what a threshold's cases have to tell from the rule."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import yaml
from cases.run import Case, wrong

from service.library import Library, load_library

AMOUNT = re.compile(r"^(-?\d+(?:\.\d+)?)( \S.*)?$")
PLAIN = frozenset({"best"})
WORDS = {
    "says",
    "asks",
    "cite",
    "short",
    "effective",
    "last_checked",
    "review_by",
    "approval_months",
}
WORDS |= {"readings", "not_encoded", "source"}


@dataclass(frozen=True)
class Mutant:
    """One number of one document moved by one unit."""

    file: str
    about: str
    key: str
    way: str
    start: int
    end: int
    written: str

    @property
    def name(self) -> str:
        """The mutant in words: which number of which criterion, and what it became."""
        return f"{Path(self.file).name}: {self.about}.{self.key} {self.way} ({self.written})"


def mutants_of(content: Path, file: str, plain: frozenset[str] = PLAIN) -> Iterator[Mutant]:
    """Every number with a unit, and those without one under a plain key, one unit down and up."""
    root = yaml.compose((content / file).read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    yield from _walk(root, _Place(file, "", "", plain))


@dataclass(frozen=True)
class _Place:
    file: str
    about: str
    key: str
    plain: frozenset[str]

    @property
    def last(self) -> str:
        return self.key.rsplit(".", 1)[-1]


def _walk(node: yaml.Node, at: _Place) -> Iterator[Mutant]:
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _walk(child, at)
    elif isinstance(node, yaml.MappingNode):
        said = {one.value: value for one, value in node.value}
        about = said["id"].value if "id" in said else at.about
        for one, value in node.value:
            if one.value not in WORDS:
                key = f"{at.key}.{one.value}".lstrip(".")
                yield from _walk(value, replace(at, about=about, key=key))
    elif found := _moved(node, at):
        for way, written in found:
            start, end = node.start_mark.index, node.end_mark.index
            yield Mutant(at.file, at.about, at.last, way, start, end, written)


def _moved(node: yaml.Node, at: _Place) -> list[tuple[str, str]]:
    """The number one unit down and one unit up; a year moves by a month."""
    found = AMOUNT.match(str(node.value))
    if found is None or (found[2] is None and at.last not in at.plain):
        return []
    value, unit = float(found[1]), found[2] or ""
    if unit in (" year", " years"):
        value, unit = value * 12, " months"
    return [(way, f"{value + by:g}{unit}") for way, by in (("-1", -1), ("+1", 1))]


def touches(case: Case, about: str) -> bool:
    """Whether a case expects something of the criterion, of a part of it or of what it is part of."""
    return any(
        id_ == about or id_.startswith(f"{about}.") or about.startswith(f"{id_}.")
        for id_ in case.expect
    )


def mutated(mutant: Mutant, content: Path) -> Library:
    """The library of a content folder with the one number moved; the file is as before afterwards."""
    path = content / mutant.file
    written = path.read_text(encoding="utf-8")
    moved = f"{written[: mutant.start]}{mutant.written}{written[mutant.end :]}"
    try:
        path.write_text(moved, encoding="utf-8")
        return load_library(content, None)
    finally:
        path.write_text(written, encoding="utf-8")


def flipped(cases: list[Case], library: Library) -> str | None:
    """The first case that a library does not meet."""
    return next((one.says for one in cases if wrong(one, library)), None)
