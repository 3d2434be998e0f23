"""Codes of drugs under no address that we know: a question in each set that they may mean."""

import re
from collections.abc import Iterator

from service.fhir.elements import codings, names
from service.fhir.terminology.terminology import Entry, Terminology


def entries_of_unknown_system(terminology: Terminology, concept: object) -> tuple[Entry, ...]:
    """What codes without a known system mean where drugs are coded; nothing beside another drug's name.

    Under an address of its own a code counts where that names such a system, as `…/ndc` does.
    """
    all_names = [*dict.fromkeys(names(concept))]
    if any(map(terminology.names_other, all_names)):
        return ()
    return tuple(
        entry.as_question()
        for system, code, _ in codings(concept)
        if code and system not in terminology.known_systems
        for uri in _possible_systems(terminology, system)
        for entry in terminology.of_code(uri, code)
    )


def _possible_systems(terminology: Terminology, system: str | None) -> Iterator[str]:
    """The systems of drugs that an address seems to name; all where there is none."""
    drugs = terminology.unlisted.of_drugs & terminology.known_systems
    spelled = _letters(system or "")
    return (uri for uri in sorted(drugs) if not spelled or _tag(uri) in spelled)


def _tag(uri: str) -> str:
    """A system by the last word of its address."""
    return _letters(uri.rstrip("/").split("/")[-1])


def _letters(system: str) -> str:
    return re.sub(r"[^a-z0-9]", "", system.lower())
