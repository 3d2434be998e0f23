"""Which resource types of an export are read, and whose they are."""

from collections.abc import Iterable
from dataclasses import dataclass

from service.fhir.supplied.bundle import SUPPORTING
from service.library.library import Library

PATIENT, CLAIM = "Patient", "Claim"
NOT_FOLLOWED = "Provenance"


@dataclass(frozen=True, slots=True)
class TypesRead:
    """The types that are read: those of patients, and those that patients' resources refer to."""

    of_patients: frozenset[str]
    shared: frozenset[str]


def types_read(libraries: Iterable[Library]) -> TypesRead:
    """The types that any of these libraries reads."""
    sources = [source for library in libraries for source in library.sources]
    of_patients = {source.type for source in sources if source.subject} | {PATIENT, CLAIM}
    shared = ({source.type for source in sources} | SUPPORTING) - of_patients - {NOT_FOLLOWED}
    return TypesRead(frozenset(of_patients), frozenset(shared))
