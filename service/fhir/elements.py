"""Safe access to JSON of any shape: null, a list for an object or an object for a list never hurt."""

import re
from collections.abc import Iterator
from typing import Any
from unicodedata import category, normalize

from service.fhir.addresses import spellings as spellings_of
from service.json_object import Json

# Codes that say that there is no code.
ABSENT = {
    *spellings_of("http://terminology.hl7.org/CodeSystem/data-absent-reason"),
    *spellings_of("http://terminology.hl7.org/CodeSystem/v3-NullFlavor"),
}

# The extension that says why there is no value.
ABSENT_REASON = {*spellings_of("http://hl7.org/fhir/StructureDefinition/data-absent-reason")}

# Signs behind a brand; NFKC would make letters of them.
_TRADE_MARKS = str.maketrans(dict.fromkeys("®™©℠", " "))
# Of a primitive element: reasons why a value is absent that say that there is none.
NOT_THERE = ("not-applicable",)


def items(value: object) -> list[Any]:
    """A list whatever was sent: nothing, one thing or several."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def objects(value: object) -> list[Json]:
    """The JSON objects among what was sent."""
    if value.__class__ is list:
        return [member for member in value if member.__class__ is dict]
    return [value] if isinstance(value, dict) else []


def first_object(value: object) -> Json:
    """The first JSON object, or an empty one."""
    if isinstance(value, dict):
        return value
    found_objects = objects(value)
    return found_objects[0] if found_objects else {}


def text(value: object) -> str | None:
    """A non-empty string, or nothing."""
    return value.strip() or None if isinstance(value, str) else None


def codings(concept: object) -> Iterator[tuple[str | None, str | None, str | None]]:
    """System, code and display of each coding of a CodeableConcept, a Coding or a bare code."""
    for part in items(concept):
        if isinstance(part, str):
            yield None, text(part), None
        elif isinstance(part, dict):
            if "coding" not in part and "code" in part:
                yield text(part.get("system")), text(part.get("code")), text(part.get("display"))
            for coding in objects(part.get("coding")):
                yield (
                    text(coding.get("system")),
                    text(coding.get("code")),
                    text(coding.get("display")),
                )


def codes(concept: object) -> set[str]:
    """The bare codes of a concept, for elements bound to a required FHIR code list."""
    return {code for _, code, _ in codings(concept) if code}


def names(concept: object) -> list[str]:
    """What a concept calls itself: its text, then the displays of its codings."""
    all_names: list[str] = []
    for part in items(concept):
        if isinstance(part, dict):
            parts = [part, *objects(part.get("coding"))]
            texts = (part.get(key) for part in parts for key in ("text", "display"))
            all_names += [name.strip() for name in texts if isinstance(name, str) and name.strip()]
    return all_names


def is_unsaid(holder: Json, name: str) -> bool:
    """Whether a primitive element is there without its value: FHIR writes `_name` in its place.

    One that does not apply is not there at all.
    """
    beside = objects(holder.get(f"_{name}"))
    if not beside or holder.get(name) not in (None, ""):
        return False
    extensions = [extension for part in beside for extension in objects(part.get("extension"))]
    return bool(extensions) and not any(
        extension.get("valueCode") in NOT_THERE for extension in extensions
    )


def is_said_absent(holder: Json, name: str) -> bool:
    """Whether an extension of a primitive element says why there is no value, whatever stands there."""
    beside = objects(holder.get(f"_{name}")) if f"_{name}" in holder else ()
    return any(
        text(extension.get("url")) in ABSENT_REASON
        for part in beside
        for extension in objects(part.get("extension"))
    )


def is_absent(concept: object) -> bool:
    """Whether the concept is coded as not there, like `not-applicable`."""
    return any(system in ABSENT for system, _, _ in codings(concept))


def same_name(name: str) -> str:
    """A name as it is compared: lower case, white space collapsed, nothing in it that is not seen."""
    return " ".join(spellings(name)[0].lower().split())


def spellings(text: str) -> tuple[str, ...]:
    """A text in plain characters; twice where signs are in it that are not seen, as a space without width.

    They stand inside a word or between two: once they are left out, once they part the words.
    """
    if text.isascii():
        return (text,)
    plain = normalize("NFKC", text.translate(_TRADE_MARKS))
    unseen = {sign for sign in plain if category(sign) == "Cf"}
    if not unseen:
        return (plain,)
    signs = re.compile(f"[{re.escape(''.join(sorted(unseen)))}]+")
    return signs.sub("", plain), signs.sub(" ", plain)
