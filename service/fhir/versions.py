"""Which of several versions of one resource is the newest."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from service.fhir.elements import Json, text
from service.fhir.zone import moment_of

_NUMBER = re.compile(r"[0-9]{1,18}")
_VERSION = re.compile(r"/_history/([0-9]{1,18})/?$")


class Version(NamedTuple):
    """A resource as it once was, or that it was deleted (None); with what tells its age."""

    resource: Json | None
    number: int | None
    updated: datetime | None


def version_of(resource: Json, full_url: object = None) -> Version:
    """A version with what its meta tells, or else the URL of its entry."""
    meta = resource.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    number, found = text(meta.get("versionId")), _VERSION.search(text(full_url) or "")
    if number is None and found:
        number = found[1]
    plain = number is not None and _NUMBER.fullmatch(number)
    return Version(
        resource, int(number) if number and plain else None, moment_of(meta.get("lastUpdated"))
    )


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
