"""A hook request of a plain patient bundle, which has no order, and often no coverage and old days."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from service.errors import RecordingError
from service.fhir.elements import objects
from service.fhir.sources.source import Source
from service.json_object import Json
from service.recordings.shifted_days import days_in, exact_day, with_days_moved

ORDER, SERVER = "draft-order", "https://ehr.example/r4"


class Wanted(NamedTuple):
    """What the request is about: its day, whether days are moved, a payer to add, and which patient."""

    as_of: date
    shift: bool = False
    payer: str | None = None
    patient_id: str | None = None


def request_of_bundle(
    bundle: Any, orders: Sequence[Json], sources: Iterable[Source], wanted: Wanted
) -> Json:
    """An order-sign request for a patient of a bundle, with all of its resources under their keys.

    `shift` moves every day so that the newest one is the day before `as_of`. `payer` is named by a coverage
    that is added where the bundle has none. A RecordingError says what no request can be made of.
    """
    as_of = wanted.as_of
    resources = resources_of(bundle)
    if wanted.shift:
        resources = [with_days_moved(one, _days_to(resources, as_of)) for one in resources]
    patients = [one for one in resources if one.get("resourceType") == "Patient" and one.get("id")]
    if wanted.patient_id is not None:
        patients = [one for one in patients if str(one["id"]) == wanted.patient_id]
    if len({str(one["id"]) for one in patients}) != 1:
        raise RecordingError(
            f"the bundle has {len(patients)} such patients; a request is about one"
        )
    patient = str(patients[0]["id"])
    by_type: defaultdict[str, list[Json]] = defaultdict(list)
    for one in resources:
        by_type[str(one.get("resourceType"))].append(one)
    coverages = by_type["Coverage"]
    if wanted.payer and not coverages:
        coverages.append(_coverage(patient, wanted.payer))
    prefetch: Json = {}
    for source in sources:
        of_type = by_type.get(source.type, [])
        if source.type == "Patient":
            prefetch[source.key] = patients[0]
        elif source.key not in prefetch:
            prefetch[source.key] = _one_or_all(source, of_type)
    drafts = [_draft(order, number, patient, as_of) for number, order in enumerate(orders, 1)]
    practitioner = next(
        (str(one["id"]) for one in by_type["Practitioner"] if one.get("id")), "unknown"
    )
    return {
        "hook": "order-sign",
        "hookInstance": str(uuid5(NAMESPACE_URL, f"{patient} {as_of}")),
        "context": {
            "userId": f"Practitioner/{practitioner}",
            "patientId": patient,
            "draftOrders": _bundle(drafts),
        },
        "prefetch": prefetch,
    }


def resources_of(bundle: Any) -> list[Json]:
    """The resources of a Bundle, of a list of resources, or of one resource alone."""
    if isinstance(bundle, list):
        resources = objects(bundle)
    elif isinstance(bundle, dict) and bundle.get("resourceType") == "Bundle":
        resources = [
            one for entry in objects(bundle.get("entry")) for one in objects(entry.get("resource"))
        ]
    elif isinstance(bundle, dict) and bundle.get("resourceType"):
        resources = [bundle]
    else:
        raise RecordingError("the file holds no FHIR Bundle")
    if not any(one.get("resourceType") for one in resources):
        raise RecordingError("the bundle holds no resource")
    return list(resources)


def _days_to(resources: Sequence[Json], as_of: date) -> int:
    """How many days later the newest day of the record is the day before; days ahead are left aside."""
    days = [day for text in days_in(list(resources)) if (day := exact_day(text))]
    past = [day for day in days if day <= as_of]
    newest = max(past or days, default=as_of - timedelta(days=1))
    return (as_of - timedelta(days=1) - newest).days


def _one_or_all(source: Source, resources: list[Json]) -> Json | None:
    """What a key holds: the resource itself where one is asked for, else a bundle of all."""
    if source.type == "Practitioner":
        return resources[0] if resources else None
    return _bundle(resources)


def _bundle(resources: Sequence[Json]) -> Json:
    entries = [
        {"fullUrl": f"{SERVER}/{one['resourceType']}/{one.get('id', number)}", "resource": one}
        for number, one in enumerate(resources)
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _coverage(patient: str, payer: str) -> Json:
    return {
        "resourceType": "Coverage",
        "id": "added-coverage",
        "status": "active",
        "beneficiary": {"reference": f"Patient/{patient}"},
        "payor": [{"display": payer}],
    }


def _draft(order: Json, number: int, patient: str, as_of: date) -> Json:
    """An order as a draft for this patient on this day."""
    if order.get("resourceType") not in ("MedicationRequest", "ServiceRequest"):
        raise RecordingError("an order is a MedicationRequest")
    kept = {name: value for name, value in order.items() if name != "encounter"}
    return {
        **kept,
        "id": str(order.get("id") or f"{ORDER}-{number}"),
        "status": "draft",
        "intent": order.get("intent") or "order",
        "subject": {"reference": f"Patient/{patient}"},
        "authoredOn": as_of.isoformat(),
    }
