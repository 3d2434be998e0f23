"""Which of several versions of one resource is the newest."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from service.fhir.elements import first_object, text
from service.fhir.values.zone import moment_of
from service.json_object import Json

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
