"""Packets of recorded requests, and what stands in their Bundles."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from support.order_stories import CLAIMS_HELD, FIXTURES, advised

from service.advise import Rendered
from service.facts.client import Client
from service.packet.case_to_send import CaseToSend
from service.packet.packet_files import Packet, packet_of
from service.packet.pas_claim import Version
from service.packet.supplied_resources import supplied_with

Json = dict[str, Any]
PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition"
NAMES = [path.stem for path in sorted(FIXTURES.glob("*.json"))]
WITHOUT = {
    "coverage-not-sent",
    "csu-order",
    "order-text-only",
    "other-payer",
    "select-another-order",
    "state-health-plan",
}
JUDGED = [name for name in NAMES if name not in WITHOUT]
# Who and what cited entries refer to; what a Claim names by itself.
PARTIES = {
    *("Claim", "Patient", "Coverage", "Organization", "Practitioner", "PractitionerRole"),
    *("Location", "Medication", "Bundle"),
}


def body_of(name: str) -> Json:
    """A recorded request, to be changed."""
    read: Json = orjson.loads((FIXTURES / f"{name}.json").read_bytes())
    return read


def order_of(name: str | Json, client: Client = CLAIMS_HELD) -> Rendered:
    """The first order of a recorded request, or of a changed one."""
    return advised(orjson.dumps(name) if isinstance(name, dict) else name, client)


def case_of(name: str | Json) -> CaseToSend:
    """The case of a request that a policy judges."""
    order = order_of(name)
    visit, policy = order.judgement.visit, order.judgement.assessment.policy
    assert policy is not None
    return CaseToSend(visit.library, order, policy, supplied_with(visit.request, visit.record))


def packet(name: str | Json, version: Version = "2.1") -> Packet:
    """The packet of a recorded request, or of a changed one."""
    made = packet_of(order_of(name), version)
    assert made is not None
    return made


@cache
def recorded_packet(name: str, version: Version = "2.1") -> Packet:
    """The packet of a recorded request, made once."""
    return packet(name, version)


def bundle_of(made: Packet) -> Json:
    """The request of a packet."""
    assert made.request is not None
    return made.request.resource


def file_of(made: Packet, name: str) -> bytes:
    """One file of a packet."""
    return made.files()[name]()


def entries(bundle: Json) -> Iterator[Json]:
    """The entries of a Bundle, and of a Bundle in it."""
    for entry in bundle["entry"]:
        yield entry
        if entry["resource"]["resourceType"] == "Bundle":
            yield from entries(entry["resource"])


def references(value: Any) -> Iterator[str]:
    """Every literal reference in a value."""
    if isinstance(value, list):
        for member in value:
            yield from references(member)
    elif isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for member in value.values():
            yield from references(member)


def key(full_url: str) -> str:
    """`Type/id` of an address at a server; a UUID as it is."""
    return full_url if full_url.startswith("urn:") else "/".join(full_url.rsplit("/", 2)[1:])


def empty(value: Any, place: str = "") -> Iterator[str]:
    """Every member that is null or empty."""
    if value in (None, "", [], {}):
        yield place
    members = enumerate(value) if isinstance(value, list) else ()
    named = value.items() if isinstance(value, dict) else members
    for name, member in named:
        yield from empty(member, f"{place}.{name}")


def written(folder: Path, name: str, body: Json) -> Path:
    """A request in a file."""
    place = folder / name
    place.write_bytes(orjson.dumps(body))
    return place
