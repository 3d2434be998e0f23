"""Pieces of pages as plain text: titles, pairs, criteria, wrapped to a width."""

from collections.abc import Iterable, Iterator
from textwrap import fill

from service.pages.outline import Line, Named, Reading

WIDTH = 100


def paired(found: Iterable[Named]) -> Iterator[str]:
    """Labels with their words."""
    for label, words in found:
        yield from wrapped(f"{label}: {words}" if words else label, 0)


def heading(title: str, rule: str) -> Iterator[str]:
    """A title with a rule below it."""
    yield ""
    yield title
    yield rule * len(title)


def wrapped(text: str, depth: int) -> Iterator[str]:
    """A text in lines, indented."""
    indent = "   " * depth
    yield fill(
        text,
        max(WIDTH, len(indent) + 40),
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def criterion_lines(line: Line, depth: int) -> Iterator[str]:
    """A criterion with everything below it."""
    branch = f"[{line.branch}] " if line.branch else ""
    yield from wrapped(f"{line.number} {branch}{line.says}", depth)
    yield from wrapped(f"{line.lines} · {line.id}" if line.lines else line.id, depth + 1)
    for label, words in line.notes:
        yield from wrapped(f"{label}: {words}", depth + 1)
    for reading in line.readings:
        yield from wrapped(f"Reading {reading_words(reading)}", depth + 1)
    if line.nest:
        yield from wrapped(f"{line.nest}:", depth + 1)
    for child in line.children:
        yield from criterion_lines(child, depth + 1)
    if depth == 0:
        yield ""


def reading_words(reading: Reading) -> str:
    """A reading of an unclear line in one paragraph."""
    others = "".join(f" OTHER READING: {one}." for one in reading.others)
    why = f" Why: {reading.why}." if reading.why else ""
    about = ", ".join(part for part in (f"{reading.confidence} confidence", reading.lines) if part)
    return f"{reading.name} ({about}): {reading.used}.{others}{why}"
