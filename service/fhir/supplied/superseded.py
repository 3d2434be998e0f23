"""What a newer version of the same resource, or its deletion, takes the place of."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from service.fhir.elements import first_object, text
from service.fhir.reference import base
from service.fhir.supplied.bundle import Delivered
from service.fhir.supplied.bundle_entries import DELETED, is_elsewhere, name_of, what_is_said
from service.fhir.supplied.prefetch import Supply
from service.fhir.values.zone import moment_of
from service.json_object import Json
from service.memo import IdentitySet

WEAK = "W/"
_NUMBER = re.compile(r"[0-9]{1,18}")
_VERSION = re.compile(r"/_history/([0-9]{1,18})/?$")


class Version(NamedTuple):
    """A resource as it once was, or that it was deleted (None); with what tells its age."""

    resource: Json | None
    number: int | None
    updated: datetime | None


def version_of(resource: Json, full_url: object = None, response: object = None) -> Version:
    """A version with what its meta tells, or else the URL of its entry or the entry's response."""
    meta, said = first_object(resource.get("meta")), first_object(response)
    url = _VERSION.search(text(full_url) or "")
    given = (meta.get("versionId"), url[1] if url else None, said.get("etag"))
    tag = next((found for one in given if (found := text(one))), None)
    updated = moment_of(meta.get("lastUpdated")) or moment_of(said.get("lastModified"))
    return Version(resource, number_of(tag), updated)


def number_of(tag: str | None) -> int | None:
    """The number of a version, bare or as an entity tag writes it, as in `W/"2"`."""
    bare = (tag or "").strip()
    bare = bare[len(WEAK) :] if bare.upper().startswith(WEAK) else bare
    bare = bare.strip().strip('"').strip()
    return int(bare) if _NUMBER.fullmatch(bare) else None


def newest(versions: Sequence[Version]) -> Version:
    """By number where both have one, else by the time of the update, else the last that came."""
    found = versions[0]
    for one in versions[1:]:
        if not _is_older(one, found):
            found = one
    return found


def newer(one: Json, other: Json) -> Json:
    """The newer of two versions; the one that came later where nothing tells."""
    return one if _is_older(version_of(other), version_of(one)) else other


def _is_older(one: Version, other: Version) -> bool:
    if one.number is not None and other.number is not None and one.number != other.number:
        return one.number < other.number
    if one.updated is not None and other.updated is not None:
        return one.updated < other.updated
    return False


# Type, id and the server that the id is one of; None is the client's own.
Name = tuple[str, str, str | None]


class Superseded(NamedTuple):
    """The resources that count no more, and newer ones that came beside other keys."""

    gone: IdentitySet[Json]
    newer: Sequence[Json]


def superseded(supplies: Sequence[Supply], home: str | None) -> Superseded | None:
    """Looked for only where something came again: the usual record has each resource once."""
    wanted = _come_again(supplies)
    if not wanted:
        return None
    versions: defaultdict[Name, list[Version]] = defaultdict(list)
    deleted: defaultdict[Name, list[Version]] = defaultdict(list)
    listed: IdentitySet[Json] = IdentitySet()
    for supply in supplies:
        for (name, version), last in _versions(supply, wanted, home):
            (deleted if last else versions)[name].append(version)
            if version.resource is not None and name[0] == supply.source.type:
                listed.add(version.resource)
    gone: IdentitySet[Json] = IdentitySet()
    newer = []
    for name, found in versions.items():
        best = newest([*found, *deleted.get(name, ())]).resource
        others = (one.resource for one in found if one.resource is not best)
        gone.update(one for one in others if one is not None)
        if best is not None and best not in listed:
            newer.append(best)
    return Superseded(gone, newer)


def _come_again(supplies: Sequence[Supply]) -> set[tuple[str, str]]:
    """Type and id of what came more than once, under its key or beside another, or was deleted."""
    seen = {supply.source.type: supply.seen for supply in supplies}
    found = {(supply.source.type, id_) for supply in supplies for id_ in supply.repeated}
    beside = (resource for supply in supplies for _, resource in supply.supporting)
    for resource in beside:
        named, id_ = resource.get("resourceType"), resource.get("id")
        if isinstance(named, str) and isinstance(id_, str) and id_ in seen.get(named, ()):
            found.add((named, id_))
    return found | {name for supply in supplies for name in supply.deleted}


def _versions(
    supply: Supply, wanted: set[tuple[str, str]], home: str | None
) -> Iterator[tuple[tuple[Name, Version], bool]]:
    """The versions that one key brought, in the order of their age as far as that is told.

    True beside one that was deleted: without a number or a time it is the last.
    """
    delivered = supply.delivered or Delivered(None, supply.source.type)
    history = delivered.newest_first
    for entry in reversed(delivered.entries) if history else delivered.entries:
        if not isinstance(entry, dict):
            continue
        is_deleted = what_is_said(entry) == DELETED
        named = name_of(entry, supply.source.type)
        if named is None or named not in wanted:
            continue
        where = base(text(entry.get("fullUrl")) or "") if is_elsewhere(entry, home) else None
        if is_deleted:
            yield ((*named, where), _deleted(entry)), not history
        elif isinstance(resource := entry.get("resource"), dict):
            yield ((*named, where), _version(entry, resource)), False


def _deleted(entry: Json) -> Version:
    """A deletion, as old as the response or the resource itself says."""
    response = first_object(entry.get("response"))
    own = _version(entry, first_object(entry.get("resource")))
    number = number_of(text(response.get("etag")))
    updated = moment_of(response.get("lastModified"))
    return Version(None, own.number if number is None else number, updated or own.updated)


def _version(entry: Json, resource: Json) -> Version:
    return version_of(resource, entry.get("fullUrl"), entry.get("response"))
