"""Many patients quickly: boundary patients, each with ids of its own and entries that no criterion reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

import orjson

from service.boundary.boundary_cases import BoundaryCase, boundary_cases
from service.cases.case_words import CaseContext
from service.cases.given import request
from service.json_object import Json
from service.library import Library
from service.policy.model import Policy

MARK = b"PATIENT-ID-HERE"
OWN_ID = "p1"
YEARS = 4 * 365
# Vital signs, as every chart is full of them: codes of the vital signs profiles of FHIR R4.
VITALS = (
    ("8867-4", "Heart rate", 55, 95, "/min"),
    ("9279-1", "Respiratory rate", 12, 20, "/min"),
    ("8310-5", "Body temperature", 36, 38, "Cel"),
    ("2708-6", "Oxygen saturation in Arterial blood", 94, 100, "%"),
)
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
EVERY_FIFTH = 5


class Template(NamedTuple):
    """The types of a patient's resources, and their lines with a mark in place of the patient's id."""

    types: tuple[str, ...]
    lines: bytes


@dataclass(frozen=True)
class GeneratedPatient:
    """One patient's resources as NDJSON, the draft order among them, and the case it was made from.

    Each line is one resource as a FHIR server has it, with the patient's own id in its references.
    """

    id: str
    case: BoundaryCase
    types: tuple[str, ...]
    ndjson: bytes

    def lines(self) -> Iterator[tuple[str, bytes]]:
        """Each resource's type and line."""
        return zip(self.types, self.ndjson.split(b"\n"), strict=True)

    @property
    def resources(self) -> list[Json]:
        """The resources, read."""
        return [orjson.loads(line) for _, line in self.lines()]


def many_patients(
    library: Library, policy: Policy, count: int, *, resources: int = 200, seed: int = 0
) -> Iterator[GeneratedPatient]:
    """So many patients of about so many resources, the same for the same seed, one after another.

    A patient is a boundary case, again and again in an order that the seed decides. What is not sent
    or fails in a request has no form in a record, so such cases are left out.
    """
    cases, words = boundary_cases(library, policy)
    whole = [
        case for case in cases if not {"not_sent", "paged", "failed", "null"} & {*case.case.given}
    ]
    draw = Random(seed)  # noqa: S311 - test data, no secret
    templates: dict[str, Template] = {}
    for number in range(count):
        case = whole[draw.randrange(len(whole))]
        if case.name not in templates:
            context = CaseContext(case.case.as_of, words)
            templates[case.name] = _template(
                request(case.case.given, context), case.case.as_of, resources
            )
        id_ = f"g{seed}-{number:07}"
        template = templates[case.name]
        yield GeneratedPatient(
            id_, case, template.types, template.lines.replace(MARK, id_.encode())
        )


def _template(sent: Json, as_of: date, resources: int) -> Template:
    """The resources of a request and what fills them up, with a mark in place of the patient's id."""
    own = [*_entries(sent["context"]["draftOrders"])]
    for value in sent["prefetch"].values():
        own += _entries(value)
    born = next((one.get("birthDate") for one in own if one["resourceType"] == "Patient"), None)
    fillers = _fillers(max(resources - len(own), 0), as_of, born)
    marked = [_marked(one) for one in (*own, *fillers)]
    types = tuple(str(one["resourceType"]) for one in marked)
    return Template(types, b"\n".join(map(orjson.dumps, marked)))


def _entries(value: Json) -> list[Json]:
    """The resources of a bundle; a resource alone is one."""
    if value["resourceType"] != "Bundle":
        return [value]
    return [entry["resource"] for entry in value.get("entry", ())]


def _marked(resource: Json) -> Json:
    """The resource with ids that contain the patient's, and references that follow them."""
    mark = MARK.decode()
    id_ = mark if resource["resourceType"] == "Patient" else f"{mark}-{resource['id']}"
    return {**_references(resource), "id": id_}


def _references(value: Any) -> Any:
    mark = MARK.decode()
    if isinstance(value, list):
        return [_references(one) for one in value]
    if not isinstance(value, dict):
        return value
    changed = {key: _references(one) for key, one in value.items()}
    reference = changed.get("reference")
    if isinstance(reference, str) and "/" in reference and not reference.startswith("#"):
        type_, _, id_ = reference.partition("/")
        changed["reference"] = f"{type_}/{mark}" if id_ == OWN_ID else f"{type_}/{mark}-{id_}"
    return changed


def _fillers(count: int, as_of: date, born: str | None) -> Iterator[Json]:
    """Visits and vital signs from the years before the day, none from before birth."""
    first = date.fromisoformat(born) if born and len(born) == len("2000-01-01") else as_of
    days = min(YEARS, max((as_of - first).days, 0)) if born else YEARS
    subject = {"reference": f"Patient/{OWN_ID}"}
    for number in range(count):
        day = (as_of - timedelta(days=(number * 7) % (days + 1))).isoformat()
        if number % EVERY_FIFTH == 0:
            yield {
                "resourceType": "Encounter",
                "id": f"filler-{number}",
                "status": "finished",
                "class": {
                    "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
                    "code": "AMB",
                },
                "subject": subject,
                "period": {"start": day, "end": day},
                "reasonCode": [{"text": "Check-up"}],
            }
            continue
        code, display, low, high, unit = VITALS[number % len(VITALS)]
        yield {
            "resourceType": "Observation",
            "id": f"filler-{number}",
            "status": "final",
            "subject": subject,
            "code": {"coding": [{"system": LOINC, "code": code, "display": display}]},
            "effectiveDateTime": day,
            "valueQuantity": {
                "value": low + number % (high - low + 1),
                "unit": unit,
                "system": UCUM,
                "code": unit,
            },
        }
