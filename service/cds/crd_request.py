"""What a request says to a Da Vinci CRD service: the version it speaks, and how it wants the answer."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from service.errors import RequestError

VERSION = "davinci-crd.requestedVersion"
CONFIGURATION = "davinci-crd.configuration"
PARTS_NAMED = 2  # a version is named by its first two parts: 2.0 for 2.0.1


@dataclass(frozen=True, slots=True)
class CrdRequest:
    """The version to answer in, and the options that were set, whatever they are."""

    version: str
    options: Mapping[str, object] = field(default_factory=dict)


def parse_crd_request(body: object, versions: Collection[str], default: str) -> CrdRequest:
    """The CRD part of a request; raises RequestError 422 for a version that is not answered.

    Whatever else is in the extension is ignored.
    """
    extension = body.get("extension") if isinstance(body, dict) else None
    given = extension if isinstance(extension, dict) else {}
    options = given.get(CONFIGURATION)
    return CrdRequest(
        _version(given.get(VERSION), versions, default),
        options if isinstance(options, dict) else {},
    )


def _version(asked: object, versions: Collection[str], default: str) -> str:
    if asked is None:
        return default
    # several are asked for by no client that is known; one alone in a list is meant
    if isinstance(asked, list) and len(asked) == 1:
        asked = asked[0]
    named = ".".join(asked.split(".")[:PARTS_NAMED]) if isinstance(asked, str) else None
    if named is None or named not in versions:
        answered = ", ".join(sorted(versions))
        message = f"extension.{VERSION}: this service answers versions {answered} of CRD"
        raise RequestError(422, "not-supported", message)
    return named
