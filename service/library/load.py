"""Loads the library: reads, checks and builds all documents; all mistakes are reported at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service import __version__
from service.cards.wording import Wording
from service.cds.discovery import ServiceDescription
from service.clinical.model import Clinical
from service.errors import DocumentsError, Mistake
from service.facts.knowledge import Knowledge
from service.facts.payers import Elsewhere, Payer
from service.fhir.sources.source import Source
from service.fhir.terminology.names_in_text import Pointing
from service.fhir.terminology.terminology import Terminology
from service.library import shapes
from service.library.card_texts import load_cards
from service.library.checks.crd_lines import check_crd
from service.library.checks.facts import FactDocuments, check_facts
from service.library.checks.meaning_of_elements import check_read_and_ignored
from service.library.checks.prefetch_templates import check_templates
from service.library.checks.regimens import (
    build_bands,
    build_devices,
    build_dose_tables,
    build_label,
    check_dose_bands,
    check_regimens,
)
from service.library.checks.source_paths import check_paths
from service.library.checks.sources_and_services import (
    check_needs,
    check_payers,
    check_services,
    check_sources,
    check_units,
)
from service.library.checks.value_sets import check_value_sets
from service.library.clients import Clients, load_clients, our_codes
from service.library.clinical import load_clinical
from service.library.criteria.scope import Names
from service.library.documents.folders import (
    Documents,
    Folder,
    check_places,
    read_documents,
    read_one,
    read_optional,
    read_shapes,
)
from service.library.documents.yaml import Document
from service.library.library import Library, content_hash
from service.library.lookups.claim_codes import build_claim_codes
from service.library.lookups.crd_table import build_crd
from service.library.lookups.fact_table import build_fact
from service.library.lookups.full_list_documents import Tables, check_tables, read_tables
from service.library.lookups.source_rules import build_source
from service.library.lookups.terminology_tables import (
    build_answers,
    build_pointing,
    build_terminology,
    build_timings,
    build_units,
)
from service.library.lookups.unread_codes import Written, check_unread
from service.library.plain_data import collector_paused
from service.library.policies.versions import Policies, ReadVersions, load_policies
from service.memo import per_arguments


def load_library(content: Path, clients: Path | None) -> Library:
    """The library of a content folder; raises DocumentsError with every mistake if it is unsound."""
    with collector_paused():
        checked = check_documents(read_documents(content), clients)
        return build_library(checked, content_hash(content, clients, __version__))


@dataclass(frozen=True)
class Checked:
    """The documents after all checks, with their mistakes.

    With mistakes no library is built; slips are reported but do not prevent it.
    """

    shelves: "Shelves"
    policies: Policies
    clinical: Clinical
    sources: Mapping[str, Source]
    wording: Wording
    clients: Clients
    mistakes: tuple[Mistake, ...]
    slips: tuple[Mistake, ...]


def check_documents(
    documents: Documents, clients: Path | None, read_versions: ReadVersions | None = None
) -> Checked:
    """Checks every document against its shape and against the others; mistakes are not raised.

    `read_versions` reads the versions of policies; without it they are read one after the other.
    """
    mistakes: list[Mistake] = []
    shelves = read_shelves(documents, mistakes)
    names = names_of(shelves)
    policies = load_policies(documents, names, mistakes, read_versions)
    slips = policies.slips
    clinical = load_clinical(documents, names, _indications(policies), mistakes, slips)
    sources, wrong = _sources(shelves.sources, shelves.value_sets, shelves.facts)
    mistakes += wrong
    wording = load_cards(documents, mistakes)
    payers = shelves.payers.read.keys() | shelves.payers.unsound
    known_clients = load_clients(clients, our_codes(shelves.value_sets.shapes), payers, mistakes)
    mistakes += check_places(documents)
    mistakes += _wrong(shelves, _indications(policies))
    slips += check_needs(shelves.services, policies.versions, shelves.facts, shelves.sources)
    of_all = (tuple(dict.fromkeys(mistakes)), tuple(dict.fromkeys(slips)))
    return Checked(shelves, policies, clinical, sources, wording, known_clients, *of_all)


def build_library(checked: Checked, content: str) -> Library:
    """The library of sound documents; `content` is their hash. Raises DocumentsError if unsound."""
    shelves = checked.shelves
    if checked.mistakes or shelves.units is None or shelves.systems is None:
        raise DocumentsError(checked.mistakes, list(checked.slips))
    sets = shelves.value_sets
    return Library(
        services=_services(shelves, checked.sources),
        drugs=_drugs(shelves),
        drug_names={
            name: frozenset(text.lower() for text in shape.texts)
            for name, shape in sets.shapes.items()
            if shape.kind == "drug"
        },
        sources=tuple(checked.sources.values()),
        terminology=_terminology(sets, shelves.systems, shelves.tables, shelves.unread),
        knowledge=_knowledge(shelves, shelves.units, checked.sources),
        payers={name: _payer(shape) for name, shape in shelves.payers.shapes.items()},
        policies=tuple(checked.policies.versions),
        clients=checked.clients.known,
        accesses=checked.clients.accesses,
        trusts=checked.clients.trusts,
        origins=checked.clients.origins,
        hosts=checked.clients.hosts,
        registrations=checked.clients.registrations,
        wording=checked.wording,
        content=content,
        counts=_counts(shelves, checked.policies),
        reviews=tuple(checked.policies.reviews),
        clinical=checked.clinical,
        claim_codes=build_claim_codes(shelves.claim_codes) if shelves.claim_codes else None,
        crd=None if shelves.crd is None else build_crd(shelves.crd[1]),
        slips=checked.slips,
    )


@dataclass(frozen=True)
class Shelves:
    """The documents of `mappings/` without policies and clinical documents, by their folders."""

    value_sets: Folder[shapes.ValueSetShape]
    facts: Folder[shapes.FactShape]
    sources: Folder[shapes.SourceShape]
    regimens: Folder[shapes.RegimenShape]
    dose_bands: Folder[shapes.DoseBandsShape]
    payers: Folder[shapes.PayerShape]
    services: Folder[shapes.ServiceShape]
    tables: Tables
    unread: Written | None
    units: shapes.UnitsShape | None
    timings: shapes.TimingsShape | None
    systems: shapes.CodeSystemsShape | None
    claim_codes: shapes.ClaimCodesShape | None
    crd: tuple[Document, shapes.CrdShape] | None


def read_shelves(documents: Documents, mistakes: list[Mistake]) -> Shelves:
    """The documents below `mappings/` in their shelves."""
    timings = read_optional(documents, "timings.yaml", shapes.TimingsShape, mistakes)
    claim_codes = read_optional(documents, "pas.yaml", shapes.ClaimCodesShape, mistakes)
    return _shelves(
        read_shapes(documents, "value_sets", shapes.ValueSetShape, "value_set", mistakes),
        read_shapes(documents, "facts", shapes.FactShape, "fact", mistakes),
        read_shapes(documents, "sources", shapes.SourceShape, "source", mistakes),
        read_shapes(documents, "regimens", shapes.RegimenShape, "regimen", mistakes),
        read_shapes(documents, "dose_bands", shapes.DoseBandsShape, "dose_bands", mistakes),
        read_shapes(documents, "payers", shapes.PayerShape, "payer", mistakes),
        read_shapes(documents, "services", shapes.ServiceShape, "service", mistakes),
        read_tables(documents, mistakes),
        read_optional(documents, "unread.yaml", shapes.UnreadShape, mistakes),
        read_one(documents, "units.yaml", shapes.UnitsShape, mistakes),
        timings[1] if timings else None,
        read_one(documents, "code_systems.yaml", shapes.CodeSystemsShape, mistakes),
        claim_codes[1] if claim_codes else None,
        read_optional(documents, "crd.yaml", shapes.CrdShape, mistakes),
    )


@per_arguments(most=16)
def _shelves(*parts: Any) -> Shelves:
    """The shelves, as the same object for the same documents."""
    return Shelves(*parts)


def names_of(shelves: Shelves) -> Names:
    """The names that criteria may use."""
    named = (shelves.facts, shelves.value_sets, shelves.regimens, shelves.payers)
    return _names(*named, shelves.services, shelves.dose_bands)


@per_arguments(most=16)
def _names(
    facts: Folder[shapes.FactShape],
    value_sets: Folder[shapes.ValueSetShape],
    regimens: Folder[shapes.RegimenShape],
    payers: Folder[shapes.PayerShape],
    services: Folder[shapes.ServiceShape],
    dose_bands: Folder[shapes.DoseBandsShape],
) -> Names:
    served = (name for shape in services.shapes.values() for name in shape.drugs)
    unsound = (facts.unsound, value_sets.unsound, regimens.unsound, payers.unsound)
    return Names(
        facts.shapes,
        value_sets.shapes,
        regimens.shapes,
        frozenset(payers.read),
        frozenset() if services.unsound else frozenset(served),
        frozenset().union(*unsound),
        _dosed(value_sets, dose_bands),
    )


def _dosed(
    value_sets: Folder[shapes.ValueSetShape], dose_bands: Folder[shapes.DoseBandsShape]
) -> frozenset[str]:
    """The value sets with a dose table; all value sets if a table could not be read."""
    if dose_bands.unsound:
        return frozenset(value_sets.read)
    return frozenset(name for _, shape in dose_bands for name in shape.value_sets)


@per_arguments(most=16)
def _sources(
    sources: Folder[shapes.SourceShape],
    value_sets: Folder[shapes.ValueSetShape],
    facts: Folder[shapes.FactShape],
) -> tuple[dict[str, Source], tuple[Mistake, ...]]:
    mistakes: list[Mistake] = []
    built = {}
    for name, (document, shape) in sources.read.items():
        built[name], wrong = _source(document, shape, value_sets, facts)
        mistakes += wrong
    return built, tuple(mistakes)


@per_arguments(most=128)
def _source(
    document: Document,
    shape: shapes.SourceShape,
    value_sets: Folder[shapes.ValueSetShape],
    facts: Folder[shapes.FactShape],
) -> tuple[Source, tuple[Mistake, ...]]:
    mistakes: list[Mistake] = []
    built = build_source(document, shape, value_sets.shapes, facts.shapes.values(), mistakes)
    return built, tuple(mistakes)


@per_arguments(most=4)
def _terminology(
    value_sets: Folder[shapes.ValueSetShape],
    systems: shapes.CodeSystemsShape,
    tables: Tables,
    unread: Written | None,
) -> Terminology:
    return build_terminology(value_sets.shapes, systems, tables, unread)


def _indications(policies: Policies) -> frozenset[str] | None:
    """The ids of the indications of all policies; None if a policy could not be read."""
    indications = {id_ for policy in policies.versions for id_ in policy.indications}
    return frozenset(indications) if policies.whole else None


@per_arguments(most=16)
def _wrong(shelves: Shelves, indications: frozenset[str] | None) -> list[Mistake]:
    """Mistakes between documents that are sound by themselves."""
    sets = shelves.value_sets
    units = None if shelves.units is None else build_units(shelves.units)
    of_sources = [*check_sources(shelves.sources, sets), *check_paths(shelves.sources)]
    templates = check_templates(shelves.sources)
    around = FactDocuments(shelves.facts, sets, shelves.sources, units, indications)
    return [
        *check_value_sets(sets, shelves.systems),
        *check_tables(shelves.tables, sets, shelves.systems),
        *check_unread(shelves.unread, sets),
        *check_facts(around),
        *check_regimens(shelves.regimens, sets, indications, shelves.facts),
        *check_dose_bands(shelves.dose_bands, sets),
        # if a type or path is wrong, mistakes on single elements would only repeat it
        *(of_sources or check_read_and_ignored(shelves.sources)),
        *templates,
        *check_services(shelves.services, shelves.sources, sets),
        *_wrong_crd(shelves),
        *check_payers(shelves.payers),
        *([] if shelves.units is None else check_units(shelves.units)),
    ]


def _wrong_crd(shelves: Shelves) -> Iterator[Mistake]:
    """Mistakes in `crd.yaml`, and services that need it where it is missing or unsound."""
    if shelves.crd is not None:
        yield from check_crd(*shelves.crd)
        return
    for document, shape in shelves.services:
        if shape.standard == "davinci-crd":
            yield document.mistake(("standard",), "this standard needs a sound mappings/crd.yaml")


@per_arguments(most=4)
def _knowledge(
    shelves: Shelves, units: shapes.UnitsShape, sources: Mapping[str, Source]
) -> Knowledge:
    sets = shelves.value_sets.shapes
    return Knowledge(
        {name: build_fact(shape) for name, shape in shelves.facts.shapes.items()},
        sources,
        build_units(units),
        {name: build_bands(shape) for name, shape in shelves.regimens.shapes.items()},
        {name: shape.members for name, shape in sets.items()},
        {name: shape.says for name, shape in sets.items()},
        build_dose_tables(shelves.dose_bands),
        build_timings(shelves.timings),
        *build_answers(sets),
        Pointing({}, {}) if shelves.systems is None else build_pointing(sets, shelves.systems),
        {name: build_devices(shape) for name, shape in shelves.regimens.shapes.items()},
        {regimen.drug: label for _, regimen in shelves.regimens if (label := build_label(regimen))},
    )


def _counts(shelves: Shelves, policies: Policies) -> dict[str, int]:
    return {
        "value sets": len(shelves.value_sets.read),
        "facts": len(shelves.facts.read),
        "sources": len(shelves.sources.read),
        "policies": len(policies.versions),
        "payers": len(shelves.payers.read),
    }


def _drugs(shelves: Shelves) -> dict[str, tuple[str, ...]]:
    """The drugs of each hook, whichever of its services names them."""
    drugs: dict[str, dict[str, None]] = {}
    for shape in shelves.services.shapes.values():
        drugs.setdefault(shape.hook, {}).update(dict.fromkeys(shape.drugs))
    return {hook: tuple(names) for hook, names in drugs.items()}


def _services(shelves: Shelves, sources: Mapping[str, Source]) -> tuple[ServiceDescription, ...]:
    descriptions = [
        ServiceDescription(
            shape.service,
            shape.hook,
            shape.title,
            shape.description,
            {key: sources[key].search for key in shape.prefetch},
            shape.usage_requirements,
            crd=shape.standard == "davinci-crd",
        )
        for shape in shelves.services.shapes.values()
    ]
    # a client of CRD calls the first service of a hook
    return tuple(
        sorted(descriptions, key=lambda service: (service.hook, service.crd), reverse=True)
    )


def _payer(shape: shapes.PayerShape) -> Payer:
    def pairs(identifiers: tuple[shapes.IdentifierShape, ...]) -> frozenset[tuple[str | None, str]]:
        return frozenset((identifier.system, identifier.value) for identifier in identifiers)

    return Payer(
        shape.payer,
        shape.name,
        shape.short,
        pairs(shape.identifiers),
        shape.names,
        tuple(
            Elsewhere(payer.says, payer.cite, payer.names, pairs(payer.identifiers))
            for payer in shape.elsewhere
        ),
        pairs(shape.network_pharmacies),
        tuple((str(one.system), one.value) for one in shape.authorization_contact),
    )
