"""Pages of policies and therapies as plain text for a terminal or a printer."""

from collections.abc import Iterable, Iterator
from textwrap import fill

from service.clinical.therapies_and_pathways import Reference
from service.pages.criteria_outline import Labelled, OutlineLine, PageReading
from service.pages.policy_page import Page, PageEntry, PagePart
from service.pages.therapy_page import Section, TherapyPage

WIDTH = 100


def labelled_lines(pairs: Iterable[Labelled]) -> Iterator[str]:
    """Labels with their words, one per line."""
    for label, words in pairs:
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


def criterion_lines(line: OutlineLine, depth: int) -> Iterator[str]:
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


def reading_words(reading: PageReading) -> str:
    """A reading of an unclear line in one paragraph."""
    others = "".join(f" OTHER READING: {other}." for other in reading.others)
    why = f" Why: {reading.why}." if reading.why else ""
    about = ", ".join(part for part in (f"{reading.confidence} confidence", reading.lines) if part)
    return f"{reading.name} ({about}): {reading.used}.{others}{why}"


ABOUT = (
    "How this service reads the policy, in its own words. Numbers of lines are those of the source document. "
    "Where nothing else is said, the latest value of a measurement counts. The payer decides."
)


def as_text(page: Page) -> str:
    """The whole page, in the order of its sections."""
    return "\n".join(_page(page)).rstrip() + "\n"


def _page(page: Page) -> Iterator[str]:
    yield from heading(page.title, "=")
    yield from labelled_lines(page.about)
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


def _part(part: PagePart) -> Iterator[str]:
    yield from heading(part.title, "-")
    yield f"{part.nest}:"
    yield ""
    for line in part.lines:
        yield from criterion_lines(line, 0)


def _entries(title: str, entries: Iterable[PageEntry]) -> Iterator[str]:
    yield from heading(title, "=")
    for entry in entries:
        yield from wrapped(f"{entry.name}: {entry.says}", 0)
        for more in entry.more:
            yield from wrapped(more, 1)


def _listed(title: str, pairs: tuple[Labelled, ...]) -> Iterator[str]:
    if pairs:
        yield from heading(title, "=")
        yield from labelled_lines(pairs)


ABOUT_THERAPIES = (
    "What this service knows of the therapy. Clinical information for the prescriber; nothing here decides "
    "coverage. What is marked as not verified stands on this page only."
)


def therapy_text(page: TherapyPage) -> str:
    """The whole page, in the order of its sections."""
    return "\n".join(_therapy_page(page)).rstrip() + "\n"


def _therapy_page(page: TherapyPage) -> Iterator[str]:
    yield from heading(page.title, "=")
    yield from wrapped(ABOUT_THERAPIES, 0)
    for section in page.sections:
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    yield from heading(section.title, "=")
    yield from labelled_lines(section.pairs)
    for item in section.items:
        yield from wrapped(f"- {item}", 0)
    if section.nest:
        yield from wrapped(f"{section.nest}:", 0)
    for line in section.lines:
        yield from criterion_lines(line, 0)
    for reference in section.sources:
        yield from wrapped(f"{reference.name}: {_cited(reference)}", 0)


def _cited(reference: Reference) -> str:
    return ", ".join(
        part for part in (reference.title, reference.date, reference.note, reference.url) if part
    )
