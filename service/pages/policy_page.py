"""The content of the page of one policy version, for pharmacists and doctors."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.pages.criteria_outline import Labelled, Outline, OutlineLine, PageReading
from service.pages.glossary import Glossary, approval_words, evidence_words, lines_of, state_words
from service.pages.version_by_name import PolicyVersion
from service.policy.model import Criterion, Indication

PHASES = {"initial": "Initial request", "renewal": "Renewal"}
COMMON = "For every indication"


@dataclass(frozen=True, slots=True)
class PagePart:
    """The criteria of one indication, or those common to all."""

    title: str
    nest: str
    lines: tuple[OutlineLine, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    """The first request or the renewal; every part of it that applies must be met."""

    id: str
    title: str
    lines: str
    parts: tuple[PagePart, ...]


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A fact or value set of the page: name, words, further words, and the criteria that use it."""

    name: str
    says: str
    more: tuple[str, ...]
    used_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The sections of a policy's page, in the order in which they are shown."""

    title: str
    name: str
    url: str | None
    about: tuple[Labelled, ...]
    phases: tuple[Phase, ...]
    elsewhere: tuple[Labelled, ...]
    trial: tuple[Labelled, ...]
    readings: tuple[PageReading, ...]
    not_encoded: tuple[Labelled, ...]
    facts: tuple[PageEntry, ...]
    value_sets: tuple[PageEntry, ...]


def page(version: PolicyVersion) -> Page:
    """The page of one version."""
    glossary = Glossary(version.library.knowledge)
    outline = Outline(glossary, version.head.readings)
    phases = tuple(_phase(version, outline, id_) for id_ in PHASES)
    url = version.policy.url
    return Page(
        version.policy.title,
        version.name,
        url if url and url.startswith(("https://", "http://")) else None,
        tuple(_about(version)),
        phases,
        tuple(_other_programs(version)),
        tuple(_trial(version)),
        tuple(outline.reading(name) for name in version.head.readings),
        tuple(_not_encoded(version)),
        tuple(_fact(glossary, name, by) for name, by in outline.facts.items()),
        tuple(_value_set(glossary, name, by) for name, by in sorted(outline.value_sets.items())),
    )


def _about(version: PolicyVersion) -> Iterator[Labelled]:
    policy, head = version.policy, version.head
    yield "Policy", policy.id
    yield "Payer", version.payer.name if version.payer else policy.payer
    yield "Drug", policy.drug
    yield "Source", policy.document
    for name, value in head.source.items():
        yield f"Source, {name.replace('_', ' ')}", str(value)
    yield "In force from", str(policy.effective)
    yield "In force until", str(policy.until) if policy.until else "no end is set"
    yield "State", state_words(policy.state)
    yield "Author", head.author or "not named"
    yield "Reviewer", head.reviewer or "not named"
    yield "Last held against the source", str(head.last_checked)
    yield "Next review by", str(head.review_by) if head.review_by else "not set"
    yield "An approval lasts", approval_words(policy.approval_months)
    for indication in policy.indications.values():
        if indication.approval_months:
            yield (
                f"An approval for {indication.title} lasts",
                approval_words(indication.approval_months),
            )
    if policy.renewal_after:
        yield (
            "A renewal is asked for",
            f"{policy.renewal_after} after the first dose at the earliest",
        )
    yield "A statement of the prescriber counts for", str(policy.statements_valid)
    if policy.window_statements_valid:
        yield (
            "A statement about a window that ends today, or about today, counts for",
            str(policy.window_statements_valid),
        )
    for set_name, kinds in head.accepts.items():
        yield f"Evidence called “{set_name}”", evidence_words(kinds)


def _phase(version: PolicyVersion, outline: Outline, id_: str) -> Phase:
    policy = version.policy
    common = policy.common(id_)
    parts = [_common(outline, common)]
    parts += [
        _indication(outline, indication, id_, n)
        for n, indication in enumerate(policy.indications.values())
    ]
    return Phase(id_, PHASES[id_], lines_of(policy.ids.get(id_, "")), tuple(parts))


def _common(outline: Outline, criteria: tuple[Criterion, ...]) -> PagePart:
    lines = tuple(outline.line(criterion, str(n)) for n, criterion in enumerate(criteria, 1))
    return PagePart(COMMON, "ALL of these, and the criteria of the indication ordered", lines)


def _indication(outline: Outline, indication: Indication, phase: str, n: int) -> PagePart:
    tree: Criterion | None = getattr(indication, phase)
    letter = chr(ord("A") + n) if n < 26 else f"Z{n}"  # noqa: PLR2004 - the letters of the alphabet
    lines = () if tree is None else (outline.line(tree, letter),)
    nest = "Not encoded yet, for the reviewer" if indication.not_encoded else "In addition"
    return PagePart(indication.title[:1].upper() + indication.title[1:], nest, lines)


def _other_programs(version: PolicyVersion) -> Iterator[Labelled]:
    for program in version.payer.elsewhere if version.payer else ():
        names = ", ".join(program.names)
        yield (
            f"{program.says} Known by: {names or 'identifiers of the plan'}.",
            lines_of(program.cite),
        )


def _trial(version: PolicyVersion) -> Iterator[Labelled]:
    trial = version.head.trial
    yield "A trial lasts at least", str(trial.for_)
    yield "Evidence accepted", evidence_words(version.head.accepts.get(trial.accepts, ()))
    yield "Looked back", str(trial.look_back)
    yield "A gap that does not end a run", str(trial.gap)
    yield "Failed means", trial.outcome_asks.format(says="the therapy named")


def _not_encoded(version: PolicyVersion) -> Iterator[Labelled]:
    for cite, why in version.policy.not_encoded:
        yield lines_of(cite), why
    for indication in version.policy.indications.values():
        if indication.not_encoded:
            yield indication.title, indication.not_encoded


def _fact(glossary: Glossary, name: str, used_by: list[str]) -> PageEntry:
    fact = glossary.fact(name)
    if fact is None:
        return PageEntry(name, "", (), tuple(used_by))
    silent = (
        f"{glossary.source(source.source)}: nothing found there "
        f"{'may mean none, where the source is complete' if source.silence_means_none else 'means unknown'}"
        f" ({source.why})"
        for source in fact.sources
    )
    more = (f"To supply it: {fact.supply}", *silent)
    return PageEntry(name, fact.says, more, tuple(dict.fromkeys(used_by)))


def _value_set(glossary: Glossary, name: str, used_by: list[str]) -> PageEntry:
    members = glossary.knowledge.members.get(name, ())
    more = (f"Members: {', '.join(members)}",) if members else ()
    return PageEntry(name, glossary.title(name), more, tuple(dict.fromkeys(used_by)))
