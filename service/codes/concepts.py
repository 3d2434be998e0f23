"""Every coded concept in a piece of JSON, with its resource type and the element names that lead to it."""

import re
from collections.abc import Iterator
from typing import Any

from service.fhir.terminology.telling import OF_A_DRUG, OF_A_LINE, OF_A_SUBSTANCE, Certainty

_ELEMENT = re.compile(r"[A-Za-z]{1,64}")
# No clinical concepts: tags of the server, identifiers, remarks, text for display.
_NOT_CLINICAL = {"meta", "identifier", "note", "text", "extension", "modifierExtension"}
# Where an object with nothing but a text is a concept without a code, and not somebody's remark.
_MAY_BE_NAMED = ("code", "Code", "CodeableConcept", "productOrService")


_OF_DRUGS = ("Medication", "ExplanationOfBenefit", "Claim", "AllergyIntolerance")


def may_be_drug(path: str) -> bool:
    """Whether a concept at this path may be a drug; a drug's name in a test of the blood is none."""
    return path.startswith(_OF_DRUGS)


_NAMES_DRUG = ("medicationCodeableConcept", "productOrService", "itemCodeableConcept")
_DRUG_PATHS = {
    "Medication.code": OF_A_DRUG,
    "AllergyIntolerance.code": OF_A_SUBSTANCE,
    "AllergyIntolerance.reaction.substance": OF_A_SUBSTANCE,
}


def certainty_needed(path: str) -> frozenset[Certainty] | None:
    """How surely what names a drug or a substance at a path must tell that it is another; None elsewhere."""
    if may_be_drug(path) and path.endswith(_NAMES_DRUG):
        return OF_A_DRUG if path.startswith("Medication") else OF_A_LINE
    return _DRUG_PATHS.get(path)


def concepts(value: object, path: str = "") -> Iterator[tuple[str, Any]]:
    """CodeableConcepts and lone Codings; list places are left out of the path, odd names too."""
    match value:
        case list():
            for item in value:
                yield from concepts(item, path)
        case dict():
            if _is_concept(value, path):
                yield path, value
                return
            type_ = value.get("resourceType")
            if isinstance(type_, str) and _ELEMENT.fullmatch(type_):
                path = type_
            for name, inner in value.items():
                if name not in _NOT_CLINICAL:
                    step = name if _ELEMENT.fullmatch(name) else "?"
                    yield from concepts(inner, f"{path}.{step}" if path else step)


def _is_concept(value: dict[str, Any], path: str) -> bool:
    """A concept has codings or, in its place, a text alone; a coding has a code and is no quantity."""
    if isinstance(value.get("coding"), list | dict):
        return True
    if "value" in value or "resourceType" in value:
        return False
    named = path.endswith(_MAY_BE_NAMED) and value.keys() - {"id"} == {"text"}
    return named or isinstance(value.get("code"), str)
