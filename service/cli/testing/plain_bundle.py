"""A hook request of a plain patient bundle, which has no order, and often no coverage and old days."""

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

import orjson

from service.advise.plain_resources import bundle as bundle_of
from service.advise.plain_resources import prefetch_of
from service.errors import RecordingError
from service.fhir.elements import literal_reference, objects, reference_parts, text, type_and_id
from service.fhir.sources.source import Source
from service.json_object import Json
from service.recordings.shifted_days import days_in, exact_day, with_days_moved

ORDER = "draft-order"
PATIENT, COVERAGE = "Patient", "Coverage"
PRESCRIBER, ROLE = "Practitioner", "PractitionerRole"
NOBODY = f"{PRESCRIBER}/unknown"
SUBJECTS = ("subject", "patient", "beneficiary")
URN = "urn:uuid:"


class Wanted(NamedTuple):
    """What the request is about: its day, whether days are moved, a payer to add, and which patient."""

    as_of: date
    shift: bool = False
    payer: str | None = None
    patient_id: str | None = None


@dataclass(frozen=True, slots=True)
class MadeRequest:
    """A request, and what of the bundle is not in it, in words."""

    body: Json
    left_out: tuple[str, ...] = ()


def request_of_bundle(
    bundle: Any, orders: Sequence[Json], sources: Sequence[Source], wanted: Wanted
) -> MadeRequest:
    """An order-sign request for a patient of a bundle, with this patient's resources under their keys.

    `shift` moves every day so that the newest one is the day before `as_of`. `payer` is named by a coverage
    that is added where the patient has none. A RecordingError says what no request can be made of.
    """
    as_of = wanted.as_of
    resources = resources_of(bundle)
    if wanted.shift:
        days = _days_to(resources, as_of)
        resources = [with_days_moved(one, days) for one in resources]
    patient = _patient(resources, wanted.patient_id)
    others = {str(one.get("id")) for one in resources if one.get("resourceType") == PATIENT}
    own = [one for one in resources if _may_be_of(one, patient, others - {patient})]
    of_others = len(resources) - len(own)
    left_out = [f"what is of other patients: {of_others} resources"] if of_others else []
    has_coverage = any(one.get("resourceType") == COVERAGE for one in own)
    if wanted.payer and has_coverage:
        left_out.append("the payer that was named: the patient has a coverage")
    if wanted.payer and not has_coverage:
        own.append(_coverage(patient, wanted.payer))
    drafts = [_draft(order, number, patient, as_of) for number, order in enumerate(orders, 1)]
    user = _user(drafts, own)
    sent = [one for one in own if _is_sent(one, user)]
    prefetch = prefetch_of(sent, sources)
    body = {
        "hook": "order-sign",
        "hookInstance": str(uuid5(NAMESPACE_URL, f"{patient} {as_of}")),
        "context": {
            "userId": user,
            "patientId": patient,
            "draftOrders": bundle_of([{"resource": one} for one in drafts]),
        },
        "prefetch": prefetch,
    }
    unasked = _not_in(prefetch, own)
    types = ", ".join(f"{type_} ({count})" for type_, count in sorted(unasked.items()))
    if types:
        left_out.append(f"what no key asks for, and whom the order does not name: {types}")
    return MadeRequest(body, tuple(left_out))


def resources_of(bundle: Any) -> list[Json]:
    """The resources of a Bundle, of a list of resources, or of one resource alone.

    References to entries by `urn:uuid:…` are made references by type and id, as a server makes them of a
    transaction.
    """
    if isinstance(bundle, list):
        resources = objects(bundle)
    elif isinstance(bundle, dict) and bundle.get("resourceType") == "Bundle":
        resources = _without_urns(objects(bundle.get("entry")))
    elif isinstance(bundle, dict) and bundle.get("resourceType"):
        resources = [bundle]
    else:
        raise RecordingError("the file holds no FHIR Bundle")
    if not any(one.get("resourceType") for one in resources):
        raise RecordingError("the bundle holds no resource")
    return list(resources)


def _without_urns(entries: Sequence[Json]) -> list[Json]:
    resources, names = [], dict[str, str]()
    for entry in entries:
        urn = text(entry.get("fullUrl")) or ""
        for one in objects(entry.get("resource")):
            resource = one
            if urn.startswith(URN):
                if not one.get("id"):
                    resource = {**one, "id": urn.removeprefix(URN)}
                names[urn] = type_and_id(resource) or urn
            resources.append(resource)
    return [_renamed(one, names) for one in resources] if names else resources


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_renamed(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: names.get(one, one)
        if name == "reference" and isinstance(one, str)
        else _renamed(one, names)
        for name, one in value.items()
    }


def _patient(resources: Sequence[Json], wanted: str | None) -> str:
    """The id of the only patient, or of the one that is wanted."""
    ids = {
        str(one["id"]) for one in resources if one.get("resourceType") == PATIENT and one.get("id")
    }
    if wanted is not None:
        ids &= {wanted}
    if len(ids) != 1:
        hint = "; name one by --patient" if ids else ""
        raise RecordingError(
            f"the bundle has {len(ids)} such patients; a request is about one{hint}"
        )
    return ids.pop()


def _may_be_of(resource: Json, patient: str, others: AbstractSet[str]) -> bool:
    """Whether a resource is this patient's, or names none of the other patients of the bundle.

    A coverage must be the patient's own: it says who pays.
    """
    if resource.get("resourceType") == PATIENT:
        return str(resource.get("id")) == patient
    named = {reference_parts(one)[1] for one in _subjects(resource)}
    if not named or patient in named:
        return True
    return resource.get("resourceType") != COVERAGE and named.isdisjoint(others)


def _subjects(resource: Json) -> Iterator[str]:
    for name in SUBJECTS:
        if reference := literal_reference(resource.get(name)):
            yield reference


def _not_in(prefetch: Json, resources: Sequence[Json]) -> Counter[str]:
    """How many resources of each type stand under no key."""
    sent = list[Json]()
    for value in prefetch.values():
        sent += [one["resource"] for one in value["entry"]] if "entry" in value else [value]
    kept = {orjson.dumps(one) for one in sent}
    return Counter(
        str(one.get("resourceType")) for one in resources if orjson.dumps(one) not in kept
    )


def _user(drafts: Sequence[Json], resources: Sequence[Json]) -> str:
    """The prescriber whom the orders name; nobody else of the bundle is taken for the prescriber."""
    for draft in drafts:
        reference = literal_reference(draft.get("requester"))
        type_, id_ = reference_parts(reference) if reference else (None, "")
        if type_ == PRESCRIBER:
            return f"{type_}/{id_}"
        for role in resources if type_ == ROLE else ():
            holder = literal_reference(role.get("practitioner"))
            if type_and_id(role) == f"{ROLE}/{id_}" and holder:
                return f"{PRESCRIBER}/{reference_parts(holder)[1]}"
    return NOBODY


def _is_sent(resource: Json, user: str) -> bool:
    """Whether a resource goes into the request: of prescribers and their roles those of the user."""
    type_ = resource.get("resourceType")
    if type_ == PRESCRIBER:
        return type_and_id(resource) == user
    if type_ == ROLE:
        holder = literal_reference(resource.get("practitioner"))
        return holder is not None and reference_parts(holder)[1] == user.partition("/")[2]
    return True


def _days_to(resources: Sequence[Json], as_of: date) -> int:
    """How many days later the newest day of the record is the day before; days ahead are left aside."""
    days = [day for text in days_in(list(resources)) if (day := exact_day(text))]
    past = [day for day in days if day <= as_of]
    newest = max(past or days, default=as_of - timedelta(days=1))
    return (as_of - timedelta(days=1) - newest).days


def _coverage(patient: str, payer: str) -> Json:
    return {
        "resourceType": COVERAGE,
        "id": "added-coverage",
        "status": "active",
        "beneficiary": {"reference": f"{PATIENT}/{patient}"},
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
        "subject": {"reference": f"{PATIENT}/{patient}"},
        "authoredOn": as_of.isoformat(),
    }
