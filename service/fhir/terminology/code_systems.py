"""Code systems that no document knows, and elements that R4 binds to one system."""

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


def with_system(concept: object, system: str | None, terminology: Terminology) -> object:
    """The concept with the system added where it is missing; a bare string is a known code or a name."""
    if system is None:
        return concept
    if isinstance(concept, dict):
        if "system" in concept:
            return concept
        inner = concept.get("coding")
        if isinstance(inner, list):
            return (
                concept
                if all(map(_says_system, inner))
                else _codings_with_system(concept, inner, system)
            )
        return concept if _says_system(concept) else {**concept, "system": system}
    if isinstance(concept, str):
        entries = terminology.of_code(system, concept.strip())
        return {"system": system, "code": concept} if entries else {"text": concept}
    return concept


def _says_system(coding: object) -> bool:
    """Whether a coding has a system, or no code that lacks one."""
    return not isinstance(coding, dict) or "code" not in coding or "system" in coding


def _codings_with_system(concept: dict[str, object], inner: list[object], system: str) -> object:
    coded = [coding if _says_system(coding) else {**coding, "system": system} for coding in inner]  # type: ignore[dict-item]
    return {**concept, "coding": coded}
