"""Finds resources that are replaced by a newer version of themselves, or deleted."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from service.fhir.elements import first_object, server_of, text
from service.fhir.supplied.bundle import (
    DELETED,
    PrefetchValue,
    entry_mark,
    is_elsewhere,
    type_and_id,
)
from service.fhir.supplied.prefetch import PrefetchedKey
from service.fhir.values.days import moment_of
from service.json_object import Json
from service.memo import IdentitySet

WEAK = "W/"
_NUMBER = re.compile(r"[0-9]{1,18}")
_VERSION = re.compile(r"/_history/([0-9]{1,18})/?$")


class ResourceVersion(NamedTuple):
    """One version of a resource (None if it was deleted), with version number and time of the update."""

    resource: Json | None
    number: int | None
    updated: datetime | None


def version_of(resource: Json, full_url: object = None, response: object = None) -> ResourceVersion:
    """A version; number and time come from its meta, else from its entry's URL or response."""
    meta, answer = first_object(resource.get("meta")), first_object(response)
    url = _VERSION.search(text(full_url) or "")
    given = (meta.get("versionId"), url[1] if url else None, answer.get("etag"))
    tag = next((tag_text for value in given if (tag_text := text(value))), None)
    updated = moment_of(meta.get("lastUpdated")) or moment_of(answer.get("lastModified"))
    return ResourceVersion(resource, number_of(tag), updated)


def number_of(tag: str | None) -> int | None:
    """The number of a version, plain or as an entity tag such as `W/"2"`; None if there is none."""
    bare = (tag or "").strip()
    bare = bare[len(WEAK) :] if bare.upper().startswith(WEAK) else bare
    bare = bare.strip().strip('"').strip()
    return int(bare) if _NUMBER.fullmatch(bare) else None


def newest(versions: Sequence[ResourceVersion]) -> ResourceVersion:
    """The newest version: by number if both have one, else by time of the update, else the last one."""
    best = versions[0]
    for version in versions[1:]:
        if not _is_older(version, best):
            best = version
    return best


def newer(one: Json, other: Json) -> Json:
    """The newer of two versions; the second one if that is unclear."""
    return one if _is_older(version_of(other), version_of(one)) else other


def _is_older(one: ResourceVersion, other: ResourceVersion) -> bool:
    if one.number is not None and other.number is not None and one.number != other.number:
        return one.number < other.number
    if one.updated is not None and other.updated is not None:
        return one.updated < other.updated
    return False


# Type, id and server of a resource; the server is None for the client's own.
Name = tuple[str, str, str | None]


class Superseded(NamedTuple):
    """The replaced resources, and newer versions that came under other keys."""

    gone: IdentitySet[Json]
    newer: Sequence[Json]


def superseded(supplies: Sequence[PrefetchedKey], home: str | None) -> Superseded | None:
    """The replaced resources; None if no resource came twice, which is the usual case."""
    wanted = _repeated_names(supplies)
    if not wanted:
        return None
    versions: defaultdict[Name, list[ResourceVersion]] = defaultdict(list)
    deleted: defaultdict[Name, list[ResourceVersion]] = defaultdict(list)
    listed: IdentitySet[Json] = IdentitySet()
    for supply in supplies:
        for (name, version), last in _versions(supply, wanted, home):
            (deleted if last else versions)[name].append(version)
            if version.resource is not None and name[0] == supply.source.type:
                listed.add(version.resource)
    gone: IdentitySet[Json] = IdentitySet()
    newer = []
    for name, same_name_versions in versions.items():
        best = newest([*same_name_versions, *deleted.get(name, ())]).resource
        older = (one.resource for one in same_name_versions if one.resource is not best)
        gone.update(resource for resource in older if resource is not None)
        if best is not None and best not in listed:
            newer.append(best)
    return Superseded(gone, newer)


def _repeated_names(supplies: Sequence[PrefetchedKey]) -> set[tuple[str, str]]:
    """Type and id of resources that came more than once or were deleted."""
    seen = {supply.source.type: supply.seen for supply in supplies}
    repeated = {(supply.source.type, id_) for supply in supplies for id_ in supply.repeated}
    beside = (resource for supply in supplies for _, resource in supply.supporting)
    for resource in beside:
        named, id_ = resource.get("resourceType"), resource.get("id")
        if isinstance(named, str) and isinstance(id_, str) and id_ in seen.get(named, ()):
            repeated.add((named, id_))
    return repeated | {name for supply in supplies for name in supply.deleted}


def _versions(
    supply: PrefetchedKey, wanted: set[tuple[str, str]], home: str | None
) -> Iterator[tuple[tuple[Name, ResourceVersion], bool]]:
    """The versions that one key supplied, oldest first as far as that is known.

    True beside a deletion: without number or time it counts as the last version.
    """
    delivered = supply.delivered or PrefetchValue(None, supply.source.type)
    history = delivered.newest_first
    for entry in reversed(delivered.entries) if history else delivered.entries:
        if not isinstance(entry, dict):
            continue
        is_deleted = entry_mark(entry) == DELETED
        named = type_and_id(entry, supply.source.type)
        if named is None or named not in wanted:
            continue
        where = server_of(text(entry.get("fullUrl")) or "") if is_elsewhere(entry, home) else None
        if is_deleted:
            yield ((*named, where), _deleted(entry)), not history
        elif isinstance(resource := entry.get("resource"), dict):
            yield ((*named, where), _version(entry, resource)), False


def _deleted(entry: Json) -> ResourceVersion:
    """A deletion, with number and time from the response or the resource."""
    response = first_object(entry.get("response"))
    own = _version(entry, first_object(entry.get("resource")))
    number = number_of(text(response.get("etag")))
    updated = moment_of(response.get("lastModified"))
    return ResourceVersion(None, own.number if number is None else number, updated or own.updated)


def _version(entry: Json, resource: Json) -> ResourceVersion:
    return version_of(resource, entry.get("fullUrl"), entry.get("response"))
