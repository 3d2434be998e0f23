"""Paths of sources against FHIR R4: a typo would find nothing and say so to nobody."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from service.library.element_tree import follow

TellsAlone = Callable[..., None]
CLAIMS, ORDERS = "mappings/sources/claims.yaml", "mappings/sources/medications.yaml"
SEEN, LIST = "mappings/sources/observations.yaml", "mappings/sources/dispenses.yaml"

# A path, and whether other paths begin at what it finds.
# what is said of an element is no path: it is checked once the paths are right
WRITTEN = r"""(?P<outer>(?:each|(?P<list>entries)): "?)?\$(?:\.\w+(?:\[\*\])?)+(?![\w.:]|\[x\])"""

BROKEN: dict[str, tuple[str, ...]] = {
    "a mistyped element": (
        SEEN,
        "$.issued",
        "$.isued",
        "dates:",
        "R4 knows no 'isued' in Observation; did you mean 'issued'?",
    ),
    "an element of several types": (
        SEEN,
        "[$.effectiveDateTime,",
        "[$.effective,",
        "dates:",
        (
            "R4 knows no 'effective' in Observation; R4 writes 'effectiveDateTime' or "
            "'effectiveInstant' or 'effectivePeriod' or 'effectiveTiming'"
        ),
    ),
    "an element for the place of a line": (
        CLAIMS,
        "$.locationCodeableConcept",
        "$.locationCodableConcept",
        "places:",
        (
            "R4 knows no 'locationCodableConcept' in ExplanationOfBenefit.item; "
            "did you mean 'locationCodeableConcept'?"
        ),
    ),
    "a day for the department of a line": (
        CLAIMS,
        "departments: [$.revenue]",
        "departments: [$.servicedDate]",
        "departments:",
        (
            "'$.servicedDate' is of the type date; a code is needed here "
            "(CodeableConcept, Coding, Annotation, text)"
        ),
    ),
    "an element for what is medical": (
        CLAIMS,
        "medical: {path: $.type",
        "medical: {path: $.typo",
        "medical:",
        "R4 knows no 'typo' in ExplanationOfBenefit; did you mean 'type'?",
    ),
    "an element in a part of a claim": (
        CLAIMS,
        "$.adjudication[*].reason",
        "$.adjudication[*].raeson",
        "raeson",
        "R4 knows no 'raeson' in ExplanationOfBenefit.item.adjudication; did you mean 'reason'?",
    ),
    "an element of a data type": (
        CLAIMS,
        "$.quantity.value",
        "$.quantity.vlaue",
        "amounts:",
        "R4 knows no 'vlaue' in ExplanationOfBenefit.item.quantity; did you mean 'value'?",
    ),
    "a part that there is not": (
        CLAIMS,
        "each: $.item[*]",
        "each: $.items[*]",
        "each:",
        "R4 knows no 'items' in ExplanationOfBenefit; did you mean 'item'?",
    ),
    "an element of a listed entry": (
        CLAIMS,
        "value: $.valueQuantity",
        "value: $.value",
        "days_listed:",
        (
            "R4 knows no 'value' in ExplanationOfBenefit.supportingInfo; R4 writes "
            "'valueAttachment' or 'valueBoolean' or 'valueQuantity' or 'valueReference' …"
        ),
    ),
    "a reference that is walked through": (
        LIST,
        "references: $.medicationReference",
        "references: $.medicationReference.code",
        "references:",
        "R4 knows no 'code' in MedicationDispense.medicationReference",
    ),
    "a code where a day is read": (
        SEEN,
        "$.issued",
        "$.status",
        "dates:",
        ("'$.status' is of the type text; a day is needed here (date, dateTime, instant, Period)"),
    ),
    "a reference where a code is read": (
        LIST,
        "concepts: $.medicationCodeableConcept",
        "concepts: $.medicationReference",
        "concepts:",
        (
            "'$.medicationReference' is of the type Reference; a code is needed here "
            "(CodeableConcept, Coding, Annotation, text)"
        ),
    ),
    "an older name without its reason": (
        ORDERS,
        "not_in_r4: {$.patient: older systems (DSTU2) name the patient of an order so}\n",
        "",
        "subject:",
        "R4 knows no 'patient' in MedicationRequest; did you mean 'intent'?",
    ),
    "a reason for a path that is in R4": (
        ORDERS,
        "not_in_r4: {$.patient:",
        'not_in_r4: {$.subject: "x", $.patient:',
        "not_in_r4:",
        "'$.subject' is in R4; strike it here",
    ),
    "a reason for a path that is nowhere": (
        ORDERS,
        "not_in_r4: {$.patient:",
        'not_in_r4: {$.patiant: "x", $.patient:',
        "not_in_r4:",
        "no path '$.patiant' in this file; did you mean '$.patient'?",
    ),
    "a type whose elements are not known here": (
        LIST.replace("dispenses", "procedures"),
        "type: Procedure",
        "type: SupplyRequest",
        "type:",
        "the elements of SupplyRequest are not known here; tools/r4_elements.py adds them",
    ),
}


@pytest.mark.parametrize("row", BROKEN.values(), ids=BROKEN)
def test_a_path_that_r4_does_not_know_is_told_with_its_place_and_alone(
    tells_alone: TellsAlone, row: tuple[str, ...]
) -> None:
    tells_alone(*row)


# What others begin at is broken apart from them: where it is wrong nobody can tell what they find.
@pytest.mark.parametrize("broken", ["each", "list", "inner"])
def test_no_path_of_any_source_goes_unseen(
    content: Path, mistakes: Callable[[], list[str]], broken: str
) -> None:
    wanted = 0

    def lengthened(found: re.Match[str]) -> str:
        nonlocal wanted
        kind = "list" if found["list"] else "each" if found["outer"] else "inner"
        if kind != broken or f"{{{found[0]}:" in text:
            return found[0]
        wanted += 1
        return f"{found[0]}.zzz{wanted}z"

    for path in (content / "mappings/sources").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        lines = [
            one if one.startswith("not_in_r4") else re.sub(WRITTEN, lengthened, one)
            for one in text.splitlines()
        ]
        path.write_text("\n".join(lines), encoding="utf-8")
    told = "\n".join(mistakes())
    assert [n for n in range(1, wanted + 1) if f"'zzz{n}z'" not in told] == []
    assert wanted


KNOWN = {
    ("Patient", ("_birthDate", "extension", "valueDateTime")): "dateTime",
    ("Observation", ("component", "valueQuantity", "value")): "decimal",
    ("MedicationRequest", ("contained", "code")): "Resource",
    ("Procedure", ("extension", "extension", "valueCodeableConcept", "coding")): "Coding",
    ("ClaimResponse", ("item", "adjudication", "reason")): "CodeableConcept",
    ("Claim", ("resourceType",)): "text",
}


@pytest.mark.parametrize(("path", "type_"), KNOWN.items())
def test_extensions_contained_resources_and_shared_parts_are_followed(
    path: tuple[str, tuple[str, ...]], type_: str
) -> None:
    assert follow(*path) == type_
