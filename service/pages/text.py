"""The page as plain text for a terminal or a printer."""

from collections.abc import Iterable, Iterator
from textwrap import fill

from service.pages.outline import Line, Named, Reading
from service.pages.page import Entry, Page, Part

WIDTH = 100
ABOUT = (
    "How this service reads the policy, in its own words. Numbers of lines are those of the source document. "
    "Where nothing else is said, the latest value of a measurement counts. The payer decides."
)


def as_text(page: Page) -> str:
    """The whole page, in the order of its sections."""
    return "\n".join(_page(page)).rstrip() + "\n"


def _page(page: Page) -> Iterator[str]:
    yield from _title(page.title, "=")
    yield from _pairs(page.about)
    if page.url:
        yield f"Read it at: {page.url}"
    yield ""
    yield from _wrapped(ABOUT, 0)
    for phase in page.phases:
        yield from _title(f"{phase.title} ({phase.lines})" if phase.lines else phase.title, "=")
        for part in phase.parts:
            yield from _part(part)
    yield from _listed("Decided elsewhere", page.elsewhere)
    yield from _listed("What a trial means where a criterion says nothing else", page.trial)
    yield from _title("Readings of unclear lines", "=")
    for reading in page.readings:
        yield from _wrapped(_reading(reading), 0)
    yield from _listed("Not encoded, and why", page.not_encoded)
    yield from _entries("Where the record is asked", page.facts)
    yield from _entries("Value sets", page.value_sets)


def _part(part: Part) -> Iterator[str]:
    yield from _title(part.title, "-")
    yield f"{part.nest}:"
    yield ""
    for line in part.lines:
        yield from _line(line, 0)


def _line(line: Line, depth: int) -> Iterator[str]:
    branch = f"[{line.branch}] " if line.branch else ""
    yield from _wrapped(f"{line.number} {branch}{line.says}", depth)
    yield from _wrapped(f"{line.lines} · {line.id}" if line.lines else line.id, depth + 1)
    for label, words in line.notes:
        yield from _wrapped(f"{label}: {words}", depth + 1)
    for reading in line.readings:
        yield from _wrapped(f"Reading {_reading(reading)}", depth + 1)
    if line.nest:
        yield from _wrapped(f"{line.nest}:", depth + 1)
    for child in line.children:
        yield from _line(child, depth + 1)
    if depth == 0:
        yield ""


def _reading(reading: Reading) -> str:
    others = "".join(f" OTHER READING: {one}." for one in reading.others)
    why = f" Why: {reading.why}." if reading.why else ""
    about = ", ".join(part for part in (f"{reading.confidence} confidence", reading.lines) if part)
    return f"{reading.name} ({about}): {reading.used}.{others}{why}"


def _entries(title: str, entries: Iterable[Entry]) -> Iterator[str]:
    yield from _title(title, "=")
    for entry in entries:
        yield from _wrapped(f"{entry.name}: {entry.says}", 0)
        for more in entry.more:
            yield from _wrapped(more, 1)


def _listed(title: str, pairs: tuple[Named, ...]) -> Iterator[str]:
    if pairs:
        yield from _title(title, "=")
        yield from _pairs(pairs)


def _pairs(pairs: Iterable[Named]) -> Iterator[str]:
    for label, words in pairs:
        yield from _wrapped(f"{label}: {words}" if words else label, 0)


def _title(title: str, rule: str) -> Iterator[str]:
    yield ""
    yield title
    yield rule * len(title)


def _wrapped(text: str, depth: int) -> Iterator[str]:
    indent = "   " * depth
    yield fill(
        text,
        max(WIDTH, len(indent) + 40),
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
