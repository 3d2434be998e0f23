"""The page as plain text for a terminal or a printer."""

from collections.abc import Iterable, Iterator

from service.pages.outline import Named
from service.pages.page import Entry, Page, Part
from service.pages.printed import criterion_lines, heading, paired, reading_words, wrapped

ABOUT = (
    "How this service reads the policy, in its own words. Numbers of lines are those of the source document. "
    "Where nothing else is said, the latest value of a measurement counts. The payer decides."
)


def as_text(page: Page) -> str:
    """The whole page, in the order of its sections."""
    return "\n".join(_page(page)).rstrip() + "\n"


def _page(page: Page) -> Iterator[str]:
    yield from heading(page.title, "=")
    yield from paired(page.about)
    if page.url:
        yield f"Read it at: {page.url}"
    yield ""
    yield from wrapped(ABOUT, 0)
    for phase in page.phases:
        yield from heading(f"{phase.title} ({phase.lines})" if phase.lines else phase.title, "=")
        for part in phase.parts:
            yield from _part(part)
    yield from _listed("Decided elsewhere", page.elsewhere)
    yield from _listed("What a trial means where a criterion says nothing else", page.trial)
    yield from heading("Readings of unclear lines", "=")
    for reading in page.readings:
        yield from wrapped(reading_words(reading), 0)
    yield from _listed("Not encoded, and why", page.not_encoded)
    yield from _entries("Where the record is asked", page.facts)
    yield from _entries("Value sets", page.value_sets)


def _part(part: Part) -> Iterator[str]:
    yield from heading(part.title, "-")
    yield f"{part.nest}:"
    yield ""
    for line in part.lines:
        yield from criterion_lines(line, 0)


def _entries(title: str, entries: Iterable[Entry]) -> Iterator[str]:
    yield from heading(title, "=")
    for entry in entries:
        yield from wrapped(f"{entry.name}: {entry.says}", 0)
        for more in entry.more:
            yield from wrapped(more, 1)


def _listed(title: str, pairs: tuple[Named, ...]) -> Iterator[str]:
    if pairs:
        yield from heading(title, "=")
        yield from paired(pairs)
