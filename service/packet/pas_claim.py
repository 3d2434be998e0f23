"""The Claim of a request for prior authorization, by Da Vinci PAS 2.1 and 2.2."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from service.fhir.elements import codings, items, objects, read, text
from service.fhir.values.quantity import number
from service.json_object import Json
from service.library.lookups.claim_codes import ClaimCodes
from service.packet.case_to_send import CaseToSend

PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
UNKNOWN: Json = {"extension": [{"url": ABSENT, "valueCode": "unknown"}]}
Version = Literal["2.1", "2.2"]
# The published version of the profiles that each version of the guide has.
PUBLISHED: dict[Version, str] = {"2.1": "2.1.0", "2.2": "2.2.1"}


@dataclass(frozen=True)
class Parties:
    """References to the parties and things that a Claim names; None for those that the record lacks."""

    patient: Json
    insurer: Json
    provider: Json | None
    coverage: Json | None
    order: Json


@dataclass(frozen=True)
class Information:
    """A resource that supports the request: its type and the reference to it."""

    type: str
    reference: Json


def claim_of(
    case: CaseToSend,
    codes: ClaimCodes,
    version: Version,
    parties: Parties,
    information: Sequence[Information],
) -> Json:
    """The Claim without its id; what the record lacks is marked with a data-absent-reason."""
    diagnoses = _diagnoses(case, codes)
    return {
        "resourceType": "Claim",
        "meta": {"profile": [profile("claim", version)]},
        "status": "active",
        "type": codes.claim_type.concept(),
        "use": "preauthorization",
        "patient": parties.patient,
        "created": case.case.day.isoformat(),
        "insurer": parties.insurer,
        "provider": parties.provider or UNKNOWN,
        "priority": codes.priority.concept(),
        **_listed("supportingInfo", _supporting(codes, version, information)),
        **_listed("diagnosis", diagnoses),
        "insurance": [{"sequence": 1, "focal": True, "coverage": parties.coverage or UNKNOWN}],
        "item": [_item(case, codes, parties, len(diagnoses), len(information))],
    }


def profile(name: str, version: Version) -> str:
    """The canonical of a PAS profile in the published version."""
    return f"{PAS}/profile-{name}|{PUBLISHED[version]}"


def _listed(name: str, entries: list[Json]) -> Json:
    return {name: entries} if entries else {}


def _supporting(
    codes: ClaimCodes, version: Version, information: Iterable[Information]
) -> list[Json]:
    return [
        {
            **(_document(codes, one.type) if version == "2.2" else {}),
            "sequence": sequence,
            "category": codes.information.concept(),
            "valueReference": one.reference,
        }
        for sequence, one in enumerate(information, 1)
    ]


def _document(codes: ClaimCodes, type_: str) -> Json:
    """The kind of report of supporting information, which PAS 2.2 requires."""
    kind = {"url": "reportTypeCode", "valueCodeableConcept": codes.report(type_)}
    return {"extension": [{"url": f"{PAS}/extension-documentInformation", "extension": [kind]}]}


def _diagnoses(case: CaseToSend, codes: ClaimCodes) -> list[Json]:
    """The reasons of the order that have a code of a list that PAS allows, each code once."""
    reasons = [*read(("reasonCode",), case.order), *_named_conditions(case)]
    written = (
        {"system": system, "code": code, **({"display": display} if display else {})}
        for reason in reasons
        for system, code, display in codings(reason)
        if system in codes.diagnoses and code
    )
    by_code = {one["code"]: one for one in written}
    return [
        {"sequence": sequence, "diagnosisCodeableConcept": {"coding": [one]}}
        for sequence, one in enumerate(by_code.values(), 1)
    ]


def _named_conditions(case: CaseToSend) -> list[object]:
    references = objects(case.order.get("reasonReference"))
    conditions = (case.supplied.find(reference, case.order) for reference in references)
    return [found["code"] for found in conditions if found and "code" in found]


def _item(
    case: CaseToSend, codes: ClaimCodes, parties: Parties, diagnoses: int, information: int
) -> Json:
    certification = codes.certification.get(case.assessment.path or "")
    number_ = _authorized_before(case)
    return {
        "extension": [
            _coded("serviceItemRequestType", codes.request_type.concept()),
            _coded("certificationType", certification.concept() if certification else UNKNOWN),
            {"url": f"{PAS}/extension-requestedService", "valueReference": parties.order},
            *(
                [{"url": f"{PAS}/extension-authorizationNumber", "valueString": number_}]
                if number_
                else []
            ),
        ],
        "sequence": 1,
        **_counted("diagnosisSequence", diagnoses),
        **_counted("informationSequence", information),
        "category": codes.category.concept(),
        "productOrService": _product(case, codes),
        "locationCodeableConcept": UNKNOWN,
        **_quantity(case.order),
    }


def _coded(name: str, concept: Json) -> Json:
    return {"url": f"{PAS}/extension-{name}", "valueCodeableConcept": concept}


def _counted(name: str, count: int) -> Json:
    return {name: [*range(1, count + 1)]} if count else {}


def _authorized_before(case: CaseToSend) -> str | None:
    """The number of the authorization that runs, or that this payer gave last."""
    scene = case.rendered.judgement.scene
    if scene.running:
        return scene.running.number
    decision = scene.decision
    return decision.number if decision and decision.says in ("approved", "in_part") else None


def _product(case: CaseToSend, codes: ClaimCodes) -> Json:
    """The product by a code that PAS allows; without one the class of service, and the product as ordered."""
    ordered = codings_of_order(case)
    allowed = [coding for coding in ordered if coding["system"] in codes.products]
    first = allowed or codes.category.concept()["coding"]
    others = [coding for coding in ordered if coding not in allowed]
    return {"coding": [*first, *others], "text": case.case.order.label}


def codings_of_order(case: CaseToSend) -> list[Json]:
    """The codes of the ordered product, on the order or on the Medication that it refers to."""
    medication = case.supplied.find(case.order.get("medicationReference"), case.order) or {}
    concepts = [case.order.get("medicationCodeableConcept"), medication.get("code")]
    return [
        {"system": system, "code": code, **({"display": display} if display else {})}
        for concept in concepts
        for system, code, display in codings(concept)
        if system and code
    ]


def _quantity(order: Json) -> Json:
    """The quantity with its unit in words: PAS has a list of codes of its own."""
    quantities = objects(read(("dispenseRequest", "quantity"), order))
    value = number(quantities[0].get("value")) if quantities else None
    if value is None or value <= 0:
        return {}
    unit = text(quantities[0].get("unit")) or text(quantities[0].get("code"))
    exact = int(value) if value == int(value) else value
    return {"quantity": {"value": exact, **({"unit": unit} if unit else {})}}


def left_open(claim: Json) -> list[str]:
    """The elements that the payer wants and the record does not hold."""
    item = claim["item"][0]
    products = items(item["productOrService"].get("coding"))
    wanted = {
        "Claim.provider": claim["provider"],
        "Claim.insurance.coverage": claim["insurance"][0]["coverage"],
        "Claim.item.location[x]": item["locationCodeableConcept"],
        "Claim.item.extension:certificationType": item["extension"][1]["valueCodeableConcept"],
    }
    missing = [name for name, value in wanted.items() if value == UNKNOWN]
    by_class = products[:1] == items(item["category"].get("coding"))
    return [*missing, *(["Claim.item.productOrService"] if by_class else [])]
