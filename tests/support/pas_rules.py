"""The rules of Da Vinci PAS 2.1 and 2.2 as checks of a request's Bundle.

Read in HL7/davinci-pas, tags 2.1.0 and 2.2.1: input/fsh/Bundle.fsh, Claim.fsh, Identifier.fsh,
Quantity.fsh, Request.fsh, Terminology.fsh; the tags `spec-…` are those of pagecontent/specification.md.
"""

from collections.abc import Iterator

from support.card_rules import invalid
from support.packets import PARTIES, PAS, Json, entries, key, references

from service.packet.pas_claim import Version

# Claim.fsh of 2.2.1, supportingInfo[AdditionalInformation].value[x].
DIRECT = {
    *("DocumentReference", "QuestionnaireResponse", "AllergyIntolerance", "Condition"),
    *("DiagnosticReport", "Immunization", "MedicationRequest", "Procedure", "ServiceRequest"),
    *("Observation", "NutritionOrder", "DeviceRequest", "Bundle"),
}
PRODUCTS = ("hl7.org/fhir/sid/ndc", "HCPCSReleaseCodeSets", "ama-assn.org/go/cpt", "005010/1365")


def against_pas(bundle: Json, version: Version) -> Iterator[str]:
    """What the guide says against a Bundle."""
    claim = bundle["entry"][0]["resource"]
    held = {
        **_bundle_rules(bundle),
        **_reference_rules(bundle),
        **_claim_rules(claim, bundle),
        **_item_rules(claim["item"][0], claim),
        **_information_rules(claim, bundle, version),
    }
    yield from invalid(bundle)
    yield from (rule for rule, holds in held.items() if not holds)


def _bundle_rules(bundle: Json) -> dict[str, bool]:
    """Profile pas-request-bundle (Bundle.fsh)."""
    addresses = [entry["fullUrl"] for entry in entries(bundle)]
    return {
        "type = #collection": bundle["type"] == "collection",
        "timestamp 1..1": bool(bundle["timestamp"]),
        "identifier 1..1": {"system", "value"} <= bundle["identifier"].keys(),
        "ClaimFirst, spec-12": bundle["entry"][0]["resource"]["resourceType"] == "Claim",
        "spec-14: each resource once": len(set(addresses)) == len(addresses),
        "spec-16: at the EHR or a UUID": all(
            one.startswith(("urn:uuid:", "https://", "http://")) for one in addresses
        ),
    }


def _reference_rules(bundle: Json) -> dict[str, bool]:
    """spec-13: what is referred to is there, and only that."""
    addresses = [entry["fullUrl"] for entry in entries(bundle)]
    known, reached = {*addresses, *map(key, addresses)}, {*references(bundle)}
    led = (one for one in reached if not one.startswith("#"))
    named = (one["fullUrl"] for one in bundle["entry"][1:])
    return {
        "spec-13: each reference leads to an entry": all(one in known for one in led),
        "spec-13: each entry is referred to": all({one, key(one)} & reached for one in named),
    }


def _claim_rules(claim: Json, bundle: Json) -> dict[str, bool]:
    """Profile claim (Claim.fsh)."""
    types = {key(one["fullUrl"]): one["resource"]["resourceType"] for one in bundle["entry"]}
    provider = claim["provider"].get("reference")
    codes = {one["code"] for one in claim["type"]["coding"]}
    diagnoses = [one["diagnosisCodeableConcept"]["coding"] for one in claim.get("diagnosis", [])]
    return {
        "status, use": (claim["status"], claim["use"]) == ("active", "preauthorization"),
        "PASIdentifier": all({"system", "value"} <= one.keys() for one in claim["identifier"]),
        "identifier 1..2": len(claim["identifier"]) in (1, 2),
        "type: ClaimTypes": codes <= {"institutional", "professional", "oral"},
        "insurer 1..1": types.get(claim["insurer"].get("reference")) == "Organization",
        "provider: organization or role": provider is None
        or types[provider] in ("Organization", "PractitionerRole"),
        "insurance.focal = true": [one["focal"] for one in claim["insurance"]] == [True],
        "related 0..0": "related" not in claim,
        "X12278DiagnosisCodes": all(
            coding["system"] == "http://hl7.org/fhir/sid/icd-10-cm"
            for one in diagnoses
            for coding in one
        ),
    }


def _item_rules(item: Json, claim: Json) -> dict[str, bool]:
    """Claim.item (Claim.fsh), PASQuantity."""
    urls = [one["url"].removeprefix(f"{PAS}/extension-") for one in item["extension"]]
    needed = {"serviceItemRequestType", "certificationType", "requestedService"}
    sequences = {one["sequence"] for one in claim.get("supportingInfo", [])}
    return {
        "requestType, certificationType 1..1": needed <= {*urls},
        "extensions 0..1": len(set(urls)) == len(urls),
        "category, location 1..1": {"category", "locationCodeableConcept"} <= item.keys(),
        "X12278RequestedServiceType": item["productOrService"]["coding"][0]["system"].endswith(
            PRODUCTS
        ),
        "PASQuantity: no code of another list": {*item.get("quantity", {})} <= {"value", "unit"},
        "informationSequence": {*item.get("informationSequence", [])} == sequences,
    }


def _information_rules(claim: Json, bundle: Json, version: Version) -> dict[str, bool]:
    """Claim.supportingInfo, slice AdditionalInformation; PASMedicationRequest (Request.fsh)."""
    information = claim.get("supportingInfo", [])
    resources = {key(one["fullUrl"]): one["resource"] for one in bundle["entry"]}
    pointed = [one["valueReference"]["reference"] for one in information]
    item = claim["item"][0]["extension"]
    order = next(one for one in item if one["url"].endswith("requestedService"))
    ordered = order["valueReference"]["reference"]
    supports = (
        address
        for address, one in resources.items()
        if one["resourceType"] not in PARTIES - {"Bundle"}
    )
    kinds = [
        [sub["url"] for each in one.get("extension", []) for sub in each["extension"]]
        for one in information
    ]
    requested = resources[ordered]
    return {
        "spec-20: the Claim names all of it": {*supports} <= {*pointed, ordered},
        "spec-22: sequences are unique": len({one["sequence"] for one in information})
        == len(information),
        "order: active, order": (requested["status"], requested["intent"]) == ("active", "order"),
        "2.2: types of supporting information": version == "2.1"
        or {resources[one]["resourceType"] for one in pointed} <= DIRECT,
        "2.2: documentInformation 1..1": version == "2.1"
        or all(one == ["reportTypeCode"] for one in kinds),
    }
