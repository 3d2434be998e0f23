"""The content of the page of one therapy; what was not verified is marked."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches

from service.clinical.therapies_and_pathways import (
    Caution,
    Coding,
    Guideline,
    Ordered,
    Reference,
    Therapy,
    TherapyDose,
    Use,
    Watch,
)
from service.errors import UnknownTherapyError
from service.library.library import Library
from service.pages.criteria_outline import Labelled, Outline, OutlineLine
from service.pages.glossary import Glossary

LABELS = {
    "approved": "approved in the US",
    "off_label": "off-label in the US",
    "not_approved": "not approved in the US",
}
EFFECTS = {
    "rules_out": "rules it out",
    "lowers": "moves it behind the others",
    "not_ordered": "moves it behind the others; no order is proposed",
}
ASKED = ", checked first where unknown"
UNSEEN = " (not verified)"
SYSTEMS = {
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RxNorm",
    "http://loinc.org": "LOINC",
    "http://www.ama-assn.org/go/cpt": "CPT",
    "http://snomed.info/sct": "SNOMED CT",
}


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the page; False if it is empty, and then it is not shown."""

    id: str
    title: str
    pairs: tuple[Labelled, ...] = ()
    nest: str = ""
    lines: tuple[OutlineLine, ...] = ()
    items: tuple[str, ...] = ()
    sources: tuple[Reference, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.pairs or self.lines or self.items or self.sources)


@dataclass(frozen=True, slots=True)
class TherapyPage:
    """The sections of a therapy's page, in the order in which they are shown."""

    title: str
    name: str
    sections: tuple[Section, ...]


def find_therapy(library: Library, name: str) -> Therapy:
    """A therapy by name; raises UnknownTherapyError with the nearest name."""
    therapies = library.clinical.therapies
    if name in therapies:
        return therapies[name]
    close = get_close_matches(name, therapies, n=1, cutoff=0.5)
    meant = (
        f"did you mean '{close[0]}'?" if close else f"there are {', '.join(therapies) or 'none'}"
    )
    raise UnknownTherapyError(f"there is no therapy '{name}'; {meant}")


def therapy_page(library: Library, therapy: Therapy) -> TherapyPage:
    """The page of one therapy."""
    outline = Outline(Glossary(library.knowledge), {}, citing=lambda cite: cite)
    uses = [
        section
        for id_, use in therapy.uses.items()
        for section in _use(outline, id_, disease_title(library, id_), use)
    ]
    sections = (
        Section("about", "About", tuple(_about(outline, therapy))),
        *uses,
        Section(
            "prefer",
            "What speaks for it in a patient",
            nest="Each is shown as a reason where it is met",
            lines=tuple(
                outline.line(criterion, str(n)) for n, criterion in enumerate(therapy.prefer, 1)
            ),
        ),
        Section(
            "avoid",
            "What speaks against it in a patient",
            nest="Each by itself",
            lines=tuple(
                _caution(outline, caution, n) for n, caution in enumerate(therapy.avoid, 1)
            ),
        ),
        Section("checks", "Before the first dose", tuple(_checks(therapy))),
        Section("monitoring", "During treatment", tuple(map(_watch, therapy.monitoring))),
        Section("pathways", "Where it is proposed", tuple(_places(library, therapy))),
        Section("unverified", "Not verified; never shown on a card", items=therapy.unverified),
        Section("references", "References", sources=tuple(map(_safe, therapy.references))),
    )
    return TherapyPage(therapy.name, therapy.id, tuple(section for section in sections if section))


def _about(outline: Outline, therapy: Therapy) -> Iterator[Labelled]:
    yield "Class", therapy.class_
    yield "Kind", therapy.kind
    if therapy.taken:
        title = outline.glossary.title(therapy.taken.value_set)
        names = ", ".join(sorted(therapy.taken.ingredients))
        yield "Found in the record as", f"{names or 'any'} ({title})"
    if therapy.boxed_warning:
        yield "Boxed warning", f"{therapy.boxed_warning} ({therapy.boxed_cite})"


def disease_title(library: Library, id_: str) -> str:
    """What policies call a disease in full; its id if no policy here has it."""
    named = (
        policy.indications[id_].title for policy in library.policies if id_ in policy.indications
    )
    title = next(named, id_)
    return title[:1].lower() + title[1:]


def _use(outline: Outline, id_: str, disease: str, use: Use) -> Iterator[Section]:
    pairs: list[Labelled] = [
        ("Label", f"{LABELS[use.label]} ({use.cite})"),
        ("For whom", use.population),
    ]
    if use.guideline:
        pairs.append(("Guideline", _guideline(use.guideline)))
    limits = tuple(outline.line(criterion, str(n)) for n, criterion in enumerate(use.limits, 1))
    nest = "Limits of the label: ALL of these" if limits else ""
    yield Section(f"use-{id_}", f"For {disease}", tuple(pairs), nest, limits)
    doses = tuple(_dose(outline, dose, n) for n, dose in enumerate(use.doses, 1))
    nest = "The first whose test is met; none where a test before it is unknown"
    yield Section(f"doses-{id_}", f"Doses for {disease}", nest=nest, lines=doses)


def _guideline(guideline: Guideline) -> str:
    parts = [f"{guideline.body}{f' ({guideline.ages})' if guideline.ages else ''}"]
    if guideline.strength:
        parts.append(f"strength {guideline.strength}{'' if guideline.strength_seen else UNSEEN}")
    if guideline.certainty:
        parts.append(f"certainty {guideline.certainty}{'' if guideline.certainty_seen else UNSEEN}")
    return f"{', '.join(parts)} ({guideline.cite})"


def _dose(outline: Outline, dose: TherapyDose, n: int) -> OutlineLine:
    """A dose as a line with the test for it below."""
    test = () if dose.when is None else (outline.line(dose.when, f"{n}.1"),)
    notes: list[Labelled] = [] if dose.order is None else list(_ordered(dose.order))
    notes = notes or [("Order", "none: no verified code of the product")]
    nest = "Where this is met" if test else None
    return OutlineLine(str(n), dose.id, dose.says, dose.cite, None, nest, tuple(notes), (), test)


def _ordered(order: Ordered) -> Iterator[Labelled]:
    yield "Order", _coded(order.code)
    for instruction in order.instructions:
        yield "Dosage", instruction.text
    if order.quantity:
        days = f" for {order.days} days" if order.days else ""
        yield "Quantity", f"{order.quantity.value:g} {order.quantity.unit}{days}"


def _coded(code: Coding) -> str:
    return f"{code.display} ({SYSTEMS.get(code.system, code.system)} {code.code})"


def _caution(outline: Outline, caution: Caution, n: int) -> OutlineLine:
    branch = f"{EFFECTS[caution.effect]}{ASKED if caution.ask else ''}"
    if caution.not_for:
        branch += f", not of a patient recorded as {caution.not_for}"
    return replace(outline.line(caution.when, str(n)), branch=branch)


def _checks(therapy: Therapy) -> Iterator[Labelled]:
    for check in therapy.checks:
        order = f"ordered as {_coded(check.order)}" if check.order else "named, not ordered"
        left_out = f"; not for a patient recorded as {check.not_for}" if check.not_for else ""
        yield check.says, f"{order}{left_out} ({check.cite})"


def _watch(watch: Watch) -> Labelled:
    return watch.says, f"{watch.often or 'no interval named'} ({watch.cite})"


def _places(library: Library, therapy: Therapy) -> Iterator[Labelled]:
    for (drug, indication), pathway in library.clinical.pathways.items():
        for situation in pathway.situations:
            for rank, step in enumerate(situation.order, 1):
                if step.therapy == therapy.id:
                    disease = disease_title(library, indication)
                    yield f"{drug}, {disease}: {situation.says}", f"place {rank}: {step.why}"


def _safe(reference: Reference) -> Reference:
    """A reference whose link is kept only if it begins with http:// or https://."""
    web = reference.url is not None and reference.url.startswith(("https://", "http://"))
    return reference if web else replace(reference, url=None)
