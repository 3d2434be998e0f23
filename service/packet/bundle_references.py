"""Addresses of the resources in a Bundle, and the references between them: each one leads to an entry."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

import orjson

from service.fhir.elements import reference_parts, type_and_id
from service.json_object import Json
from service.memo import IdentityMap
from service.packet.supplied_resources import OF_OTHERS, SuppliedResources

# Of this project: ids that are made from a content are made in this namespace.
NAMESPACE = UUID("6f0c5c7e-3d0b-5b0e-9a54-0b0a3c1b7d11")
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_TYPE = re.compile(r"[A-Z][A-Za-z]{1,63}")


def content_uuid(*content: object) -> str:
    """An id that is the same for the same content, and for no other."""
    return str(uuid5(NAMESPACE, orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode()))


@dataclass(frozen=True)
class Address:
    """Where a resource stands in the Bundle (`full_url`), and what a reference to it says."""

    full_url: str
    reference: str


@dataclass(frozen=True)
class BundleReferences:
    """The resources of a Bundle with their addresses, in the order in which they were asked for.

    `base` is the address of the EHR's FHIR server; without it every address is a UUID.
    """

    supplied: SuppliedResources
    base: str | None
    addresses: IdentityMap[Json, Address]

    def to(self, resource: Json) -> Json:
        """A reference to a resource of the Bundle."""
        return {"reference": self.addresses[resource].reference}

    def sent(self, resource: Json) -> Json:
        """A resource as it is sent: each reference leads to an entry, or names what was not sent."""
        own = self.addresses[resource].full_url
        copy: Json = without_nothing(self._rewritten(resource, resource))
        if own.startswith("urn:") and not _is_id(copy.get("id")):
            copy.pop("id", None)
        return copy

    def _rewritten(self, value: Any, holder: Json) -> Any:
        if isinstance(value, list):
            return [self._rewritten(member, holder) for member in value]
        if not isinstance(value, dict):
            return value
        copy = {name: self._rewritten(member, holder) for name, member in value.items()}
        if isinstance(value.get("reference"), str):
            return self._led(value, copy, holder)
        return copy

    def _led(self, reference: Json, copy: Json, holder: Json) -> Json:
        """A reference that leads to an entry; else one by identifier, since its target is not sent."""
        written = reference["reference"]
        if written.startswith("#"):
            return copy
        target = self.supplied.find(reference, holder)
        if target is not None and target in self.addresses:
            return {**copy, **self.to(target)}
        del copy["reference"]
        copy.setdefault("identifier", self._identifier(written))
        type_, _ = reference_parts(written)
        return copy if type_ is None or not _TYPE.fullmatch(type_) else {"type": type_, **copy}

    def _identifier(self, written: str) -> Json:
        system = {} if self.base is None or "://" in written else {"system": self.base}
        return {**system, "value": written}


def references_of_bundle(
    supplied: SuppliedResources, base: str | None, resources: Iterable[Json]
) -> BundleReferences:
    """The resources, and the parties and products that they refer to, each with its address."""
    addresses: IdentityMap[Json, Address] = IdentityMap()
    waiting = [*resources]
    while waiting:
        resource = waiting.pop(0)
        if resource in addresses:
            continue
        addresses[resource] = _address(resource, base)
        waiting += _parties(supplied, resource)
    return BundleReferences(supplied, base, addresses)


def _address(resource: Json, base: str | None) -> Address:
    key = type_and_id(resource)
    if base is not None and key is not None and _is_id(resource.get("id")):
        return Address(f"{base}/{key}", key)
    urn = f"urn:uuid:{content_uuid(resource)}"
    return Address(urn, urn)


def _is_id(value: object) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _parties(supplied: SuppliedResources, resource: Json) -> Iterator[Json]:
    """Who and what a resource refers to, where that came as a resource of its own."""
    for reference in _references(resource):
        target = supplied.find(reference, resource)
        is_party = target is not None and target.get("resourceType") in OF_OTHERS
        if target is not None and is_party and not _is_contained(target, resource):
            yield target


def _is_contained(target: Json, resource: Json) -> bool:
    inside = resource.get("contained")
    return isinstance(inside, list) and any(one is target for one in inside)


def _references(value: object) -> Iterator[Json]:
    if isinstance(value, list):
        for member in value:
            yield from _references(member)
    elif isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value
        for member in value.values():
            yield from _references(member)


def without_nothing(value: Any) -> Any:
    """The same without members that are null or empty; a null in a list holds a place."""
    if isinstance(value, list):
        return [without_nothing(member) for member in value]
    if isinstance(value, dict):
        members = ((name, without_nothing(member)) for name, member in value.items())
        return {name: member for name, member in members if member not in (None, "", [], {})}
    return value
