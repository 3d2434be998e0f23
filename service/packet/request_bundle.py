"""The Bundle of a request for prior authorization: the Claim, what it cites, and nothing else."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.json_object import Json
from service.library.lookups.claim_codes import ClaimCodes
from service.memo import IdentityMap, IdentitySet
from service.packet.bundle_references import (
    Address,
    BundleReferences,
    content_uuid,
    references_of_bundle,
)
from service.packet.case_to_send import CaseToSend
from service.packet.pas_claim import Information, Parties, Version, claim_of, left_open, profile

URI = "urn:ietf:rfc:3986"
# Parties to the request, which the Claim names by themselves.
PARTIES = ("Patient", "Coverage", "Practitioner", "PractitionerRole", "Organization", "Medication")


@dataclass(frozen=True)
class RequestBundle:
    """The Bundle, what the record leaves open, and the cited entries that were not sent."""

    resource: Json
    left_open: tuple[str, ...]
    not_sent: tuple[str, ...]


def request_bundle(case: CaseToSend, codes: ClaimCodes, version: Version) -> RequestBundle:
    """The request for one order, with ids that are the same for the same case."""
    cited, missing = _cited(case)
    insurer = case.insurer or _named_payer(case)
    provider = case.prescriber_role or _role(case)
    order = {**case.order, "status": "active"}
    resources = [order, case.patient, case.coverage, insurer, provider or {}, *cited]
    references = _references(case, [one for one in resources if one], order)
    supports = [one for one in cited if one["resourceType"] not in PARTIES]
    inside = [] if version == "2.1" else [one for one in supports if not _is_direct(codes, one)]
    nested, apart = _nested(references, inside) if inside else None, IdentitySet(inside)
    parties = Parties(
        references.to(case.patient),
        references.to(insurer),
        references.to(provider) if provider else None,
        references.to(case.coverage) if case.coverage else None,
        references.to(order),
    )
    information = [
        Information(one["resourceType"], references.to(one)) for one in supports if one not in apart
    ]
    if nested:
        information.append(Information("Bundle", {"reference": nested["fullUrl"]}))
    claim = claim_of(case, codes, version, parties, information)
    rest = [_entry(references, one) for one in references.addresses if one not in apart]
    resource = _bundle(case, claim, [*rest, *([nested] if nested else [])], version)
    return RequestBundle(resource, tuple(left_open(claim)), missing)


def _cited(case: CaseToSend) -> tuple[list[Json], tuple[str, ...]]:
    """The resources that the evidence names, without the order; and the names of those that were not sent."""
    names = dict.fromkeys(proof.reference or "" for proof in case.cited())
    found: IdentityMap[Json, bool] = IdentityMap()
    missing = []
    for name in names:
        resource = case.supplied.get(name)
        if resource is not None and resource is not case.order:
            found[resource] = True
        elif resource is None and not _is_inside(name, case.order):
            missing.append(name)
    return [*found], tuple(missing)


def _is_inside(name: str, order: Json) -> bool:
    """Whether a resource came inside the order, which is sent whole."""
    type_, _, id_ = name.partition("/")
    inside = order.get("contained")
    return isinstance(inside, list) and any(
        isinstance(one, dict)
        and (one.get("resourceType"), one.get("id")) in ((type_, id_), (type_, order.get("id")))
        for one in inside
    )


def _named_payer(case: CaseToSend) -> Json:
    """The payer as its document in the library names it."""
    return {"resourceType": "Organization", "active": True, "name": case.payer_name}


def _role(case: CaseToSend) -> Json | None:
    """A role that names the prescriber alone: the guide wants a role or an organization."""
    prescriber = case.prescriber
    if prescriber is None:
        return None
    return {
        "resourceType": "PractitionerRole",
        "practitioner": {"reference": f"Practitioner/{prescriber['id']}"},
    }


def _references(case: CaseToSend, resources: Iterable[Json], order: Json) -> BundleReferences:
    """All entries with their addresses; the order as it is sent stands for the draft."""
    references = references_of_bundle(case.supplied, case.case.record.home, resources)
    references.addresses[case.order] = references.addresses[order]
    return references


def _is_direct(codes: ClaimCodes, resource: Json) -> bool:
    return resource["resourceType"] in codes.direct


def _entry(references: BundleReferences, resource: Json) -> Json:
    address: Address = references.addresses[resource]
    return {"fullUrl": address.full_url, "resource": references.sent(resource)}


def _nested(references: BundleReferences, resources: Iterable[Json]) -> Json:
    """An entry that holds the resources to which PAS 2.2 lets no supporting information refer."""
    entries = [_entry(references, one) for one in resources]
    id_ = content_uuid("supporting", entries)
    bundle = {"resourceType": "Bundle", "id": id_, "type": "collection", "entry": entries}
    return {"fullUrl": f"urn:uuid:{id_}", "resource": bundle}


def _bundle(case: CaseToSend, claim: Json, entries: list[Json], version: Version) -> Json:
    """The whole Bundle, the Claim first; its moment is the day on which the order was judged."""
    drafts = _unique(entries)
    id_ = content_uuid("claim", claim, drafts)
    urn = f"urn:uuid:{id_}"
    named = {
        "resourceType": "Claim",
        "id": id_,
        **claim,
        "identifier": [{"system": URI, "value": urn}],
    }
    transaction = f"urn:uuid:{content_uuid('transaction', id_)}"
    return {
        "resourceType": "Bundle",
        "meta": {"profile": [profile("pas-request-bundle", version)]},
        "identifier": {"system": URI, "value": transaction},
        "type": "collection",
        "timestamp": f"{case.case.day.isoformat()}T00:00:00Z",
        "entry": [{"fullUrl": urn, "resource": named}, *drafts],
    }


def _unique(entries: Iterable[Json]) -> list[Json]:
    """The entries, each address once."""
    return [*_by_address(entries)]


def _by_address(entries: Iterable[Json]) -> Iterator[Json]:
    seen: set[str] = set()
    for entry in entries:
        if entry["fullUrl"] not in seen:
            seen.add(entry["fullUrl"])
            yield entry
