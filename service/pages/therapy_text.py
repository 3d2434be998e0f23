"""The page of a therapy as plain text."""

from collections.abc import Iterator

from service.clinical.model import Reference
from service.pages.printed import criterion_lines, heading, paired, wrapped
from service.pages.therapy import Section, TherapyPage

ABOUT = (
    "What this service knows of the therapy. Clinical information for the prescriber; nothing here decides "
    "coverage. What is marked as not verified stands on this page only."
)


def therapy_text(page: TherapyPage) -> str:
    """The whole page, in the order of its sections."""
    return "\n".join(_page(page)).rstrip() + "\n"


def _page(page: TherapyPage) -> Iterator[str]:
    yield from heading(page.title, "=")
    yield from wrapped(ABOUT, 0)
    for section in page.sections:
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    yield from heading(section.title, "=")
    yield from paired(section.pairs)
    for item in section.items:
        yield from wrapped(f"- {item}", 0)
    if section.nest:
        yield from wrapped(f"{section.nest}:", 0)
    for line in section.lines:
        yield from criterion_lines(line, 0)
    for one in section.sources:
        yield from wrapped(f"{one.name}: {_cited(one)}", 0)


def _cited(one: Reference) -> str:
    return ", ".join(part for part in (one.title, one.date, one.note, one.url) if part)
