"""Loads the library: reads, checks and wires all documents; every mistake at once."""

from dataclasses import dataclass
from pathlib import Path

from service import __version__
from service.cds.discovery import ServiceDescription
from service.errors import DocumentsError, Mistake
from service.facts.knowledge import Knowledge
from service.facts.payers.payers import Elsewhere, Payer
from service.fhir.sources.source import Source
from service.fhir.terminology.pointing import Pointing
from service.library import shapes
from service.library.checks.dose_bands import build_dose_tables, check_dose_bands
from service.library.checks.facts import FactDocuments, check_facts
from service.library.checks.meaning_of_elements import check_read_and_ignored
from service.library.checks.needs import check_needs
from service.library.checks.regimens import (
    build_bands,
    build_devices,
    build_label,
    check_regimens,
)
from service.library.checks.source_paths import check_paths
from service.library.checks.sources_and_services import (
    check_payers,
    check_services,
    check_sources,
    check_units,
)
from service.library.checks.value_sets import check_value_sets
from service.library.clients import load_clients
from service.library.clinical import load_clinical
from service.library.criteria.scope import Names
from service.library.documents.folders import (
    Shelf,
    check_places,
    read_one,
    read_optional,
    read_shelf,
)
from service.library.library import Library, content_hash
from service.library.lookups.directories import Tables, check_tables, read_tables
from service.library.lookups.fact_table import build_fact
from service.library.lookups.source_rules import build_source
from service.library.lookups.terminology import (
    build_answers,
    build_pointing,
    build_terminology,
    build_timings,
    build_units,
)
from service.library.lookups.unread_codes import Written, check_unread
from service.library.policies.versions import Policies, load_policies
from service.library.wording import load_cards


def load_library(content: Path, clients: Path | None) -> Library:
    """The library of a content folder; DocumentsError with every mistake if it is unsound."""
    mistakes: list[Mistake] = []
    shelves = read_shelves(content / "mappings", mistakes)
    names = names_of(shelves)
    policies = load_policies(content / "mappings", names, mistakes)
    known = _indications(policies)
    slips = policies.slips
    clinical = load_clinical(content / "mappings", names, known, mistakes, slips)
    sources = _sources(shelves, mistakes)
    wording = load_cards(content / "cards", mistakes)
    sets, payers = shelves.value_sets.shapes, shelves.payers.read.keys() | shelves.payers.unsound
    known_clients = load_clients(clients, sets, payers, mistakes)
    mistakes += check_places(content / "mappings")
    mistakes += _wrong(shelves, policies)
    slips += check_needs(shelves.services, policies.versions, shelves.facts, shelves.sources)
    if mistakes or shelves.units is None or shelves.systems is None:
        raise DocumentsError(dict.fromkeys(mistakes), slips)
    return Library(
        _services(shelves, sources),
        {shape.hook: shape.drugs for shape in shelves.services.shapes.values()},
        {
            name: frozenset(text.lower() for text in shape.texts)
            for name, shape in sets.items()
            if shape.kind == "drug"
        },
        tuple(sources.values()),
        build_terminology(sets, shelves.systems, shelves.tables, shelves.unread),
        _knowledge(shelves, shelves.units, sources),
        {name: _payer(shape) for name, shape in shelves.payers.shapes.items()},
        tuple(policies.versions),
        *known_clients,
        wording,
        content_hash(content, clients, __version__),
        _counts(shelves, policies),
        tuple(policies.reviews),
        clinical,
        tuple(dict.fromkeys(slips)),
    )


@dataclass(frozen=True)
class Shelves:
    """Every document below `mappings/` but the policies."""

    value_sets: Shelf[shapes.ValueSetShape]
    facts: Shelf[shapes.FactShape]
    sources: Shelf[shapes.SourceShape]
    regimens: Shelf[shapes.RegimenShape]
    dose_bands: Shelf[shapes.DoseBandsShape]
    payers: Shelf[shapes.PayerShape]
    services: Shelf[shapes.ServiceShape]
    tables: Tables
    unread: Written | None
    units: shapes.UnitsShape | None
    timings: shapes.TimingsShape | None
    systems: shapes.CodeSystemsShape | None


def read_shelves(root: Path, mistakes: list[Mistake]) -> Shelves:
    """The documents below `mappings/` in their shelves."""
    timings = read_optional(root, "timings.yaml", shapes.TimingsShape, mistakes)
    return Shelves(
        read_shelf(root, "value_sets", shapes.ValueSetShape, "value_set", mistakes),
        read_shelf(root, "facts", shapes.FactShape, "fact", mistakes),
        read_shelf(root, "sources", shapes.SourceShape, "source", mistakes),
        read_shelf(root, "regimens", shapes.RegimenShape, "regimen", mistakes),
        read_shelf(root, "dose_bands", shapes.DoseBandsShape, "dose_bands", mistakes),
        read_shelf(root, "payers", shapes.PayerShape, "payer", mistakes),
        read_shelf(root, "services", shapes.ServiceShape, "service", mistakes),
        read_tables(root, mistakes),
        read_optional(root, "unread.yaml", shapes.UnreadShape, mistakes),
        read_one(root, "units.yaml", shapes.UnitsShape, mistakes),
        timings[1] if timings else None,
        read_one(root, "code_systems.yaml", shapes.CodeSystemsShape, mistakes),
    )


def names_of(shelves: Shelves) -> Names:
    """The names that criteria may use."""
    served = (name for shape in shelves.services.shapes.values() for name in shape.drugs)
    named = (shelves.facts, shelves.value_sets, shelves.regimens, shelves.payers)
    return Names(
        shelves.facts.shapes,
        shelves.value_sets.shapes,
        shelves.regimens.shapes,
        frozenset(shelves.payers.read),
        frozenset() if shelves.services.unsound else frozenset(served),
        frozenset(name for shelf in named for name in shelf.unsound),
        _dosed(shelves),
    )


def _dosed(shelves: Shelves) -> frozenset[str]:
    """The value sets with a dose table; all of them where a table could not be read."""
    if shelves.dose_bands.unsound:
        return frozenset(shelves.value_sets.read)
    return frozenset(name for _, shape in shelves.dose_bands for name in shape.value_sets)


def _sources(shelves: Shelves, mistakes: list[Mistake]) -> dict[str, Source]:
    sets = shelves.value_sets.shapes
    return {
        name: build_source(document, shape, sets, shelves.facts.shapes.values(), mistakes)
        for name, (document, shape) in shelves.sources.read.items()
    }


def _indications(policies: Policies) -> frozenset[str] | None:
    """Those of all policies; None where a policy could not be read."""
    known = {id_ for one in policies.versions for id_ in one.indications}
    return frozenset(known) if policies.whole else None


def _wrong(shelves: Shelves, policies: Policies) -> list[Mistake]:
    """What is wrong between documents that are sound by themselves."""
    sets = shelves.value_sets
    indications = _indications(policies)
    units = None if shelves.units is None else build_units(shelves.units)
    of_sources = [*check_sources(shelves.sources, sets), *check_paths(shelves.sources)]
    around = FactDocuments(shelves.facts, sets, shelves.sources, units, indications)
    return [
        *check_value_sets(sets, shelves.systems),
        *check_tables(shelves.tables, sets, shelves.systems),
        *check_unread(shelves.unread, sets),
        *check_facts(around),
        *check_regimens(shelves.regimens, sets, indications, shelves.facts),
        *check_dose_bands(shelves.dose_bands, sets),
        # what is said of single elements is of no use where the type is wrong
        *(of_sources or check_read_and_ignored(shelves.sources)),
        *check_services(shelves.services, shelves.sources, sets),
        *check_payers(shelves.payers),
        *([] if shelves.units is None else check_units(shelves.units)),
    ]


def _knowledge(shelves: Shelves, units: shapes.UnitsShape, sources: dict[str, Source]) -> Knowledge:
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
        {one.drug: label for _, one in shelves.regimens if (label := build_label(one))},
    )


def _counts(shelves: Shelves, policies: Policies) -> dict[str, int]:
    return {
        "value sets": len(shelves.value_sets.read),
        "facts": len(shelves.facts.read),
        "sources": len(shelves.sources.read),
        "policies": len(policies.versions),
        "payers": len(shelves.payers.read),
    }


def _services(shelves: Shelves, sources: dict[str, Source]) -> tuple[ServiceDescription, ...]:
    found = [
        ServiceDescription(
            shape.service,
            shape.hook,
            shape.title,
            shape.description,
            {key: sources[key].search for key in shape.prefetch},
        )
        for shape in shelves.services.shapes.values()
    ]
    return tuple(sorted(found, key=lambda one: one.hook, reverse=True))


def _payer(shape: shapes.PayerShape) -> Payer:
    def pairs(found: tuple[shapes.IdentifierShape, ...]) -> frozenset[tuple[str | None, str]]:
        return frozenset((one.system, one.value) for one in found)

    return Payer(
        shape.payer,
        shape.name,
        shape.short,
        pairs(shape.identifiers),
        shape.names,
        tuple(
            Elsewhere(one.says, one.cite, one.names, pairs(one.identifiers))
            for one in shape.elsewhere
        ),
        pairs(shape.network_pharmacies),
    )
