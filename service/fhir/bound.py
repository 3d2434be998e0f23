"""Adds the code system to elements that are bound to one system, if the sender left it out."""

from service.fhir.terminology.terminology import Terminology


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
