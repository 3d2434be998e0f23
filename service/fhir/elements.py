"""Reads JSON of any shape: elements, paths and references; null or a list for an object never raises."""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from unicodedata import category, normalize

from jsonpath_ng import Child, Fields, Root, Slice
from jsonpath_ng.exceptions import JSONPathError
from jsonpath_ng.jsonpath import Wildcard
from jsonpath_ng.parser import parse as parse_jsonpath

from service.json_object import Json
from service.memo import per_value

WEB = ("http://", "https://")
OID = "urn:oid:"


def address_spellings(address: str) -> tuple[str, ...]:
    """The URI as given, then with http or https and with or without a slash at its end.

    For `urn:oid:…` also the bare OID. No two code systems differ in these spellings only.
    """
    if address.startswith(OID):
        return address, address.removeprefix(OID)
    scheme = next((prefix for prefix in WEB if address.startswith(prefix)), None)
    if scheme is None:
        return (address,)
    bare = address.removeprefix(scheme).rstrip("/")
    written_ways = (f"{prefix}{bare}{end}" for prefix in WEB for end in ("", "/"))
    return (address, *(way for way in written_ways if way != address))


# Systems whose codes say that there is no value.
ABSENT = {
    *address_spellings("http://terminology.hl7.org/CodeSystem/data-absent-reason"),
    *address_spellings("http://terminology.hl7.org/CodeSystem/v3-NullFlavor"),
}

# The extension that says why there is no value.
ABSENT_REASON = {*address_spellings("http://hl7.org/fhir/StructureDefinition/data-absent-reason")}

# Trade marks behind a brand name; NFKC normalization would turn them into letters.
_TRADE_MARKS = str.maketrans(dict.fromkeys("®™©℠", " "))
# Reasons for an absent value that mean that the element does not exist.
NOT_THERE = ("not-applicable",)


def items(value: object) -> list[Any]:
    """Whatever was sent as a list: None as an empty one, a single value as a list of one."""
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
    """A stripped string; None if it is empty or no string."""
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
    if isinstance(concept, str):
        return {code} if (code := concept.strip()) else set()
    return {code for _, code, _ in codings(concept) if code}


def names(concept: object) -> list[str]:
    """The names of a concept: its text, then the displays of its codings."""
    all_names: list[str] = []
    for part in items(concept):
        if isinstance(part, dict):
            parts = [part, *objects(part.get("coding"))]
            texts = (part.get(key) for part in parts for key in ("text", "display"))
            all_names += [name.strip() for name in texts if isinstance(name, str) and name.strip()]
    return all_names


def is_unsaid(holder: Json, name: str) -> bool:
    """Whether a primitive element has no value but extensions under `_name`.

    False if an extension says that the element does not apply.
    """
    beside = objects(holder.get(f"_{name}"))
    if not beside or holder.get(name) not in (None, ""):
        return False
    extensions = [extension for part in beside for extension in objects(part.get("extension"))]
    return bool(extensions) and not any(
        extension.get("valueCode") in NOT_THERE for extension in extensions
    )


def is_said_absent(holder: Json, name: str) -> bool:
    """Whether an extension of a primitive element gives a reason for an absent value, even beside a value."""
    beside = objects(holder.get(f"_{name}")) if f"_{name}" in holder else ()
    return any(
        text(extension.get("url")) in ABSENT_REASON
        for part in beside
        for extension in objects(part.get("extension"))
    )


def is_absent(concept: object) -> bool:
    """Whether a code of the concept says that there is none, such as `not-applicable`."""
    return any(system in ABSENT for system, _, _ in codings(concept))


def same_name(name: str) -> str:
    """A name in the form in which names are compared: lower case, single spaces, no invisible characters."""
    return " ".join(spellings(name)[0].lower().split())


def spellings(text: str) -> tuple[str, ...]:
    """A text in plain characters; two variants if it has invisible characters such as zero-width spaces.

    In the first variant these are removed, in the second they are replaced by spaces.
    """
    if text.isascii():
        return (text,)
    plain = normalize("NFKC", text.translate(_TRADE_MARKS))
    unseen = {sign for sign in plain if category(sign) == "Cf"}
    if not unseen:
        return (plain,)
    signs = re.compile(f"[{re.escape(''.join(sorted(unseen)))}]+")
    return signs.sub("", plain), signs.sub(" ", plain)


def reference_parts(reference: str) -> tuple[str | None, str]:
    """Resource type and id of a literal reference; the type is None for urns and bare ids."""
    path = reference.split("?", 1)[0].split("/_history/", 1)[0].rstrip("/")
    if path.startswith("urn:"):
        return None, path.rsplit(":", 1)[-1]
    pieces = path.rsplit("/", 2)
    if len(pieces) > 1:
        return pieces[-2], pieces[-1]
    return None, path


def server_of(reference: str) -> str | None:
    """The server part of an absolute reference; None for a relative one."""
    if "://" not in reference:
        return None
    return reference.split("/_history/", 1)[0].rsplit("/", 2)[0].rstrip("/")


def literal_reference(element: object) -> str | None:
    """The literal reference of a Reference element, or a bare string that stands for one."""
    if isinstance(element, dict):
        return text(element.get("reference"))
    return text(element)


def points_to(element: object, type_: str, id_: str, *servers: str | None) -> bool:
    """Whether a Reference points to this resource on one of these servers, or on no stated server."""
    reference = literal_reference(element)
    if reference is None:
        return False
    found_type, found_id = reference_parts(reference)
    if found_id != id_ or found_type not in (None, type_):
        return False
    where = server_of(reference)
    named = [server.rstrip("/") for server in servers if server is not None]
    return where is None or not named or where in named


LONGEST_ID = 64  # of a FHIR R4 id
LONGEST_REFERENCE = 255  # with the address of a server


def has_long_id(resource: Json) -> bool:
    """Whether its id is longer than an id of R4 may be; the patient's own is no evidence and may be."""
    id_ = resource.get("id")
    long = isinstance(id_, str) and len(id_) > LONGEST_ID
    return long and resource.get("resourceType") != "Patient"


def cited(reference: str | None) -> str | None:
    """A reference as an answer cites it; None if its id or its address is too long."""
    if reference is None or len(reference) > LONGEST_REFERENCE:
        return None
    return reference if len(reference_parts(reference)[1]) <= LONGEST_ID else None


def type_and_id(resource: Json) -> str | None:
    """`Type/id` of a resource that has both."""
    type_, id_ = text(resource.get("resourceType")), text(resource.get("id"))
    return f"{type_}/{id_}" if type_ and id_ else None


Steps = tuple[str, ...]


@per_value
def compile_path(written: str) -> Steps:
    """The field names of a path like `$.item[*].productOrService`; ValueError if it says more.

    Lists are always walked through, since senders mix up lists and single values, so `[*]`
    and nothing mean the same here.
    """
    try:
        return tuple(_steps(parse_jsonpath(written)))
    except JSONPathError as error:
        raise ValueError(f"'{written}' is not a JSONPath") from error


def _steps(node: object) -> list[str]:
    match node:
        case Root():
            return []
        case Child():
            return _steps(node.left) + _steps(node.right)
        case Fields():
            return [str(name) for name in node.fields]
        case Wildcard() | Slice(start=None, end=None, step=None):
            return []
        case _:
            raise ValueError("only field names and [*] are read here")


def read(steps: Steps, value: object) -> list[Any]:
    """All values at a path, with lists flattened; empty if there are none."""
    if len(steps) == 1 and value.__class__ is dict:
        sent = value.get(steps[0])
        return items(sent)
    values = items(value)
    for step in steps:
        values = [
            inner
            for inner_value in values
            if isinstance(inner_value, dict) and (sent := inner_value.get(step)) is not None
            for inner in (sent if isinstance(sent, list) else (sent,))
        ]
    return values


def read_first(paths: Sequence[Steps], *values: object) -> Any:
    """The first value that any path finds, tried in turn on each of the values; None if there is none."""
    for steps in paths:
        for value in values:
            if reached := read(steps, value):
                return reached[0]
    return None
