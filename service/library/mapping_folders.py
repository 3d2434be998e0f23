"""The documents of `mappings/` in their folders, and the names in them that criteria may use."""

from dataclasses import dataclass
from typing import Any

from service.errors import Mistake
from service.library import shapes
from service.library.criteria.scope import Names
from service.library.documents.folders import (
    Documents,
    Folder,
    read_one,
    read_optional,
    read_shapes,
)
from service.library.documents.yaml import Document
from service.library.lookups.full_list_documents import Tables, read_tables
from service.library.lookups.unread_codes import Written
from service.memo import per_arguments


@dataclass(frozen=True)
class MappingFolders:
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


def read_mappings(documents: Documents, mistakes: list[Mistake]) -> MappingFolders:
    """The documents below `mappings/` in their folders."""
    timings = read_optional(documents, "timings.yaml", shapes.TimingsShape, mistakes)
    claim_codes = read_optional(documents, "pas.yaml", shapes.ClaimCodesShape, mistakes)
    return _mapping_folders(
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
def _mapping_folders(*parts: Any) -> MappingFolders:
    """The folders, as the same object for the same documents."""
    return MappingFolders(*parts)


def names_of(folders: MappingFolders) -> Names:
    """The names that criteria may use."""
    named = (folders.facts, folders.value_sets, folders.regimens, folders.payers)
    return _names(*named, folders.services, folders.dose_bands)


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
