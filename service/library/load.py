"""Loads the library: reads, checks and builds all documents; all mistakes are reported at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from service import __version__
from service.cards.wording import Wording
from service.cds.discovery import ServiceDescription
from service.clinical.therapies_and_pathways import Clinical
from service.errors import DocumentsError, Mistake
from service.facts.knowledge import Knowledge
from service.facts.payer.payers import Elsewhere, Payer
from service.fhir.elements import address_spellings
from service.fhir.sources.source import Source
from service.fhir.terminology.names_in_text import Pointing
from service.fhir.terminology.terminology import Terminology
from service.library import shapes
from service.library.card_texts import load_cards
from service.library.checks.crd_lines import check_crd
from service.library.checks.fact_checks import FactDocuments, check_facts
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
from service.library.checks.value_set_checks import check_value_sets
from service.library.clients_file import Clients, load_clients, our_codes
from service.library.clinical import load_clinical
from service.library.documents.folders import (
    Documents,
    Folder,
    check_places,
    read_documents,
)
from service.library.documents.yaml import Document
from service.library.library import Library, content_hash
from service.library.lookups.claim_codes import build_claim_codes
from service.library.lookups.crd_table import build_crd
from service.library.lookups.fact_table import build_fact
from service.library.lookups.full_list_documents import Tables, check_tables
from service.library.lookups.source_rules import build_source
from service.library.lookups.terminology_tables import (
    build_answers,
    build_pointing,
    build_terminology,
    build_timings,
    build_units,
)
from service.library.lookups.unread_codes import Written, check_unread
from service.library.mapping_folders import MappingFolders, names_of, read_mappings
from service.library.plain_data import collector_paused
from service.library.policies.policy_versions import Policies, ReadVersions, load_policies
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

    folders: "MappingFolders"
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
    folders = read_mappings(documents, mistakes)
    names = names_of(folders)
    policies = load_policies(documents, names, mistakes, read_versions)
    slips = policies.slips
    clinical = load_clinical(documents, names, _indications(policies), mistakes, slips)
    sources, wrong = _sources(folders.sources, folders.value_sets, folders.facts)
    mistakes += wrong
    wording = load_cards(documents, mistakes)
    payers = folders.payers.read.keys() | folders.payers.unsound
    known_clients = load_clients(clients, our_codes(folders.value_sets.shapes), payers, mistakes)
    mistakes += check_places(documents)
    mistakes += _wrong(folders, _indications(policies))
    slips += check_needs(folders.services, policies.versions, folders.facts, folders.sources)
    of_all = (tuple(dict.fromkeys(mistakes)), tuple(dict.fromkeys(slips)))
    return Checked(folders, policies, clinical, sources, wording, known_clients, *of_all)


def build_library(checked: Checked, content: str) -> Library:
    """The library of sound documents; `content` is their hash. Raises DocumentsError if unsound."""
    folders = checked.folders
    if checked.mistakes or folders.units is None or folders.systems is None:
        raise DocumentsError(checked.mistakes, list(checked.slips))
    sets = folders.value_sets
    return Library(
        services=_services(folders, checked.sources),
        drugs=_drugs(folders),
        drug_names={
            name: frozenset(text.lower() for text in shape.texts)
            for name, shape in sets.shapes.items()
            if shape.kind == "drug"
        },
        sources=tuple(checked.sources.values()),
        terminology=_terminology(sets, folders.systems, folders.tables, folders.unread),
        knowledge=_knowledge(folders, folders.units, checked.sources),
        payers={name: _payer(shape) for name, shape in folders.payers.shapes.items()},
        policies=tuple(checked.policies.versions),
        clients=checked.clients.known,
        accesses=checked.clients.accesses,
        trusts=checked.clients.trusts,
        origins=checked.clients.origins,
        hosts=checked.clients.hosts,
        registrations=checked.clients.registrations,
        wording=checked.wording,
        content=content,
        counts=_counts(folders, checked.policies),
        reviews=tuple(checked.policies.reviews),
        clinical=checked.clinical,
        claim_codes=build_claim_codes(folders.claim_codes) if folders.claim_codes else None,
        crd=None if folders.crd is None else build_crd(folders.crd[1]),
        slips=checked.slips,
    )


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
def _wrong(folders: MappingFolders, indications: frozenset[str] | None) -> list[Mistake]:
    """Mistakes between documents that are sound by themselves."""
    sets = folders.value_sets
    units = None if folders.units is None else build_units(folders.units)
    of_sources = [*check_sources(folders.sources, sets), *check_paths(folders.sources)]
    templates = check_templates(folders.sources)
    around = FactDocuments(folders.facts, sets, folders.sources, units, indications)
    return [
        *check_value_sets(sets, folders.systems),
        *check_tables(folders.tables, sets, folders.systems),
        *check_unread(folders.unread, sets),
        *check_facts(around),
        *check_regimens(folders.regimens, sets, indications, folders.facts),
        *check_dose_bands(folders.dose_bands, sets),
        # if a type or path is wrong, mistakes on single elements would only repeat it
        *(of_sources or check_read_and_ignored(folders.sources)),
        *templates,
        *check_services(folders.services, folders.sources, sets),
        *_wrong_crd(folders),
        *check_payers(folders.payers),
        *([] if folders.units is None else check_units(folders.units)),
    ]


def _wrong_crd(folders: MappingFolders) -> Iterator[Mistake]:
    """Mistakes in `crd.yaml`, and services that need it where it is missing or unsound."""
    if folders.crd is not None:
        yield from check_crd(*folders.crd)
        return
    for document, shape in folders.services:
        if shape.standard == "davinci-crd":
            yield document.mistake(("standard",), "this standard needs a sound mappings/crd.yaml")


@per_arguments(most=4)
def _knowledge(
    folders: MappingFolders, units: shapes.UnitsShape, sources: Mapping[str, Source]
) -> Knowledge:
    sets = folders.value_sets.shapes
    return Knowledge(
        {name: build_fact(shape) for name, shape in folders.facts.shapes.items()},
        sources,
        build_units(units),
        {name: build_bands(shape) for name, shape in folders.regimens.shapes.items()},
        {name: shape.members for name, shape in sets.items()},
        {name: shape.says for name, shape in sets.items()},
        build_dose_tables(folders.dose_bands),
        build_timings(folders.timings),
        *build_answers(sets),
        Pointing({}, {}) if folders.systems is None else build_pointing(sets, folders.systems),
        {name: build_devices(shape) for name, shape in folders.regimens.shapes.items()},
        {regimen.drug: label for _, regimen in folders.regimens if (label := build_label(regimen))},
    )


def _counts(folders: MappingFolders, policies: Policies) -> dict[str, int]:
    return {
        "value sets": len(folders.value_sets.read),
        "facts": len(folders.facts.read),
        "sources": len(folders.sources.read),
        "policies": len(policies.versions),
        "payers": len(folders.payers.read),
    }


def _drugs(folders: MappingFolders) -> dict[str, tuple[str, ...]]:
    """The drugs of each hook, whichever of its services names them."""
    drugs: dict[str, dict[str, None]] = {}
    for shape in folders.services.shapes.values():
        drugs.setdefault(shape.hook, {}).update(dict.fromkeys(shape.drugs))
    return {hook: tuple(names) for hook, names in drugs.items()}


def _services(
    folders: MappingFolders, sources: Mapping[str, Source]
) -> tuple[ServiceDescription, ...]:
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
        for shape in folders.services.shapes.values()
    ]
    # a client of CRD calls the first service of a hook
    return tuple(
        sorted(descriptions, key=lambda service: (service.hook, service.crd), reverse=True)
    )


def _payer(shape: shapes.PayerShape) -> Payer:
    def pairs(identifiers: tuple[shapes.IdentifierShape, ...]) -> frozenset[tuple[str | None, str]]:
        return frozenset(
            (system, identifier.value)
            for identifier in identifiers
            for system in (address_spellings(identifier.system) if identifier.system else (None,))
        )

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
