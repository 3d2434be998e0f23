"""What the guides say of the extension coverage-information, written from their sources, not from our code.

Source: HL7/davinci-crd at tags 2.0.1, 2.1.0 and 2.2.1, input/fsh/extensions/CoverageInformation.fsh (parts,
how often, types, invariants crd-ci-q1 to q9) and input/fsh/valuesets/CoverageInformationValuesets.fsh.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
URL = "http://hl7.org/fhir/us/davinci-crd/StructureDefinition/ext-coverage-information"
TEMP = "http://hl7.org/fhir/us/davinci-crd/CodeSystem/temp"
MANY = 99
# name: (fewest, most, type of the value), for all versions; what differs is below.
PARTS: dict[str, tuple[int, int, str]] = {
    "coverage": (1, 1, "Reference"),
    "covered": (1, 1, "Code"),
    "pa-needed": (0, 1, "Code"),
    "doc-needed": (0, MANY, "Code"),
    "doc-purpose": (0, MANY, "Code"),
    "info-needed": (0, MANY, "Code"),
    "billingCode": (0, MANY, "Coding"),
    "reason": (0, MANY, "CodeableConcept"),
    "dependency": (0, MANY, "Reference"),
    "questionnaire": (0, MANY, "Canonical"),
    "date": (1, 1, "Date"),
    "coverage-assertion-id": (1, 1, "String"),
    "satisfied-pa-id": (0, 1, "String"),
    "contact": (0, MANY, "ContactPoint"),
}
DIFFERENT: dict[str, dict[str, tuple[int, int, str]]] = {
    "2.0": {"doc-needed": (0, 1, "Code"), "response": (0, MANY, "Reference")},
    "2.1": {"expiry-date": (0, 1, "Date")},
    "2.2": {"expiry-date": (0, 1, "Date"), "contact": (0, MANY, "ContactDetail")},
}
COVERED = {"covered", "not-covered", "conditional"}
NEEDED = {"no-auth", "auth-needed", "satisfied", "performpa", "conditional"}
PURPOSE = {"withpa", "withclaim", "withorder", "retain-doc", "OTH"}
INFO = {"performer", "location", "timeframe", "contract-window", "OTH"}
CODES: dict[str, dict[str, set[str]]] = {
    "2.0": {
        "covered": COVERED,
        "pa-needed": NEEDED,
        "doc-needed": {"clinical", "admin", "both", "conditional"},
        "doc-purpose": PURPOSE,
        "info-needed": INFO,
    },
    "2.1": {
        "covered": COVERED,
        "pa-needed": NEEDED,
        "doc-needed": {"clinical", "admin", "patient", "conditional"},
        "doc-purpose": PURPOSE,
        "info-needed": INFO,
    },
    "2.2": {
        "covered": COVERED | {"indeterminate"},
        "pa-needed": NEEDED | {"indeterminate"},
        "doc-needed": {"clinical", "admin", "patient", "conditional", "indeterminate"},
        "doc-purpose": PURPOSE,
        "info-needed": INFO | {"detail-code"},
    },
}
REASONS = {
    "2.0": {"gold-card", "detail-code"},
    "2.1": {"gold-card", "detail-code"},
    "2.2": {
        *("gold-card", "no-member-found", "no-active-coverage", "coverage-not-found"),
        *("auth-out-network", "technical"),
    },
}
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
REFERENCE = re.compile(r"((https?://\S+/)?Coverage/|#)[A-Za-z0-9.-]{1,64}")


def extensions_of(order: Json) -> list[Json]:
    """The extensions of this kind on an order."""
    return [one for one in order.get("extension", []) if one.get("url") == URL]


def values_of(extension: Json) -> dict[str, list[Any]]:
    """The values of each part, by its name."""
    values: dict[str, list[Any]] = {}
    for part in extension["extension"]:
        (value,) = (value for name, value in part.items() if name.startswith("value"))
        values.setdefault(part["url"], []).append(value)
    return values


def faults(extension: Json, version: str) -> list[str]:
    """Every rule that the extension breaks in a version, in words; none if it is sound."""
    found = [*_shape(extension, version)]
    return found or [*_rules(values_of(extension), version)]


def _shape(extension: Json, version: str) -> Iterator[str]:
    """Members, parts, how often each occurs, and the types of their values."""
    if set(extension) != {"url", "extension"} or extension["url"] != URL:
        yield f"members {sorted(extension)}"
    known = PARTS | DIFFERENT[version]
    counted = Counter(part.get("url") for part in extension["extension"])
    for name in counted:
        if name not in known:
            yield f"there is no part {name} in {version}"
    for name, (fewest, most, _) in known.items():
        if not fewest <= counted[name] <= most:
            yield f"{name} occurs {counted[name]} times"
    for part in extension["extension"]:
        wanted = {"url", f"value{known.get(part.get('url'), (0, 0, '?'))[2]}"}
        if set(part) != wanted:
            yield f"{part.get('url')} has members {sorted(part)}"
        elif any(value in (None, "", [], {}) for value in part.values()):
            yield f"{part['url']} is empty"


def _rules(values: dict[str, list[Any]], version: str) -> Iterator[str]:
    for name, codes in CODES[version].items():
        for code in values.get(name, []):
            if code not in codes:
                yield f"{name}: {code} is no code of {version}"
    yield from _values(values, version)
    (covered,) = values["covered"]
    needed = values.get("pa-needed", [None])[0]
    said = {covered, needed, *values.get("doc-needed", [])}
    if "questionnaire" in values and "doc-needed" not in values:
        yield "crd-ci-q1: a questionnaire without doc-needed"
    if covered == "not-covered" and needed is not None:
        yield "crd-ci-q2: not covered, and pa-needed"
    if version == "2.0" and covered != "not-covered" and needed is None:
        yield "crd-ci-q2 of 2.0.1: pa-needed is missing"
    # the expression of each version is one half of its sentence; the other half holds too
    if ("conditional" in said) != ("info-needed" in values):
        yield "crd-ci-q3: info-needed if and only if something is conditional"
    if needed in ("satisfied", "no-auth") and "withpa" in values.get("doc-purpose", []):
        yield "crd-ci-q4: documents for an authorization that is not needed"
    if (needed == "satisfied") != ("satisfied-pa-id" in values):
        yield "crd-ci-q5: satisfied if and only if there is a number"
    yield from _reason_is_there(values, said)


def _reason_is_there(values: dict[str, list[Any]], said: set[Any]) -> Iterator[str]:
    asked = "OTH" in values.get("info-needed", []) or "doc-purpose" in values
    if (asked or "indeterminate" in said) and "reason" not in values:
        yield "crd-ci-q6, q8, q9: a reason is missing"


def _values(values: dict[str, list[Any]], version: str) -> Iterator[str]:
    for reference in values["coverage"]:
        if set(reference) != {"reference"} or not REFERENCE.fullmatch(reference["reference"]):
            yield f"coverage: {reference}"
    for day in (*values["date"], *values.get("expiry-date", [])):
        if not DAY.fullmatch(day):
            yield f"a date: {day}"
    yield from _reasons(values, version)
    for canonical in values.get("questionnaire", []):
        if not re.fullmatch(r"https://\S+\|\d{4}-\d{2}-\d{2}", canonical):
            yield f"questionnaire: {canonical}"
    for contact in values.get("contact", []):
        telecom = contact.get("telecom") if version == "2.2" else [contact]
        if not telecom or any(set(one) != {"system", "value"} for one in telecom):
            yield f"contact: {contact}"


def _reasons(values: dict[str, list[Any]], version: str) -> Iterator[str]:
    for concept in values.get("reason", []):
        codings = concept.get("coding", [])
        known = [one["system"] == TEMP and one["code"] in REASONS[version] for one in codings]
        if not concept.get("text") and not (known and all(known)):
            yield "crd-ci-q7: a reason without a text"
        if not all(known):
            yield f"a code of a reason: {codings}"
